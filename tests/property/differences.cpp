#include "property/differences.hpp"

#include <algorithm>
#include <array>

namespace migrate::test {

using namespace migrate::revision;

namespace {

std::vector<std::string> ids(const Graph& graph, const std::vector<NodeIndex>& nodes) {
  std::vector<std::string> result;
  for (const auto node : nodes) result.push_back(graph[node].id.str());
  std::sort(result.begin(), result.end());
  return result;
}

/// A case with what the predicates ask of it.
struct Look {
  const Case& c;
  Target target = parse_target(c.query.verb == "range" ? "base" : c.query.target).value();

  [[nodiscard]] bool verb(std::string_view name) const { return c.query.verb == name; }
  [[nodiscard]] bool they_say(std::string_view beginning) const { return c.theirs.error.starts_with(beginning); }
  [[nodiscard]] bool they_fail() const { return !c.theirs.error.empty(); }
  [[nodiscard]] bool we_say(std::string_view id) const { return c.ours.error == id; }
  [[nodiscard]] bool we_fail() const { return !c.ours.error.empty(); }
  [[nodiscard]] bool plan() const { return verb("upgrade") || verb("downgrade"); }
  [[nodiscard]] bool number_alone() const { return target.relative && target.symbol.empty(); }
  [[nodiscard]] bool goes_down() const { return target.relative && target.steps < 0; }
  [[nodiscard]] std::vector<std::string> their_nodes() const {
    auto nodes = plan() ? c.theirs.steps : c.theirs.nodes;
    std::sort(nodes.begin(), nodes.end());
    return nodes;
  }
  [[nodiscard]] std::vector<std::string> our_nodes() const { return ids(c.graph, c.ours.nodes); }
  /// Both have an answer, and ours is a part of theirs.
  [[nodiscard]] bool we_do_less() const {
    const auto theirs = their_nodes();
    const auto ours = our_nodes();
    return !we_fail() && !they_fail() && ours.size() < theirs.size() &&
           std::includes(theirs.begin(), theirs.end(), ours.begin(), ours.end());
  }
  /// Both have an answer, and theirs is a part of ours.
  [[nodiscard]] bool we_do_more() const {
    const auto theirs = their_nodes();
    const auto ours = our_nodes();
    return !we_fail() && !they_fail() && theirs.size() < ours.size() &&
           std::includes(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  }
  [[nodiscard]] bool from_branch_base() const {
    const auto range = parse_target_range(c.query.target);
    return range && range->from && range->from->branch && range->from->symbol == "base";
  }
  [[nodiscard]] bool has_number_in_range() const {
    const auto range = parse_target_range(c.query.target);
    const auto counts = [](const std::optional<Target>& end) { return end && end->relative; };
    return range && (counts(range->from) || counts(range->to));
  }
};

struct Difference {
  std::string_view name;
  bool (*explains)(const Look&);
};

constexpr std::array<Difference, 15> differences = {{
    {"upgrade-below-current",
     [](const Look& l) {
       return l.verb("upgrade") && l.we_say("target-below-current") && (l.c.theirs.steps.empty() || l.they_fail());
     }},
    {"upgrade-to-base-by-number",
     [](const Look& l) {
       return l.verb("upgrade") && l.goes_down() && l.they_say("AssertionError") && !l.we_fail() &&
              l.c.ours.nodes.empty();
     }},
    {"heads-that-need-each-other",
     [](const Look& l) {
       return l.verb("upgrade") && l.target.symbol == "heads" && l.they_say("RevisionError: Requested revision") &&
              !l.we_fail();
     }},
    {"revision-off-the-branch",
     [](const Look& l) { return l.plan() && l.target.branch && l.we_say("not-on-branch") && !l.they_fail(); }},
    {"several-current",
     [](const Look& l) {
       return l.verb("downgrade") && l.number_alone() && !l.target.branch && l.we_say("ambiguous-relative-target") &&
              l.c.query.rows.size() > 1;
     }},
    {"merge-undone",
     [](const Look& l) {
       const auto& steps = l.c.ours.nodes;
       return l.verb("downgrade") && l.number_alone() && l.they_say("RevisionError: Ambiguous walk") && !l.we_fail() &&
              std::any_of(steps.begin(), steps.end(), [&](NodeIndex node) { return l.c.graph.is_merge_point(node); });
     }},
    {"walk-within-the-branch",
     [](const Look& l) {
       return l.plan() && l.target.branch && l.goes_down() && l.they_say("RevisionError: Ambiguous walk") &&
              !l.we_fail();
     }},
    {"nothing-above",
     [](const Look& l) {
       return l.verb("downgrade") && l.they_say("RangeNotAncestorError") && !l.we_fail() && l.c.ours.nodes.empty();
     }},
    {"branch-below-target",
     [](const Look& l) {
       return l.verb("downgrade") && l.target.branch && l.they_say("RevisionError: Not a valid downgrade target") &&
              !l.we_fail();
     }},
    {"downgrade-to-branch-head",
     [](const Look& l) {
       const bool head = l.target.symbol == "head" || l.target.symbol == "heads";
       return l.verb("downgrade") && l.target.branch && head &&
              (l.they_say("MultipleHeads") || l.we_say("multiple-heads"));
     }},
    {"one-line-only",
     [](const Look& l) { return l.verb("downgrade") && l.target.branch && l.number_alone() && l.we_do_less(); }},
    {"own-base-only",
     [](const Look& l) {
       return l.verb("downgrade") && l.goes_down() && !l.number_alone() && l.c.graph.bases().size() > 1 &&
              l.we_do_less();
     }},
    {"numbers-name-revisions", [](const Look& l) { return l.verb("resolve") && l.target.relative; }},
    {"numbers-in-ranges",
     [](const Look& l) { return l.verb("range") && l.has_number_in_range() && (l.they_fail() || l.we_fail()); }},
    {"range-from-a-branch",
     [](const Look& l) {
       return l.verb("range") && !l.we_fail() &&
              (l.they_say("AssertionError") || (l.from_branch_base() ? l.we_do_less() : l.we_do_more()));
     }},
}};

bool agree(const Look& look) {
  if (look.we_fail() || look.they_fail()) return look.we_fail() == look.they_fail();
  return look.our_nodes() == look.their_nodes();
}

}  // namespace

std::optional<std::string_view> deliberate_difference(const Case& example) {
  const Look look{example};
  if (agree(look)) return "none";
  for (const auto& difference : differences) {
    if (difference.explains(look)) return difference.name;
  }
  return std::nullopt;
}

std::vector<std::string_view> difference_names() {
  std::vector<std::string_view> names;
  for (const auto& difference : differences) names.push_back(difference.name);
  return names;
}

}  // namespace migrate::test
