// A revision file of any bytes: parsing ends, keeps to the text, and what it reads it writes again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <migrate/base/text.hpp>
#include <migrate/revision/revision_file.hpp>

namespace {

using namespace migrate;
using namespace migrate::revision;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_inside(std::string_view text, ByteRange range) {
  require(range.begin <= range.end && range.end <= text.size());
}

void check_places(const Diagnostics& diagnostics) {
  require(!diagnostics.empty());
  for (const auto& diagnostic : diagnostics) {
    require(!diagnostic.id.empty() && !diagnostic.message.empty());
    require(diagnostic.primary.has_value());
    require_inside(diagnostic.primary->source->text(), diagnostic.primary->range);
    for (const auto& label : diagnostic.secondary) require_inside(label.source->text(), label.range);
    for (const auto& help : diagnostic.helps) {
      for (const auto& edit : help.edits) require_inside(edit.source->text(), edit.range);
    }
  }
}

void check_sections(const Source& source, const RevisionFile& file) {
  require_inside(source.text(), file.upgrade.marker);
  require_inside(source.text(), file.upgrade.body);
  require(file.upgrade.marker.end <= file.upgrade.body.begin);
  require(file.downgrade.has_value() != file.irreversible.has_value());
  if (!file.downgrade) return;
  require_inside(source.text(), file.downgrade->body);
  require(file.upgrade.body.end <= file.downgrade->marker.begin ||
          file.downgrade->body.end <= file.upgrade.marker.begin);
}

template <class T>
bool same_values(const std::vector<Located<T>>& a, const std::vector<Located<T>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.value == y.value; });
}

/// The header, and the sections as they stand, rendered and read again.
void check_round_trip(const Source& source, const RevisionFile& file) {
  NewRevision made{.message = file.header.message,
                   .id = file.header.id.value,
                   .parents = {},
                   .depends_on = {},
                   .labels = {},
                   .create_date = file.header.create_date,
                   .transaction_none = file.header.transaction_none,
                   .prose = file.header.prose,
                   .upgrade_sql = "SELECT 1;",
                   .downgrade_sql = file.downgrade ? std::string("SELECT 2;") : std::string(),
                   .irreversible = file.irreversible};
  for (const auto& parent : file.header.parents) made.parents.push_back(parent.value);
  for (const auto& dependency : file.header.depends_on) made.depends_on.push_back(dependency.value);
  for (const auto& label : file.header.labels) made.labels.push_back(label.value);
  // A lone carriage return ends no line when it is read, and would end one when it is written.
  if (file.header.message.find('\r') != std::string::npos) return;
  // Prose may have been told from metadata by where it stood; below the metadata it would be an error.
  const auto again = parse_revision(make_source("again.sql", render_revision(made)));
  if (!again) return;
  require(again->header.id.value == file.header.id.value);
  require(again->header.message == file.header.message);
  require(same_values(again->header.parents, file.header.parents));
  require(same_values(again->header.depends_on, file.header.depends_on));
  require(same_values(again->header.labels, file.header.labels));
  require(again->header.create_date == file.header.create_date);
  require(again->irreversible == file.irreversible);
  require(raw_checksum(source.text()) == file.raw_checksum);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source = make_source("fuzz.sql", std::string(reinterpret_cast<const char*>(data), size));
  const auto file = parse_revision(source);
  if (!file) {
    check_places(file.error().diagnostics);
    return 0;
  }
  if (!file->unwritten.empty()) check_places(file->unwritten);
  check_sections(*source, *file);
  check_round_trip(*source, *file);
  return 0;
}
