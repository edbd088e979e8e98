#include <migrate/revision/target.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"
#include "small_graph.hpp"

using namespace migrate;
using namespace migrate::revision;
using namespace migrate::test;

namespace {

std::string steps(const Graph& graph, const Graph::Set& applied, std::string_view target) {
  const auto plan = plan_downgrade(graph, applied, parse_target(target).value());
  return plan ? ids(graph, plan->steps) : plan.error().diagnostics.front().id;
}

std::string steps(const std::string& lines, std::string_view at, std::string_view target) {
  const auto graph = graph_of(lines);
  return steps(graph, applied_at(graph, at), target);
}

std::string complaint(const std::string& lines, std::string_view at, std::string_view target) {
  const auto graph = graph_of(lines);
  const auto plan = plan_downgrade(graph, applied_at(graph, at), parse_target(target).value());
  return plan ? ids(graph, plan->steps) : plain(plan.error().diagnostics);
}

/// The targets that the first help names: what stands in backticks.
std::vector<std::string> suggestions(const std::string& lines, std::string_view at, std::string_view target) {
  const auto graph = graph_of(lines);
  const auto plan = plan_downgrade(graph, applied_at(graph, at), parse_target(target).value());
  std::vector<std::string> names;
  if (plan) return names;
  const auto parts = split(plan.error().diagnostics.front().helps.front().message, '`');
  for (std::size_t i = 1; i < parts.size(); i += 2) names.emplace_back(parts[i]);
  return names;
}

}  // namespace

TEST_CASE("a downgrade of a line undoes what is above the target, the newest first") {
  CHECK(steps(line, "eeee", "cccc") == "eeee dddd");
  CHECK(steps(line, "eeee", "base") == "eeee dddd cccc bbbb aaaa");
  CHECK(steps(line, "eeee", "head") == "");
  CHECK(steps(line, "cccc", "cccc") == "");
  CHECK(steps(line, "cccc", "current") == "");
  CHECK(steps(line, "", "base") == "");
}

TEST_CASE("a number undoes so many revisions") {
  CHECK(steps(line, "dddd", "-1") == "dddd");
  CHECK(steps(line, "dddd", "-3") == "dddd cccc bbbb");
  CHECK(steps(line, "dddd", "-4") == "dddd cccc bbbb aaaa");
  CHECK(steps(line, "eeee", "current-2") == "eeee dddd");
  CHECK(steps(line, "eeee", "head-2") == "eeee dddd");
  CHECK(steps(line, "eeee", "dddd-1") == "eeee dddd");
  CHECK(steps(line, "eeee", "bbbb+1") == "eeee dddd");
}

TEST_CASE("other branches stay") {
  CHECK(steps(two_branches, "cart2 bill3", "bill1") == "bill3 bill2");
  CHECK(steps(two_branches, "cart2 bill3", "cart@-1") == "cart2");
  CHECK(steps(two_branches, "cart2 bill3", "bill@-2") == "bill3 bill2");
  CHECK(steps(two_branches, "cart2 bill3", "cart@trunk2") == "cart2 cart1");
  CHECK(steps(two_branches, "cart2 bill3", "cart2@-2") == "cart2 cart1");
  CHECK(steps(two_branches, "cart2 bill3", "bill@head") == "");
}

TEST_CASE("all branches above a target are undone") {
  CHECK(steps(two_branches, "cart1 bill1", "trunk2") == "cart1 bill1");
  CHECK(steps(two_branches, "cart1 bill1", "trunk1") == "cart1 bill1 trunk2");
  CHECK(steps(two_branches, "cart1 bill1", "cart@base") == "cart1 bill1 trunk2 trunk1");
  CHECK(steps(two_branches, "cart1 bill1", "bill1-1") == "cart1 bill1");
}

TEST_CASE("a branch with a base of its own is undone alone") {
  const std::string lines = "aaaa @left\nbbbb <- aaaa\nxxxx @right\nyyyy <- xxxx\n";
  CHECK(steps(lines, "bbbb yyyy", "left@base") == "bbbb aaaa");
  CHECK(steps(lines, "bbbb yyyy", "right@-1") == "yyyy");
  CHECK(steps(lines, "bbbb yyyy", "aaaa-1") == "bbbb aaaa");
  CHECK(steps(lines, "bbbb yyyy", "yyyy-2") == "yyyy xxxx");
  CHECK(steps(lines, "bbbb yyyy", "base") == "yyyy xxxx bbbb aaaa");
}

TEST_CASE("what depends on an undone revision is undone before it, and what it depends on stays") {
  CHECK(steps(dependent, "core3 shop3", "core1") == "shop3 shop2 core3 core2");
  CHECK(steps(dependent, "core3 shop3", "core@-1") == "core3");
  CHECK(steps(dependent, "core3 shop3", "core@-2") == "shop3 shop2 core3 core2");
  CHECK(steps(dependent, "core3 shop3", "shop@base") == "shop3 shop2 shop1");
  CHECK(steps(dependent, "core3 shop3", "core@base") == "shop3 shop2 core3 core2 core1");
  // core2 has no row of its own then, and is the branch's head all the same.
  CHECK(steps(dependent, "shop3", "core@-1") == "shop3 shop2 core2");
  CHECK(steps(dependent, "shop3", "-1") == "shop3");
}

