#include <migrate/revision/target.hpp>

#include <charconv>

#include <fmt/format.h>

#include "revision/name_check.hpp"

namespace migrate::revision {
namespace {

constexpr std::string_view grammar =
    "a target is head, heads, base, current, a revision, a label, LABEL@head, +2, -1, REVISION+1 or LABEL@-1";

Unexpected<Failure> invalid(std::string_view text, std::string_view why) {
  return fail(error("invalid-target", fmt::format("`{}` is not a target: {}", text, why)).help(std::string(grammar)));
}

/// The digits after a sign; none if they are no number that makes sense as a count of revisions.
std::optional<int> parse_steps(std::string_view digits) {
  int steps = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stopped, failure] = std::from_chars(digits.data(), end, steps);
  const bool is_number = failure == std::errc() && stopped == end && !digits.empty() && digits.front() != '-';
  constexpr int most_steps = 1'000'000;
  return is_number && steps > 0 && steps <= most_steps ? std::optional(steps) : std::nullopt;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  Target target;
  target.text = text;
  if (text.empty()) return invalid(text, "it is empty");

  auto rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    const auto branch = rest.substr(0, at);
    rest = rest.substr(at + 1);
    if (branch.empty()) return invalid(text, "nothing stands before `@`");
    if (rest.empty()) return invalid(text, "nothing stands after `@`");
    if (is_target_word(branch)) return invalid(text, "a label or a revision stands before `@`");
    if (const auto bad = forbidden_character(branch))
      return invalid(text, fmt::format("no label or revision has {}", *bad));
    target.branch = branch;
  }
  if (const auto sign = rest.find_first_of("+-"); sign != std::string_view::npos) {
    const auto steps = parse_steps(rest.substr(sign + 1));
    if (!steps) return invalid(text, fmt::format("a number from 1 on stands after `{}`", rest[sign]));
    target.relative = true;
    target.steps = rest[sign] == '-' ? -*steps : *steps;
    rest = rest.substr(0, sign);
  }
  if (const auto bad = forbidden_character(rest))
    return invalid(text, fmt::format("no label or revision has {}", *bad));
  target.symbol = rest;
  return target;
}

Result<TargetRange> parse_target_range(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return fail(error("invalid-range", fmt::format("`{}` is not a range", text))
                    .help("a range is FROM:TO, FROM: or :TO, for example `base:head` or `-3:current`"));
  }
  TargetRange range;
  if (const auto from = text.substr(0, colon); !from.empty()) {
    MIGRATE_TRY_ASSIGN(range.from, parse_target(from));
  }
  if (const auto to = text.substr(colon + 1); !to.empty()) {
    MIGRATE_TRY_ASSIGN(range.to, parse_target(to));
  }
  return range;
}

}  // namespace migrate::revision
