#include <migrate/revision/target.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"
#include "small_graph.hpp"

using namespace migrate;
using namespace migrate::revision;
using namespace migrate::test;

namespace {

/// The steps of an upgrade, or the error's id.
std::string steps(const Graph& graph, const Graph::Set& applied, std::string_view target) {
  const auto plan = plan_upgrade(graph, applied, parse_target(target).value());
  return plan ? ids(graph, plan->steps) : plan.error().diagnostics.front().id;
}

std::string steps(const std::string& lines, std::string_view at, std::string_view target) {
  const auto graph = graph_of(lines);
  return steps(graph, applied_at(graph, at), target);
}

std::string complaint(const std::string& lines, std::string_view at, std::string_view target) {
  const auto graph = graph_of(lines);
  const auto plan = plan_upgrade(graph, applied_at(graph, at), parse_target(target).value());
  return plan ? ids(graph, plan->steps) : plain(plan.error().diagnostics);
}

}  // namespace

TEST_CASE("an upgrade of a line goes from where the database is to the target") {
  CHECK(steps(line, "", "head") == "aaaa bbbb cccc dddd eeee");
  CHECK(steps(line, "", "heads") == "aaaa bbbb cccc dddd eeee");
  CHECK(steps(line, "bbbb", "head") == "cccc dddd eeee");
  CHECK(steps(line, "bbbb", "dddd") == "cccc dddd");
  CHECK(steps(line, "eeee", "head") == "");
  CHECK(steps(line, "cccc", "cccc") == "");
  CHECK(steps(line, "cccc", "current") == "");
}

TEST_CASE("an upgrade by a number counts from the current revision or the one that is named") {
  CHECK(steps(line, "", "+1") == "aaaa");
  CHECK(steps(line, "", "+5") == "aaaa bbbb cccc dddd eeee");
  CHECK(steps(line, "bbbb", "+2") == "cccc dddd");
  CHECK(steps(line, "aaaa", "bbbb+2") == "bbbb cccc dddd");
  CHECK(steps(line, "aaaa", "dddd-1") == "bbbb cccc");
  CHECK(steps(line, "aaaa", "head-1") == "bbbb cccc dddd");
  CHECK(steps(line, "bbbb", "current+1") == "cccc");
  CHECK(steps(line, "", "base+2") == "aaaa bbbb");
}

TEST_CASE("an empty history has nothing to upgrade to") {
  CHECK(steps("", "", "head") == "");
  CHECK(steps("", "", "heads") == "");
  CHECK(steps("", "", "base") == "");
  CHECK(steps("", "", "+1") == "walked-too-far");
}

TEST_CASE("a branch is upgraded alone, with its trunk") {
  CHECK(steps(two_branches, "", "cart@head") == "trunk1 trunk2 cart1 cart2");
  CHECK(steps(two_branches, "cart2", "bill@head") == "bill1 bill2 bill3");
  CHECK(steps(two_branches, "cart1", "heads") == "bill1 bill2 bill3 cart2");
  CHECK(steps(two_branches, "", "cart@heads") == "trunk1 trunk2 cart1 cart2");
  CHECK(steps(two_branches, "", "cart") == "trunk1 trunk2 cart1");
  CHECK(steps(two_branches, "", "bill2@head") == "trunk1 trunk2 bill1 bill2 bill3");
  CHECK(steps(two_branches, "", "bill@bill2") == "trunk1 trunk2 bill1 bill2");
  CHECK(steps(two_branches, "", "cart@bill2") == "not-on-branch");
}

TEST_CASE("a number on a branch counts along that branch") {
  CHECK(steps(two_branches, "trunk2", "bill@+1") == "bill1");
  CHECK(steps(two_branches, "trunk1", "bill@+2") == "trunk2 bill1");
  CHECK(steps(two_branches, "cart2 bill1", "bill@+1") == "bill2");
  CHECK(steps(two_branches, "cart2", "bill@+2") == "bill1 bill2");
  CHECK(steps(two_branches, "", "bill@+3") == "trunk1 trunk2 bill1");
  CHECK(steps(two_branches, "trunk2", "bill@trunk2+2") == "bill1 bill2");
  CHECK(steps(two_branches, "bill3", "bill@+1") == "walked-too-far");
}

