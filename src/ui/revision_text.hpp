// A revision in text and JSON, as all verbs that look show it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <migrate/base/time.hpp>
#include <migrate/ops/revision_line.hpp>
#include <migrate/ui/style.hpp>

#include "ui/json.hpp"

namespace migrate::ui {

Json to_json(const ops::RevisionLine& line);
Json to_json(std::span<const ops::RevisionLine> lines);

// "[billing] (head) (branch point)"
std::string marks_of(const ops::RevisionLine& line);
enum class Author { left_out, named };
// " and 4 batches of the next (40 rows)", behind the statements that are done; empty where none runs in batches.
std::string batches_text(const std::optional<db::BatchesDone>& batches);
Json batches_json(const std::optional<db::BatchesDone>& batches);

// "applied 2 h ago", "applied 2 h ago by deploy@ci", "half applied: 1 of 3 statements"; then what is odd about its
// file.
std::string state_of(const ops::JournalFacts& facts, Timestamp now, Author author = Author::left_out);

// "a1b2  message": the id in its colour.
std::string render_name(const ops::RevisionSummary& revision, const Style& style);
std::string join_ids(std::span<const revision::RevisionId> ids);

// A line of label and value: "parents   a1b2c3". Later lines of the value stand below the first.
std::string render_field(std::string_view label, std::string_view value, const Style& style);

// One revision per line: id, message, marks, all in columns. `verbose`: file, parents, dates below each.
std::string render_list(std::span<const ops::RevisionLine> lines, const Style& style, bool verbose,
                        std::string_view indent = {});
// What -v adds to a revision, one line each.
std::vector<std::string> details_of(const ops::RevisionLine& line);

// "note: applied state not shown: cannot connect to ..."
std::string not_asked_note(std::string_view why);

}  // namespace migrate::ui