TEST_CASE("undoing one revision at a merge undoes the merge") {
  CHECK(steps(diamond, "mmmm", "-1") == "mmmm");
  CHECK(steps(diamond, "nnnn", "-2") == "nnnn mmmm");
  CHECK(steps(diamond, "nnnn", "bbbb") == "nnnn mmmm");
  CHECK(steps(diamond, "nnnn", "aaaa") == "nnnn mmmm cccc bbbb");
  CHECK(steps(diamond, "nnnn", "-3") == "ambiguous-walk");
  CHECK(steps(diamond, "nnnn", "bbbb@-1") == "nnnn");
}

TEST_CASE("every way that is named at a merge undoes as many revisions as were asked for") {
  const std::string lines =
      "aaaa\nbbbb <- aaaa\nbbb2 <- bbbb\ncccc <- aaaa @billing\nccc2 <- cccc\nmmmm <- bbb2 ccc2\nnnnn <- mmmm\n";
  CHECK(suggestions(lines, "mmmm", "-2") == std::vector<std::string>{"bbb2@-2", "billing@-2"});
  CHECK(suggestions(lines, "nnnn", "current-3") == std::vector<std::string>{"bbb2@-3", "billing@-3"});
  CHECK(suggestions(lines, "nnnn", "-4") == std::vector<std::string>{"bbb2@-4", "billing@-4"});
  CHECK(steps(lines, "mmmm", "bbb2@-2") == "mmmm bbb2");
  CHECK(steps(lines, "mmmm", "billing@-2") == "mmmm ccc2");
  CHECK(steps(lines, "nnnn", "bbb2@-4") == "nnnn mmmm bbb2 bbbb");
  CHECK(steps(lines, "nnnn", "billing@-4") == "nnnn mmmm ccc2 cccc");
  for (const auto& way : suggestions(diamond, "nnnn", "-3")) {
    INFO(way);
    CHECK(split(steps(diamond, "nnnn", way), ' ').size() == 3);
  }
}

TEST_CASE("a downgrade takes no account of holes") {
  const auto graph = graph_of(line);
  CHECK(steps(graph, exactly(graph, "aaaa bbbb dddd"), "aaaa") == "dddd bbbb");
  CHECK(steps(graph, exactly(graph, "aaaa bbbb dddd"), "-1") == "dddd");
  CHECK(steps(graph, exactly(graph, "bbbb dddd"), "base") == "dddd bbbb");
}

TEST_CASE("a target that is not applied is no target of a downgrade") {
  CHECK(complaint(line, "bbbb", "dddd") ==
        "target-not-applied: `dddd` is not applied\n"
        "  found: dddd  add dddd\n"
        "  help: to apply it, use `migrate upgrade dddd`\n");
  const auto graph = graph_of(line);
  CHECK(plain(plan_downgrade(graph, exactly(graph, "aaaa cccc"), *parse_target("bbbb")).error().diagnostics) ==
        "target-not-applied: `bbbb` is not applied\n"
        "  found: bbbb  add bbbb\n"
        "  note: revisions above it are: it was added to the history after them\n"
        "  help: apply it first with `migrate upgrade bbbb`, or go down to an applied revision below it\n");
  CHECK(complaint(line, "bbbb", "+1") ==
        "target-not-applied: `+1` goes up, and a downgrade only goes down\n"
        "  help: use `migrate upgrade +1`\n");
  CHECK(complaint(two_branches, "cart2", "bill@-1") ==
        "target-not-applied: nothing of branch `bill` is applied\n"
        "  help: `migrate current` says where the database is\n");
}

TEST_CASE("a number with several current revisions asks which to undo") {
  CHECK(complaint(two_branches, "cart2 bill3", "-1") ==
        "ambiguous-relative-target: `-1` counts from the current revision, and there are 2\n"
        "  current: bill3  add bill3\n"
        "  current: cart2  add cart2\n"
        "  help: name one: `bill@-1` or `cart@-1`\n");
  CHECK(complaint("aaaa\nbbbb <- aaaa\ncccc <- aaaa\n", "bbbb cccc", "-1") ==
        "ambiguous-relative-target: `-1` counts from the current revision, and there are 2\n"
        "  current: bbbb  add bbbb\n"
        "  current: cccc  add cccc\n"
        "  help: name one: `bbbb@-1` or `cccc@-1`\n");
  CHECK(steps("aaaa\nbbbb <- aaaa\ncccc <- aaaa\n", "bbbb cccc", "cccc@-1") == "cccc");
}

TEST_CASE("a number past the base says how far down it goes") {
  CHECK(complaint(line, "bbbb", "-3") ==
        "walked-too-far: `-3` goes too far: there are 2 revisions down to base from `bbbb`\n"
        "  help: `base` is before the first\n");
  CHECK(complaint(line, "", "-1") ==
        "walked-too-far: `-1` goes below base: no revision is applied\n"
        "  help: `migrate current` says where the database is\n");
}

TEST_CASE("a downgrade to several heads asks for one") {
  CHECK(complaint(two_branches, "cart2 bill3", "heads") ==
        "multiple-heads: `heads` needs one head, but the history has 2 heads\n"
        "  head: bill3  add bill3\n"
        "  head: cart2  add cart2\n"
        "  help: name one: `bill@head` or `cart@head`\n"
        "  help: or make them one: migrate merge heads\n");
}