TEST_CASE("dependencies are pulled in, and come first") {
  CHECK(steps(dependent, "", "shop@head") == "core1 core2 shop1 shop2 shop3");
  CHECK(steps(dependent, "core3", "shop@head") == "shop1 shop2 shop3");
  CHECK(steps(dependent, "", "core@head") == "core1 core2 core3");
  CHECK(steps(dependent, "shop1", "shop@+1") == "core1 core2 shop2");
  // core2 has no row of its own then, but the branch goes on from it.
  CHECK(steps(dependent, "shop3", "core@+1") == "core3");
  CHECK(steps(dependent, "shop3", "heads") == "core3");
}

TEST_CASE("a head that is only a dependency is a head by name, and not one of all heads") {
  const std::string lines = "core1 @core\nshop1 @shop ~core1\n";
  CHECK(steps(lines, "", "heads") == "core1 shop1");
  CHECK(steps(lines, "", "head") == "multiple-heads");
  CHECK(steps(lines, "shop1", "core@head") == "");
  CHECK(steps(lines, "shop1", "core@+1") == "walked-too-far");
}

TEST_CASE("merges need both sides") {
  CHECK(steps(diamond, "", "head") == "aaaa bbbb cccc mmmm nnnn");
  CHECK(steps(diamond, "cccc", "mmmm") == "bbbb mmmm");
  CHECK(steps(diamond, "bbbb cccc", "head") == "mmmm nnnn");
  CHECK(steps(diamond, "bbbb", "+1") == "cccc mmmm");
}

TEST_CASE("three ways are merged as two are") {
  const std::string lines = "aaaa\nbbbb <- aaaa\ncccc <- aaaa\ndddd <- aaaa\nmmmm <- bbbb cccc dddd\n";
  CHECK(steps(lines, "cccc", "head") == "bbbb dddd mmmm");
  CHECK(steps(lines, "aaaa", "+1") == "ambiguous-walk");
  CHECK(steps(lines, "cccc", "+1") == "bbbb dddd mmmm");
}

TEST_CASE("a parent that was inserted after its child was applied is run") {
  const auto graph = graph_of(line);
  CHECK(steps(graph, exactly(graph, "aaaa bbbb dddd"), "head") == "cccc eeee");
  CHECK(steps(graph, exactly(graph, "bbbb"), "bbbb") == "aaaa");
  CHECK(steps(graph, exactly(graph, "aaaa cccc"), "current") == "bbbb");
  CHECK(steps(graph, exactly(graph, "aaaa cccc"), "bbbb") == "bbbb");
}

TEST_CASE("a target below the current revision says that it is for a downgrade") {
  const std::string expected =
      "target-below-current: `bbbb` is below the current revision\n"
      "  current: dddd  add dddd\n"
      "  help: to undo what is above it, use `migrate downgrade bbbb`\n"
      "  help: to apply what is missing, use `migrate upgrade heads`\n";
  CHECK(complaint(line, "dddd", "bbbb") == expected);
  CHECK(steps(line, "dddd", "base") == "target-below-current");
  CHECK(steps(line, "dddd", "head-2") == "target-below-current");
  CHECK(steps(two_branches, "bill3", "cart@base") == "target-below-current");
  CHECK(steps(line, "", "base") == "");
  CHECK(complaint(line, "dddd", "-1") ==
        "target-below-current: `-1` goes down, and an upgrade only goes up\n"
        "  help: use `migrate downgrade -1`\n");
}

TEST_CASE("several heads are named, with ways to name one") {
  CHECK(complaint(two_branches, "", "head") ==
        "multiple-heads: `head` needs one head, but the history has 2 heads\n"
        "  head: bill3  add bill3\n"
        "  head: cart2  add cart2\n"
        "  help: name one: `bill@head` or `cart@head`\n"
        "  help: all of them: `heads`\n"
        "  help: or make them one: migrate merge heads\n");
  CHECK(complaint(two_branches, "", "trunk1@head") ==
        "multiple-heads: `trunk1@head` needs one head, but branch `trunk1` has 2 heads\n"
        "  head: bill3  add bill3\n"
        "  head: cart2  add cart2\n"
        "  help: name one: `bill@head` or `cart@head`\n"
        "  help: all of them: `trunk1@heads`\n"
        "  help: or make them one: migrate merge trunk1@heads\n");
  CHECK(complaint("aaaa @shop\nbbbb <- aaaa\ncccc <- aaaa\n", "", "heads-1") ==
        "multiple-heads: `heads-1` needs one head, but the history has 2 heads\n"
        "  head: bbbb  add bbbb\n"
        "  head: cccc  add cccc\n"
        "  help: name one: `bbbb` or `cccc`\n"
        "  help: or make them one: migrate merge heads\n");
}

