#include "ops/begun_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::ops {
namespace {

using Statements = std::span<const sql::Statement>;

// The statement with the data of a COPY: what stands between two statements does not count.
std::string tokens_of(const SectionText& text, Statements statements, std::size_t index) {
  const std::size_t next = index + 1;
  const std::size_t end = next < statements.size() ? statements[next].range.begin : text.section.body.end;
  return sql::section_checksum(text.source, {statements[index].range.begin, end});
}

std::size_t done_of(const db::JournalRow& row) { return static_cast<std::size_t>(row.steps_done); }

bool goes_down(const db::JournalRow& row) { return row.state == db::RevisionState::reverting; }

Diagnostic refuse(const db::JournalRow& row, const std::string& what, const std::string& put_back,
                  std::string_view counted_in) {
  const auto& id = row.entry.id.str();
  const char* half = goes_down(row) ? "half undone" : "half applied";
  return error("changed-after-begun", fmt::format("revision {} is {}: {}", id, half, what))
      .note("state", fmt::format("nothing was changed; {} of the {} that were begun {} done", row.steps_done,
                                 plural(static_cast<std::size_t>(row.steps_total), "statement"),
                                 row.steps_done == 1 ? "is" : "are"))
      .help(put_back)
      .help(fmt::format("or look at what is there, and say how many statements of {} are done: `migrate mark {} "
                        "--done N`",
                        counted_in, id))
      .help(fmt::format("or say it of the whole revision: `migrate mark {0} applied`, `migrate mark {0} pending`", id));
}

Diagnostic file_too_short(const TextNow& now, const db::JournalRow& row) {
  const std::size_t done = done_of(row);
  return refuse(row,
                fmt::format("{} of it {} done, and its file has only {}", plural(done, "statement"),
                            done == 1 ? "is" : "are", now.statements.size()),
                fmt::format("put its file back as it was begun, and correct only what comes after statement {}", done),
                "the file")
      .in_file(now.file->path);
}

Diagnostic stored_is_another(const db::JournalRow& row) {
  return refuse(row, "the downgrade that the journal keeps is not the one that was begun",
                "get the revision's file back from version control", "the journal's downgrade");
}

struct Begun {
  SectionText text;
  std::vector<sql::Statement> statements;
};

// None: the text is not the one that was begun, or cannot be read.
std::optional<Begun> begun_text(const db::JournalRow& row, const std::string& stored) {
  if (stored.empty()) return std::nullopt;
  auto text = stored_section(row.entry.id, stored);
  if (!text) return std::nullopt;
  auto statements = sql::split_statements(text->source, text->section.body);
  // Journals from before keep the downgrade as it was applied.
  if (!statements || statements->size() != static_cast<std::size_t>(row.steps_total)) return std::nullopt;
  return Begun{*std::move(text), *std::move(statements)};
}

Diagnostic done_differs(const TextNow& now, const db::JournalRow& row, const Begun& begun, std::size_t index) {
  const auto facts = sql::examine_statement(begun.text.source->text(begun.statements[index].range));
  const std::size_t done = done_of(row);
  auto told = refuse(row,
                     fmt::format("{} of another downgrade than its file has now {} done", plural(done, "statement"),
                                 done == 1 ? "is" : "are"),
                     fmt::format("put the downgrade back as it was begun (`downgrade` in `migrate_revision` keeps it), "
                                 "and correct only what comes after statement {}",
                                 done),
                     "the file")
                  .note("done", fmt::format("statement {} was `{}`", index + 1, facts.summary));
  if (index >= now.statements.size()) return std::move(told).in_file(now.file->path);
  return std::move(told).at(now.text.source, now.statements[index].range, "another statement was run in its place");
}

}  // namespace

// The journal keeps the downgrade section with its marker; the parser wants a whole file round it.
Result<SectionText> stored_section(const revision::RevisionId& id, const std::string& stored) {
  const std::string text =
      fmt::format("-- Kept by the journal\n--\n-- Revision ID: {}\n-- Revises:\n\n-- migrate:upgrade\nSELECT 1;\n\n{}",
                  id.str(), stored);
  SourcePtr source = make_source(fmt::format("<journal of {}>", id.str()), text);
  MIGRATE_TRY_ASSIGN(const auto file, revision::parse_revision(source));
  if (!file.downgrade) {
    return fail(error("irreversible-revision", fmt::format("revision {} cannot be undone", id.str()))
                    .note("reason", file.irreversible ? file.irreversible->reason : std::string())
                    .note("state", "nothing was changed"));
  }
  return SectionText{std::move(source), *file.downgrade};
}

BegunText compare_with_begun(const TextNow& now, const db::JournalRow& row, const std::string& stored) {
  const std::size_t done = done_of(row);
  if (done == 0) return {};
  const auto begun = goes_down(row) ? begun_text(row, stored) : std::nullopt;
  if (!now.file) {
    if (begun) return {};
    return {.refusal = stored_is_another(row)};
  }
  if (!begun) {
    if (done > now.statements.size()) return {.refusal = file_too_short(now, row)};
    return {};
  }
  const std::size_t compared = std::min(done, begun->statements.size());
  for (std::size_t i = 0; i < compared; ++i) {
    const bool same = i < now.statements.size() &&
                      tokens_of(now.text, now.statements, i) == tokens_of(begun->text, begun->statements, i);
    if (!same) return {.refusal = done_differs(now, row, *begun, i)};
  }
  return {.changed_ahead = sql::section_checksum(now.text.source, now.text.section.body) !=
                           sql::section_checksum(begun->text.source, begun->text.section.body)};
}

}  // namespace migrate::ops
