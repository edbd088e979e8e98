#include "revision/target_errors.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::revision {
namespace {

constexpr std::size_t most_shown = 10;

const std::string& id_of(const Graph& graph, NodeIndex node) { return graph[node].id.str(); }

std::string in_backticks(std::string_view text) { return fmt::format("`{}`", text); }

/// "3f9a1c2b7d10  add a column [billing]"
std::string line_of(const Graph& graph, NodeIndex node) {
  std::string line = fmt::format("{}  {}", id_of(graph, node), graph[node].message);
  for (const auto& label : graph[node].labels) line += fmt::format(" [{}]", label);
  return line;
}

/// A note per revision, so that nobody has to look them up.
Diagnostic with_lines(Diagnostic diagnostic, const Graph& graph, std::string_view label,
                      const std::vector<NodeIndex>& nodes) {
  for (std::size_t i = 0; i < std::min(nodes.size(), most_shown); ++i) {
    diagnostic.notes.push_back({std::string(label), line_of(graph, nodes[i])});
  }
  if (nodes.size() > most_shown) {
    diagnostic.notes.push_back({std::string(label), fmt::format("and {} more", nodes.size() - most_shown)});
  }
  return diagnostic;
}

/// "`a`, `b` or `c`", cut where there are many.
std::string any_of(const std::vector<std::string>& names) {
  std::string text;
  const auto shown = std::min(names.size(), most_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == shown ? " or " : ", ";
    text += in_backticks(names[i]);
  }
  return text;
}

/// A label that, of `all`, reaches `node` alone.
std::optional<std::string> label_only_of(const Graph& graph, NodeIndex node, const std::vector<NodeIndex>& all) {
  for (const auto& label : graph[node].branches) {
    const auto reaches = [&](NodeIndex other) {
      const auto& branches = graph[other].branches;
      return std::binary_search(branches.begin(), branches.end(), label);
    };
    if (std::count_if(all.begin(), all.end(), reaches) == 1) return label;
  }
  return std::nullopt;
}

/// Each node with `after` its label ("billing@head"), or its id where it has no label of its own.
std::vector<std::string> ways_to_name(const Graph& graph, const std::vector<NodeIndex>& nodes, std::string_view after,
                                      std::string_view after_id) {
  std::vector<std::string> names;
  for (const auto node : nodes) {
    const auto label = label_only_of(graph, node, nodes);
    names.push_back(label ? fmt::format("{}{}", *label, after) : fmt::format("{}{}", id_of(graph, node), after_id));
  }
  return names;
}

std::string signed_steps(const Target& target) { return fmt::format("{:+}", target.steps); }

}  // namespace

Diagnostic unknown_revision(const Graph& graph, std::string_view name, const std::vector<NodeIndex>& candidates) {
  auto diagnostic = error("unknown-revision", fmt::format("there is no revision or label `{}`", name));
  if (!candidates.empty()) {
    return with_lines(std::move(diagnostic), graph, "found", candidates)
        .help("write at least 4 characters of an id or label");
  }
  std::vector<std::string> names = {"head", "heads", "base", "current"};
  for (const auto& node : graph.nodes()) {
    names.push_back(node.id.str());
    names.insert(names.end(), node.labels.begin(), node.labels.end());
  }
  if (const auto meant = nearest(name, names))
    return std::move(diagnostic).help(fmt::format("did you mean `{}`?", *meant));
  return std::move(diagnostic).help("`migrate history` lists all there are; is its file in the migrations folder?");
}

Diagnostic ambiguous_revision(const Graph& graph, std::string_view name, const std::vector<NodeIndex>& candidates) {
  return with_lines(error("ambiguous-revision",
                          fmt::format("`{}` is the beginning of {}", name, plural(candidates.size(), "revision"))),
                    graph, "found", candidates)
      .help("write more of the id");
}

