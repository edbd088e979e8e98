#include <migrate/revision/target.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"

using namespace migrate;
using namespace migrate::revision;
using migrate::test::plain;

namespace {

Target parsed(std::string_view text) {
  auto target = parse_target(text);
  if (!target) FAIL(plain(target.error().diagnostics));
  return *std::move(target);
}

Target made(std::string text, std::optional<std::string> branch, std::string symbol, int steps = 0) {
  return {std::move(text), std::move(branch), std::move(symbol), steps, steps != 0};
}

/// What is wrong with a text, after the colon.
std::string objection(std::string_view text) {
  const auto target = parse_target(text);
  if (target) return "";
  const auto& diagnostic = target.error().diagnostics.front();
  CHECK(diagnostic.id == "invalid-target");
  return diagnostic.message.substr(diagnostic.message.find(": ") + 2);
}

}  // namespace

TEST_CASE("symbols, ids, prefixes and labels are targets as they are") {
  for (const std::string text : {"head", "heads", "base", "current", "3f9a", "3f9a1c2b7d10", "billing", "2026.02_x"}) {
    CHECK(parsed(text) == made(text, std::nullopt, text));
  }
}

TEST_CASE("a branch stands before @") {
  CHECK(parsed("billing@head") == made("billing@head", "billing", "head"));
  CHECK(parsed("3f9a@heads") == made("3f9a@heads", "3f9a", "heads"));
  CHECK(parsed("billing@base") == made("billing@base", "billing", "base"));
  CHECK(parsed("billing@3f9a") == made("billing@3f9a", "billing", "3f9a"));
}

TEST_CASE("steps stand after a sign") {
  CHECK(parsed("+2") == made("+2", std::nullopt, "", 2));
  CHECK(parsed("-1") == made("-1", std::nullopt, "", -1));
  CHECK(parsed("3f9a+1") == made("3f9a+1", std::nullopt, "3f9a", 1));
  CHECK(parsed("head-2") == made("head-2", std::nullopt, "head", -2));
  CHECK(parsed("billing@+2") == made("billing@+2", "billing", "", 2));
  CHECK(parsed("billing@-1") == made("billing@-1", "billing", "", -1));
  CHECK(parsed("billing@3f9a-12") == made("billing@3f9a-12", "billing", "3f9a", -12));
}

TEST_CASE("a target is matched whole") {
  CHECK(objection("") == "it is empty");
  CHECK(objection("@head") == "nothing stands before `@`");
  CHECK(objection("billing@") == "nothing stands after `@`");
  CHECK(objection("head@head") == "a label or a revision stands before `@`");
  CHECK(objection("a@b@c") == "no label or revision has `@`");
  CHECK(objection("a-b@head") == "no label or revision has `-`");
  CHECK(objection("+") == "a number from 1 on stands after `+`");
  CHECK(objection("+0") == "a number from 1 on stands after `+`");
  CHECK(objection("-1x") == "a number from 1 on stands after `-`");
  CHECK(objection("+1+2") == "a number from 1 on stands after `+`");
  CHECK(objection("--1") == "a number from 1 on stands after `-`");
  CHECK(objection("+99999999999999999999") == "a number from 1 on stands after `+`");
  CHECK(objection("head -1") == "no label or revision has a blank");
  CHECK(objection(" head") == "no label or revision has a blank");
  CHECK(objection("caf\xC3\xA9") == "no label or revision has `\xC3\xA9`");
  CHECK(objection("a:b") == "no label or revision has `:`");
  CHECK(objection("a\n") == "no label or revision has the control character 0x0a");
}

TEST_CASE("a wrong target is told what there is") {
  const auto target = parse_target("my-label");
  REQUIRE_FALSE(target);
  CHECK(plain(target.error().diagnostics) ==
        "invalid-target: `my-label` is not a target: a number from 1 on stands after `-`\n"
        "  help: a target is head, heads, base, current, a revision, a label, LABEL@head, +2, -1, REVISION+1 or "
        "LABEL@-1\n");
}

TEST_CASE("a range has a colon and two ends, which may be open") {
  const auto full = parse_target_range("base:billing@head");
  REQUIRE(full);
  CHECK(full->from == parsed("base"));
  CHECK(full->to == parsed("billing@head"));
  const auto from = parse_target_range("-3:");
  REQUIRE(from);
  CHECK(from->from == parsed("-3"));
  CHECK_FALSE(from->to);
  const auto to = parse_target_range(":current");
  REQUIRE(to);
  CHECK_FALSE(to->from);
  CHECK(to->to == parsed("current"));
  CHECK(parse_target_range(":"));
}

TEST_CASE("what is no range is told what one is") {
  const std::string help = "  help: a range is FROM:TO, FROM: or :TO, for example `base:head` or `-3:current`\n";
  const auto plain_error = [](std::string_view text) { return plain(parse_target_range(text).error().diagnostics); };
  CHECK(plain_error("head") == "invalid-range: `head` is not a range\n" + help);
  CHECK(plain_error("a:b:c") == "invalid-range: `a:b:c` is not a range\n" + help);
  CHECK(plain_error("") == "invalid-range: `` is not a range\n" + help);
  CHECK(parse_target_range("a:+").error().diagnostics.front().id == "invalid-target");
}
