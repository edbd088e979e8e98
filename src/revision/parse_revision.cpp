#include <migrate/revision/revision_file.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/digest.hpp>
#include <migrate/base/text.hpp>

#include "revision/header.hpp"
#include "revision/section.hpp"
#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

Diagnostic not_utf8(const SourcePtr& source, std::size_t at) {
  const bool nul = source->text()[at] == '\0';
  return error("not-utf8", nul ? "the file holds a NUL byte" : "the file is not UTF-8")
      .at(source, {at, at + 1}, nul ? "" : fmt::format("byte 0x{:02x}", static_cast<unsigned char>(source->text()[at])))
      .help(nul ? "is it a text? PostgreSQL takes no NUL in SQL" : "save the file as UTF-8");
}

Diagnostic no_sections(const SourcePtr& source, const ParsedHeader& header) {
  const auto end = source->text().size();
  return error("missing-upgrade", "there is no upgrade section")
      .at(source, header.text_before.value_or(ByteRange{end, end}))
      .help(
          "put a line `-- migrate:upgrade` above the statements that make the change, and `-- migrate:downgrade` "
          "above those that undo it");
}

Diagnostic text_before_section(const SourcePtr& source, const ParsedHeader& header) {
  return error("text-before-section", "a statement stands before the first section")
      .at(source, *header.text_before)
      .also(source, header.first_section->line, "the first section")
      .help("move it below the line of its section: it would not be run where it is");
}

Diagnostics empty_sections(const SourcePtr& source, const ParsedSections& sections) {
  Diagnostics found;
  const auto is_empty = [&](const std::optional<Section>& section) {
    return section && !first_statement(source->text(), section->body);
  };
  if (is_empty(sections.upgrade)) {
    found.push_back(error("empty-upgrade", "the upgrade section is empty")
                        .at(source, sections.upgrade->marker)
                        .help("write the statements that make the change below this line"));
  }
  if (is_empty(sections.downgrade)) {
    found.push_back(error("empty-downgrade", "the downgrade section is empty")
                        .at(source, sections.downgrade->marker)
                        .help("write the statements that undo the change below this line")
                        .help("where nothing can undo it, say why: `-- migrate:downgrade irreversible: REASON`"));
  }
  return found;
}

void append(Diagnostics& all, Diagnostics more) { std::move(more.begin(), more.end(), std::back_inserter(all)); }

/// A section whose word is misspelt is not missing too.
void drop_echoes(Diagnostics& all) {
  const auto is_misspelt = [](const Diagnostic& diagnostic) { return diagnostic.id == "unknown-section"; };
  if (std::none_of(all.begin(), all.end(), is_misspelt)) return;
  std::erase_if(all, [](const Diagnostic& diagnostic) {
    return diagnostic.id == "missing-upgrade" || diagnostic.id == "missing-downgrade";
  });
}

Failure in_order_of_text(Diagnostics all) {
  drop_echoes(all);
  std::stable_sort(all.begin(), all.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.primary->range.begin < b.primary->range.begin;
  });
  return Failure(std::move(all));
}

}  // namespace

Result<RevisionFile> parse_revision(const SourcePtr& source) {
  if (const auto at = find_invalid_utf8(source->text())) return fail(not_utf8(source, *at));

  auto header = parse_header(source);
  auto problems = std::move(header.diagnostics);
  if (!header.first_section) {
    problems.push_back(no_sections(source, header));
    return fail(in_order_of_text(std::move(problems)));
  }
  if (header.text_before) problems.push_back(text_before_section(source, header));

  auto sections = parse_sections(source, *header.first_section);
  append(problems, std::move(sections.diagnostics));
  if (!problems.empty()) return fail(in_order_of_text(std::move(problems)));

  RevisionFile file;
  // A merge has nothing to say of its own. Another revision without statements is one that is still being written: it
  // has its place in the graph, but whoever wants to run it is refused.
  const bool merge = header.header.parents.size() > 1;
  if (!merge) file.unwritten = empty_sections(source, sections);
  file.path = source->path();
  file.header = std::move(header.header);
  file.upgrade = *sections.upgrade;
  file.downgrade = sections.downgrade;
  file.irreversible = std::move(sections.irreversible);
  file.downgrade_text = sections.downgrade_text;
  file.raw_checksum = raw_checksum(source->text());
  return file;
}

RevisionId read_revision_id(const SourcePtr& source) {
  const auto id = parse_header(source).header.id.value;
  return RevisionId::is_valid(id.str()) ? id : RevisionId();
}

std::string raw_checksum(std::string_view text) {
  auto cr = text.find("\r\n");
  if (cr == std::string_view::npos) return sha256_hex(text);
  Sha256 digest;
  for (; cr != std::string_view::npos; cr = text.find("\r\n")) {
    digest.update(text.substr(0, cr));
    text.remove_prefix(cr + 1);
  }
  digest.update(text);
  return digest.hex();
}

}  // namespace migrate::revision
