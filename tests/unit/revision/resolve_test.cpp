#include <migrate/revision/target.hpp>

#include <fmt/format.h>

#include "support/catch.hpp"

#include "plain_text.hpp"
#include "small_graph.hpp"

using namespace migrate;
using namespace migrate::revision;
using namespace migrate::test;

namespace {

const std::string hex =
    "3f9a1c2b7d10\n3f9a77000000 <- 3f9a1c2b7d10 @billing\n8a1d2e3f4b5c <- 3f9a77000000\n8a1d <- 8a1d2e3f4b5c\n";

std::string resolved(const std::string& lines, std::string_view target, std::string_view at = "") {
  const auto graph = graph_of(lines);
  const auto nodes = resolve(graph, applied_at(graph, at), parse_target(target).value());
  return nodes ? ids(graph, *nodes) : nodes.error().diagnostics.front().id;
}

std::string complaint(const std::string& lines, std::string_view target, std::string_view at = "") {
  const auto graph = graph_of(lines);
  const auto nodes = resolve(graph, applied_at(graph, at), parse_target(target).value());
  return nodes ? ids(graph, *nodes) : plain(nodes.error().diagnostics);
}

std::string stamped(const std::string& lines, std::string_view at, const std::vector<std::string>& names) {
  const auto graph = graph_of(lines);
  std::vector<Target> targets;
  for (const auto& name : names) targets.push_back(parse_target(name).value());
  const auto set = plan_stamp(graph, applied_at(graph, at), targets);
  return set ? ids(graph, *set) : set.error().diagnostics.front().id;
}

std::string ranged(const std::string& lines, std::string_view range, std::string_view at = "") {
  const auto graph = graph_of(lines);
  const auto nodes = resolve_range(graph, applied_at(graph, at), parse_target_range(range).value());
  return nodes ? ids(graph, *nodes) : plain(nodes.error().diagnostics);
}

}  // namespace

TEST_CASE("symbols name heads, bases and where the database is") {
  CHECK(resolved(two_branches, "heads") == "bill3 cart2");
  CHECK(resolved(two_branches, "head") == "multiple-heads");
  CHECK(resolved(two_branches, "cart@head") == "cart2");
  CHECK(resolved(two_branches, "trunk1@heads") == "bill3 cart2");
  CHECK(resolved(two_branches, "base") == "");
  CHECK(resolved(two_branches, "cart@base") == "");
  CHECK(resolved(two_branches, "current") == "");
  CHECK(resolved(two_branches, "current", "cart1 bill2") == "bill2 cart1");
  CHECK(resolved(two_branches, "bill@current", "cart1 bill2") == "bill2");
  CHECK(resolved(dependent, "heads") == "core3 shop3");
  CHECK(resolved(dependent, "current", "shop3") == "shop3");
}

TEST_CASE("an id goes before a label, and a whole name before a beginning") {
  CHECK(resolved(hex, "3f9a1c2b7d10") == "3f9a1c2b7d10");
  CHECK(resolved(hex, "3f9a1") == "3f9a1c2b7d10");
  CHECK(resolved(hex, "8a1d") == "8a1d");
  CHECK(resolved(hex, "8a1d2") == "8a1d2e3f4b5c");
  CHECK(resolved(hex, "billing") == "3f9a77000000");
  CHECK(resolved(hex, "bill") == "3f9a77000000");
  CHECK(resolved(hex, "3f9a") == "ambiguous-revision");
  CHECK(resolved(hex, "3f9a1@head") == "8a1d");
}

TEST_CASE("an id and a label of the same beginning are no two meanings if they are one revision") {
  CHECK(resolved("cart_a1 @cart_b1\nother\n", "cart") == "cart_a1");
}

TEST_CASE("on a branch only its own revisions compete for a beginning") {
  const std::string lines = "root\nab1111 <- root @left\nab2222 <- root @right\n";
  CHECK(resolved(lines, "ab11") == "ab1111");
  CHECK(resolved("root\nabcd11 <- root @left\nabcd22 <- root @right\n", "left@abcd") == "abcd11");
  CHECK(resolved("root\nabcd11 <- root @left\nabcd22 <- root @right\n", "abcd") == "ambiguous-revision");
}

TEST_CASE("numbers name the revision so many steps away") {
  CHECK(resolved(two_branches, "cart2-1") == "cart1");
  CHECK(resolved(two_branches, "cart2-4") == "");
  CHECK(resolved(two_branches, "trunk1+1") == "trunk2");
  CHECK(resolved(two_branches, "bill@trunk1+3") == "bill2");
  CHECK(resolved(two_branches, "bill@head-1") == "bill2");
  CHECK(resolved(two_branches, "-1", "bill2") == "bill1");
  CHECK(resolved(two_branches, "+1", "bill2") == "bill3");
  CHECK(resolved(two_branches, "cart@-1", "bill2 cart2") == "cart1");
}