Diagnostic multiple_heads(const Graph& graph, const Target& target, const std::vector<NodeIndex>& heads) {
  const std::string branch = target.branch ? *target.branch + "@" : "";
  const std::string where = target.branch ? fmt::format("branch `{}`", *target.branch) : std::string("the history");
  auto diagnostic = error("multiple-heads", fmt::format("`{}` needs one head, but {} has {}", target.text, where,
                                                        plural(heads.size(), "head")));
  diagnostic = with_lines(std::move(diagnostic), graph, "head", heads);
  diagnostic.helps.push_back({fmt::format("name one: {}", any_of(ways_to_name(graph, heads, "@head", ""))), {}});
  if (target.symbol == "head") diagnostic.helps.push_back({fmt::format("all of them: `{}heads`", branch), {}});
  // `heads` without a branch leaves out what another revision depends on: there may be nothing to merge.
  if (!target.branch && graph.effective_heads().size() < 2) return diagnostic;
  return std::move(diagnostic).help(fmt::format("or make them one: migrate merge {}heads", branch));
}

Diagnostic no_such_branch(const Graph& graph, std::string_view name) {
  std::vector<std::string> labels, names;
  for (const auto& node : graph.nodes()) {
    labels.insert(labels.end(), node.labels.begin(), node.labels.end());
    names.push_back(node.id.str());
  }
  names.insert(names.end(), labels.begin(), labels.end());
  auto diagnostic = error("no-such-branch", fmt::format("there is no branch `{}`", name));
  if (const auto meant = nearest(name, names))
    return std::move(diagnostic).help(fmt::format("did you mean `{}`?", *meant));
  if (labels.empty()) {
    return std::move(diagnostic)
        .help(
            "no revision has a label; write a revision's id before `@`, or give one a label: "
            "`-- Branch Labels: NAME`");
  }
  return std::move(diagnostic).help(fmt::format("branches are {}, or a revision's id", any_of(labels)));
}

Diagnostic not_on_branch(const Graph& graph, const Target& target, NodeIndex node) {
  return with_lines(error("not-on-branch",
                          fmt::format("revision `{}` is not on branch `{}`", id_of(graph, node), *target.branch)),
                    graph, "found", {node})
      .help(
          fmt::format("leave `{}@` out, or name a revision of that branch: `{}@head`", *target.branch, *target.branch));
}

Diagnostic branch_not_applied(const Target& target) {
  return error("target-not-applied", fmt::format("nothing of branch `{}` is applied", *target.branch))
      .help("`migrate current` says where the database is");
}

Diagnostic ambiguous_relative_target(const Graph& graph, const Target& target, const std::vector<NodeIndex>& current) {
  const std::string steps = target.relative ? signed_steps(target) : std::string();
  auto diagnostic =
      error("ambiguous-relative-target",
            fmt::format("`{}` counts from the current revision, and there are {}", target.text, current.size()));
  // REV-1 would undo REV's siblings too; REV@-1 goes down from that revision alone.
  auto ways = current;
  if (target.relative && target.steps > 0) std::erase_if(ways, [&](NodeIndex node) { return graph.is_head(node); });
  diagnostic = with_lines(std::move(diagnostic), graph, "current", current);
  if (ways.empty()) return std::move(diagnostic).help("no revision follows any of them");
  const auto names = ways_to_name(graph, ways, "@" + steps, target.steps < 0 ? "@" + steps : steps);
  return std::move(diagnostic).help(fmt::format("name one: {}", any_of(names)));
}

Diagnostic ambiguous_walk(const Graph& graph, const Target& target, std::optional<NodeIndex> at,
                          const std::vector<NodeIndex>& choices, int remaining) {
  const bool up = target.steps > 0;
  const std::string fork = !at  ? fmt::format("{} begin the history", plural(choices.size(), "revision"))
                           : up ? fmt::format("{} follow `{}`", plural(choices.size(), "revision"), id_of(graph, *at))
                                : fmt::format("`{}` has {}", id_of(graph, *at), plural(choices.size(), "parent"));
  auto diagnostic = with_lines(error("ambiguous-walk", fmt::format("`{}` is ambiguous: {}", target.text, fork)), graph,
                               "found", choices);
  const auto start = target.symbol.empty() || target.symbol == "current" ? std::string() : target.symbol;
  const auto on_branch = "@" + start + signed_steps(target);
  const auto from_choice = remaining == 0 ? std::string() : fmt::format("{:+}", remaining);
  // A number alone says how many are undone, and where that ends follows: only REV@-N says the same of one way.
  const bool counts_down = start.empty() && !up;
  const auto names = ways_to_name(graph, choices, on_branch, counts_down ? on_branch : from_choice);
  return std::move(diagnostic).help(fmt::format("name one: {}", any_of(names)));
}

