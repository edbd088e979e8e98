#include "rules/judging.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include <migrate/db/catalog_reader.hpp>

#include "support/test_server.hpp"

namespace migrate::test {
namespace {

rules::Selection only(const rules::Rule& rule) {
  // Those about allowances ask whether another rule has spoken.
  const bool of_the_engine = !rule.check_statement && !rule.check_revision;
  auto selection = *rules::preset(of_the_engine ? "recommended" : "none");
  selection.levels[std::string(rule.id)] = rules::Level::error;
  return selection;
}

rules::Options options_for(const Block& block) {
  rules::Options options;
  options.naming = *rules::naming_preset(block.has("strict") ? "idx-long" : "prefixed");
  if (block.has("strict")) options.forbidden_types = {{"xml", "text"}};
  return options;
}

// What is told of a finding, and a complaint where it could not be shown.
std::string text_of(const rules::Judged& judged) {
  const auto& diagnostic = judged.finding.diagnostic;
  if (!diagnostic.primary || diagnostic.primary->range.end > diagnostic.primary->source->text().size()) {
    return "NO PLACE: " + diagnostic.message;
  }
  const auto at = diagnostic.primary->source->line_column({diagnostic.primary->range.begin});
  return fmt::format("{}:{}: {}", at.line, at.column, diagnostic.message);
}

rules::Verdict judge_files(const Question& question, const Read& example) {
  const Block setup_block{"setup", {}, {}, 0};
  const Read setup = read_example("a1", "", setup_block, question.example.setup);
  std::vector<rules::Candidate> candidates;
  candidates.push_back({.upgrade = &setup.judged, .downgrade = nullptr, .judged = false});
  const bool down = question.example.block.has("downgrade");
  candidates.push_back({.upgrade = down ? nullptr : &example.judged, .downgrade = down ? &example.judged : nullptr});
  return rules::judge(candidates, {}, only(question.rule), options_for(question.example.block));
}

std::vector<std::string> texts_of(const rules::Verdict& verdict, std::string_view rule) {
  std::vector<std::string> texts;
  for (const auto& judged : verdict.findings) {
    if (judged.rule->id == rule) texts.push_back(text_of(judged));
  }
  return texts;
}

}  // namespace

Read read_example(const std::string& id, const std::string& parent, const Block& block, const std::string& sql) {
  const std::string body = sql.empty() ? "SELECT 1;\n" : sql;
  const bool down = block.has("downgrade");
  const std::string text = fmt::format(
      "-- Example\n--\n-- Revision ID: {}\n-- Revises: {}\n{}\n-- migrate:upgrade\n{}\n-- migrate:downgrade\n{}", id,
      parent, block.has("none") ? "-- Transaction: none\n" : "", down ? "SELECT 1;\n" : body,
      down ? body : "SELECT 1;\n");
  Read read;
  read.source = make_source(id + ".sql", text);
  auto file = revision::parse_revision(read.source);
  if (!file) throw std::runtime_error(test::text_of(file.error()));
  read.file = std::make_unique<const revision::RevisionFile>(*std::move(file));
  auto judged = rules::read_revision(read.source, *read.file, down);
  if (!judged) throw std::runtime_error(test::text_of(judged.error()));
  read.judged = *std::move(judged);
  return read;
}

std::vector<std::string> findings_in_files(const Question& question) {
  const Read example = read_example("b2", "a1", question.example.block, question.sql);
  return texts_of(judge_files(question, example), question.rule.id);
}

std::vector<std::string> findings_with(db::Session& session, const Question& question) {
  const Read example = read_example("b2", "a1", question.example.block, question.sql);
  catalog::Mentioned names;
  for (const auto& statement : example.judged.statements) catalog::mention(names, statement.model);
  auto schema = db::read_catalog(session, names);
  if (!schema) throw std::runtime_error("read_catalog failed");
  const bool down = question.example.block.has("downgrade");
  const rules::Candidate candidate{.upgrade = down ? nullptr : &example.judged,
                                   .downgrade = down ? &example.judged : nullptr};
  const auto verdict = rules::judge({&candidate, 1}, {*std::move(schema), catalog::Rows::none}, only(question.rule),
                                    options_for(question.example.block));
  return texts_of(verdict, question.rule.id);
}

std::string fixed_sql(const Question& question) {
  const Read example = read_example("b2", "a1", question.example.block, question.sql);
  const auto verdict = judge_files(question, example);
  std::vector<Edit> edits;
  for (const auto& judged : verdict.findings) {
    edits.insert(edits.end(), judged.finding.fix.begin(), judged.finding.fix.end());
  }
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.range > b.range; });
  std::string text(example.source->text());
  for (const auto& edit : edits) text.replace(edit.range.begin, edit.range.size(), edit.replacement);
  const auto begin = text.find("-- migrate:upgrade\n") + 19;
  return text.substr(begin, text.find("\n-- migrate:downgrade") - begin);
}

std::vector<rules::RevisionDraft> rewrite_of(const Question& question) {
  const Read example = read_example("b2", "a1", question.example.block, question.sql);
  auto verdict = judge_files(question, example);
  for (auto& judged : verdict.findings) {
    if (!judged.finding.rewrite.empty()) return std::move(judged.finding.rewrite);
  }
  return {};
}

std::string run_statements(db::Session& session, const Block& block, const std::string& sql) {
  const Read example = read_example("b2", "", block, sql);
  const bool together = example.judged.transactional;
  const auto run = [&](std::string_view statement) -> std::string {
    const auto done = session.execute(statement);
    return done ? "" : done.error().message;
  };
  if (together) (void)run("BEGIN");
  std::string trouble;
  for (const auto& one : example.judged.statements) {
    trouble = run(example.source->text(one.statement.range));
    if (!trouble.empty()) break;
  }
  if (together) {
    const std::string end = run(trouble.empty() ? "COMMIT" : "ROLLBACK");
    if (trouble.empty()) trouble = end;
  }
  return trouble;
}

}  // namespace migrate::test