TEST_CASE("an unknown revision is told what it may have been") {
  CHECK(complaint(hex, "3f9a1c2b7d11") ==
        "unknown-revision: there is no revision or label `3f9a1c2b7d11`\n"
        "  help: did you mean `3f9a1c2b7d10`?\n");
  CHECK(complaint(hex, "haed") ==
        "unknown-revision: there is no revision or label `haed`\n"
        "  help: did you mean `head`?\n");
  CHECK(complaint(hex, "nothing_of_the_kind") ==
        "unknown-revision: there is no revision or label `nothing_of_the_kind`\n"
        "  help: `migrate history` lists all there are; is its file in the migrations folder?\n");
  CHECK(complaint(hex, "3f9") ==
        "unknown-revision: there is no revision or label `3f9`\n"
        "  found: 3f9a1c2b7d10  add 3f9a1c2b7d10\n"
        "  found: 3f9a77000000  add 3f9a77000000 [billing]\n"
        "  help: write at least 4 characters of an id or label\n");
}

TEST_CASE("an ambiguous beginning lists what begins so") {
  CHECK(complaint(hex, "3f9a") ==
        "ambiguous-revision: `3f9a` is the beginning of 2 revisions\n"
        "  found: 3f9a1c2b7d10  add 3f9a1c2b7d10\n"
        "  found: 3f9a77000000  add 3f9a77000000 [billing]\n"
        "  help: write more of the id\n");
  CHECK(resolved(hex, "3f9a@head") == "ambiguous-revision");
  std::string many;
  for (int i = 10; i < 25; ++i) many += fmt::format("abcd{}\n", i);
  const auto text = complaint(many, "abcd");
  CHECK(text.find("abcd19") != std::string::npos);
  CHECK(text.find("abcd20") == std::string::npos);
  CHECK(text.find("  found: and 5 more\n") != std::string::npos);
}

TEST_CASE("an unknown branch is told which there are") {
  CHECK(complaint(two_branches, "crat@head") ==
        "no-such-branch: there is no branch `crat`\n"
        "  help: did you mean `cart`?\n");
  CHECK(complaint(two_branches, "accounts@head") ==
        "no-such-branch: there is no branch `accounts`\n"
        "  help: branches are `bill` or `cart`, or a revision's id\n");
  CHECK(complaint("aaaa\n", "accounts@head") ==
        "no-such-branch: there is no branch `accounts`\n"
        "  help: no revision has a label; write a revision's id before `@`, or give one a label: `-- Branch Labels: "
        "NAME`\n");
}

TEST_CASE("a revision that is not on the branch says so") {
  CHECK(complaint(two_branches, "cart@bill2") ==
        "not-on-branch: revision `bill2` is not on branch `cart`\n"
        "  found: bill2  add bill2\n"
        "  help: leave `cart@` out, or name a revision of that branch: `cart@head`\n");
  CHECK(resolved(two_branches, "cart@trunk1") == "trunk1");
}

TEST_CASE("a stamp says that the database has the target, and nothing that follows it") {
  CHECK(stamped(two_branches, "", {"bill2"}) == "bill1 bill2 trunk1 trunk2");
  CHECK(stamped(two_branches, "bill3", {"bill1"}) == "bill1 trunk1 trunk2");
  CHECK(stamped(two_branches, "bill3", {"cart1"}) == "bill1 bill2 bill3 cart1 trunk1 trunk2");
  CHECK(stamped(two_branches, "bill3 cart2", {"cart1"}) == "bill1 bill2 bill3 cart1 trunk1 trunk2");
  CHECK(stamped(two_branches, "bill3 cart2", {"trunk1"}) == "trunk1");
  CHECK(stamped(two_branches, "bill3 cart2", {"base"}) == "");
  CHECK(stamped(two_branches, "", {"heads"}) == "bill1 bill2 bill3 cart1 cart2 trunk1 trunk2");
  CHECK(stamped(two_branches, "", {"head"}) == "multiple-heads");
  CHECK(stamped(two_branches, "cart1", {"current"}) == "cart1 trunk1 trunk2");
  CHECK(stamped(two_branches, "bill3", {"gone"}) == "unknown-revision");
}

TEST_CASE("a stamp with several targets has all of them") {
  CHECK(stamped(two_branches, "", {"cart1", "bill1"}) == "bill1 cart1 trunk1 trunk2");
  CHECK(stamped(two_branches, "cart2 bill3", {"cart1", "bill1"}) == "bill1 cart1 trunk1 trunk2");
  CHECK(stamped(two_branches, "cart2", {"base", "bill1"}) == "bill1 trunk1 trunk2");
}

TEST_CASE("a stamp of a branch's base leaves the trunk to the others") {
  CHECK(stamped(two_branches, "bill3 cart2", {"cart@base"}) == "bill1 bill2 bill3 trunk1 trunk2");
  CHECK(stamped(two_branches, "cart2", {"cart@base"}) == "");
  CHECK(stamped(dependent, "core3 shop3", {"shop@base"}) == "core1 core2 core3");
  CHECK(stamped(dependent, "core3 shop3", {"core@base"}) == "shop1");
}