Diagnostic walked_too_far(const Graph& graph, const Target& target, std::optional<NodeIndex> start, int taken) {
  const bool up = target.steps > 0;
  const std::string from = start ? fmt::format("`{}`", id_of(graph, *start)) : std::string("base");
  if (!up && !start) {
    return error("walked-too-far", fmt::format("`{}` goes below base: no revision is applied", target.text))
        .help("`migrate current` says where the database is");
  }
  const std::string there =
      taken == 0 ? std::string("no revision") : plural(static_cast<std::size_t>(taken), "revision");
  const auto branch = target.branch ? *target.branch + "@" : std::string();
  if (up) {
    return error("walked-too-far", fmt::format("`{}` goes too far: {} {} {}", target.text, there,
                                               taken == 1 || taken == 0 ? "follows" : "follow", from))
        .help(fmt::format("`{}head` is the end", branch));
  }
  return error("walked-too-far",
               fmt::format("`{}` goes too far: there are {} down to base from {}", target.text, there, from))
      .help(fmt::format("`{}base` is before the first", branch));
}

Diagnostic upgrade_goes_down(const Target& target) {
  return error("target-below-current", fmt::format("`{}` goes down, and an upgrade only goes up", target.text))
      .help(fmt::format("use `migrate downgrade {}`", target.text));
}

Diagnostic downgrade_goes_up(const Target& target) {
  return error("target-not-applied", fmt::format("`{}` goes up, and a downgrade only goes down", target.text))
      .help(fmt::format("use `migrate upgrade {}`", target.text));
}

Diagnostic target_below_current(const Graph& graph, const Graph::Set& applied, const Target& target) {
  return with_lines(error("target-below-current", fmt::format("`{}` is below the current revision", target.text)),
                    graph, "current", graph.heads_of(applied))
      .help(fmt::format("to undo what is above it, use `migrate downgrade {}`", target.text))
      .help("to apply what is missing, use `migrate upgrade heads`");
}

Diagnostic target_not_applied(const Graph& graph, const Target& target, NodeIndex node, bool applied_above) {
  auto diagnostic =
      with_lines(error("target-not-applied", fmt::format("`{}` is not applied", target.text)), graph, "found", {node});
  if (!applied_above) {
    return std::move(diagnostic).help(fmt::format("to apply it, use `migrate upgrade {}`", id_of(graph, node)));
  }
  return std::move(diagnostic)
      .note("revisions above it are: it was added to the history after them")
      .help(fmt::format("apply it first with `migrate upgrade {}`, or go down to an applied revision below it",
                        id_of(graph, node)));
}

Diagnostic not_ancestor(const Graph& graph, const std::vector<NodeIndex>& from, const std::vector<NodeIndex>& to) {
  const auto names = [&](const std::vector<NodeIndex>& nodes) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < std::min(nodes.size(), most_shown); ++i)
      ids.push_back(in_backticks(id_of(graph, nodes[i])));
    return ids.empty() ? std::string("base") : join_with_and(ids);
  };
  auto diagnostic = error("not-ancestor", fmt::format("no way leads up from {} to {}", names(from), names(to)));
  const auto below_from = graph.ancestors_of(from, true);
  const bool reversed = std::all_of(to.begin(), to.end(), [&](NodeIndex node) { return below_from[node.value]; });
  if (!reversed) return std::move(diagnostic).help("both ends of a range stand on one line of descent");
  return std::move(diagnostic)
      .help(fmt::format("the older end comes first: {}:{}", to.empty() ? "base" : id_of(graph, to.front()),
                        id_of(graph, from.front())));
}

Diagnostic range_without_anchor(const TargetRange& range) {
  return error("invalid-range",
               fmt::format("both ends of `{}:{}` count from the other", range.from->text, range.to->text))
      .help("name one of them, for example `-3:current`");
}

}  // namespace migrate::revision