TEST_CASE("a head that another branch depends on is not offered for a merge, and has nothing above it") {
  CHECK(complaint("core1\nshop1 ~core1\n", "", "head") ==
        "multiple-heads: `head` needs one head, but the history has 2 heads\n"
        "  head: core1  add core1\n"
        "  head: shop1  add shop1\n"
        "  help: name one: `core1` or `shop1`\n"
        "  help: all of them: `heads`\n");
  CHECK(complaint("core1\nshop1\nshop2 <- shop1\n", "core1 shop1", "+1") ==
        "ambiguous-relative-target: `+1` counts from the current revision, and there are 2\n"
        "  current: core1  add core1\n"
        "  current: shop1  add shop1\n"
        "  help: name one: `shop1+1`\n");
  CHECK(complaint("core1\nshop1\n", "core1 shop1", "+1") ==
        "ambiguous-relative-target: `+1` counts from the current revision, and there are 2\n"
        "  current: core1  add core1\n"
        "  current: shop1  add shop1\n"
        "  help: no revision follows any of them\n");
}

TEST_CASE("a number with several current revisions asks which") {
  CHECK(complaint(two_branches, "cart1 bill1", "+1") ==
        "ambiguous-relative-target: `+1` counts from the current revision, and there are 2\n"
        "  current: bill1  add bill1 [bill]\n"
        "  current: cart1  add cart1 [cart]\n"
        "  help: name one: `bill@+1` or `cart@+1`\n");
  CHECK(complaint("aaaa\nbbbb <- aaaa\ncccc <- aaaa\nbbb2 <- bbbb\nccc2 <- cccc\n", "bbbb cccc", "current+2") ==
        "ambiguous-relative-target: `current+2` counts from the current revision, and there are 2\n"
        "  current: bbbb  add bbbb\n"
        "  current: cccc  add cccc\n"
        "  help: name one: `bbbb+2` or `cccc+2`\n");
}

TEST_CASE("a walk that comes to a fork asks which way") {
  CHECK(complaint(two_branches, "trunk1", "+3") ==
        "ambiguous-walk: `+3` is ambiguous: 2 revisions follow `trunk2`\n"
        "  found: bill1  add bill1 [bill]\n"
        "  found: cart1  add cart1 [cart]\n"
        "  help: name one: `bill@+3` or `cart@+3`\n");
  CHECK(complaint("aaaa\nbbbb <- aaaa\ncccc <- aaaa\n", "", "aaaa+2") ==
        "ambiguous-walk: `aaaa+2` is ambiguous: 2 revisions follow `aaaa`\n"
        "  found: bbbb  add bbbb\n"
        "  found: cccc  add cccc\n"
        "  help: name one: `bbbb+1` or `cccc+1`\n");
  CHECK(complaint(diamond, "", "head-2") ==
        "ambiguous-walk: `head-2` is ambiguous: `mmmm` has 2 parents\n"
        "  found: bbbb  add bbbb\n"
        "  found: cccc  add cccc\n"
        "  help: name one: `bbbb` or `cccc`\n");
  CHECK(complaint("aaaa\nbbbb\n", "", "+1") ==
        "ambiguous-walk: `+1` is ambiguous: 2 revisions begin the history\n"
        "  found: aaaa  add aaaa\n"
        "  found: bbbb  add bbbb\n"
        "  help: name one: `aaaa` or `bbbb`\n");
}

TEST_CASE("a walk past the end says how far it goes") {
  CHECK(complaint(line, "dddd", "+2") ==
        "walked-too-far: `+2` goes too far: 1 revision follows `dddd`\n"
        "  help: `head` is the end\n");
  CHECK(complaint(line, "eeee", "+1") ==
        "walked-too-far: `+1` goes too far: no revision follows `eeee`\n"
        "  help: `head` is the end\n");
  CHECK(complaint(line, "", "+9") ==
        "walked-too-far: `+9` goes too far: 5 revisions follow base\n"
        "  help: `head` is the end\n");
  CHECK(complaint(two_branches, "", "cart@cart1+2") ==
        "walked-too-far: `cart@cart1+2` goes too far: 1 revision follows `cart1`\n"
        "  help: `cart@head` is the end\n");
  CHECK(complaint(line, "", "bbbb-3") ==
        "walked-too-far: `bbbb-3` goes too far: there are 2 revisions down to base from `bbbb`\n"
        "  help: `base` is before the first\n");
}