TEST_CASE("a stamp has what its target depends on, and takes away what depends on what goes") {
  CHECK(stamped(dependent, "", {"shop2"}) == "core1 core2 shop1 shop2");
  CHECK(stamped(dependent, "core3 shop3", {"core1"}) == "core1 shop1");
  CHECK(stamped(dependent, "core3 shop3", {"core2"}) == "core1 core2 shop1 shop2 shop3");
  CHECK(stamped(dependent, "core3 shop3", {"shop1"}) == "core1 core2 core3 shop1");
}

TEST_CASE("a stamp by a number ends where an upgrade or downgrade by it would") {
  CHECK(stamped(two_branches, "bill3", {"-2"}) == "bill1 trunk1 trunk2");
  CHECK(stamped(two_branches, "trunk1", {"+1"}) == "trunk1 trunk2");
  CHECK(stamped(two_branches, "trunk2", {"cart@+1"}) == "cart1 trunk1 trunk2");
  CHECK(stamped("aaaa\nbbbb\nmmmm <- aaaa bbbb\n", "mmmm", {"-1"}) == "aaaa bbbb");
}

TEST_CASE("a range goes from its older end, included, to its newer one") {
  CHECK(ranged(two_branches, "base:heads") == "trunk1 trunk2 bill1 bill2 bill3 cart1 cart2");
  CHECK(ranged(two_branches, ":") == "trunk1 trunk2 bill1 bill2 bill3 cart1 cart2");
  CHECK(ranged(two_branches, "trunk2:cart2") == "trunk2 cart1 cart2");
  CHECK(ranged(two_branches, "bill2:bill2") == "bill2");
  CHECK(ranged(two_branches, "bill2:") == "bill2 bill3");
  CHECK(ranged(two_branches, ":cart1") == "trunk1 trunk2 cart1");
  CHECK(ranged(two_branches, "current:cart@head", "trunk2") == "trunk2 cart1 cart2");
  CHECK(ranged(two_branches, ":current", "cart1") == "trunk1 trunk2 cart1");
  CHECK(ranged(two_branches, "base:base") == "");
}

TEST_CASE("dependencies come into a range that goes from base, not into a line between two revisions") {
  CHECK(ranged(dependent, ":shop3") == "core1 core2 shop1 shop2 shop3");
  CHECK(ranged(dependent, "shop1:shop3") == "shop1 shop2 shop3");
}

TEST_CASE("where only a dependency joins the ends of a range, the way goes over it") {
  const std::string lines = "root1\ncore1 <- root1\nbill1 <- root1 ~core1\nbill2 <- bill1\n";
  CHECK(ranged(lines, "core1:bill2") == "core1 bill1 bill2");
  CHECK(ranged(lines, "root1:bill2") == "root1 core1 bill1 bill2");
  CHECK(ranged(lines, "bill1:bill2") == "bill1 bill2");
}

TEST_CASE("a number in a range counts from the other end, and stops where the history does") {
  CHECK(ranged(two_branches, "-1:cart2") == "cart1 cart2");
  CHECK(ranged(two_branches, "-1:current", "bill2") == "bill1 bill2");
  CHECK(ranged(two_branches, "-9:cart1") == "trunk1 trunk2 cart1");
  CHECK(ranged(two_branches, "bill1:+1") == "bill1 bill2");
  CHECK(ranged(two_branches, "bill1:+9") == "bill1 bill2 bill3");
  CHECK(ranged(two_branches, ":+2") == "trunk1 trunk2");
  CHECK(ranged(two_branches, "base:+2") == "trunk1 trunk2");
  CHECK(ranged(two_branches, "base:cart@+3") == "trunk1 trunk2 cart1");
  CHECK(ranged(two_branches, "current:+1") == "trunk1");
  CHECK(ranged(two_branches, "-3:base") == "");
  CHECK(ranged(two_branches, "-1:") == "bill2 bill3 cart1 cart2");
  CHECK(ranged(two_branches, "cart@-1:heads") == "cart1 cart2");
  CHECK(ranged(two_branches, "cart2-1:cart2") == "cart1 cart2");
  CHECK(ranged(two_branches, "-1:+1") ==
        "invalid-range: both ends of `-1:+1` count from the other\n"
        "  help: name one of them, for example `-3:current`\n");
}

TEST_CASE("a range from a branch's base stays on the branch") {
  CHECK(ranged(two_branches, "cart@base:heads") == "trunk1 trunk2 cart1 cart2");
  CHECK(ranged(dependent, "shop@base:shop3") == "shop1 shop2 shop3");
}

TEST_CASE("the ends of a range stand on one line") {
  CHECK(ranged(two_branches, "bill1:cart2") ==
        "not-ancestor: no way leads up from `bill1` to `cart2`\n"
        "  help: both ends of a range stand on one line of descent\n");
  CHECK(ranged(two_branches, "cart2:trunk1") ==
        "not-ancestor: no way leads up from `cart2` to `trunk1`\n"
        "  help: the older end comes first: trunk1:cart2\n");
  CHECK(ranged(two_branches, "cart2:base") ==
        "not-ancestor: no way leads up from `cart2` to base\n"
        "  help: the older end comes first: base:cart2\n");
}
