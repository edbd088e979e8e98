#include <migrate/rules/rule.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace migrate::rules {
namespace {

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kilo = 1024;
  if (bytes < 10 * kilo) return fmt::format("{} bytes", bytes);
  if (bytes < 10 * kilo * kilo) return fmt::format("{} kB", bytes / kilo);
  if (bytes < 10 * kilo * kilo * kilo) return fmt::format("{} MB", bytes / (kilo * kilo));
  return fmt::format("{} GB", bytes / (kilo * kilo * kilo));
}

std::string count_text(double rows) {
  if (rows < 1'000) return fmt::format("{:.0f}", rows);
  if (rows < 1'000'000) return fmt::format("{:.0f} k", rows / 1'000);
  return fmt::format("{:.1f} M", rows / 1'000'000);
}

}  // namespace

int Site::server_version() const { return schema.server_version.value_or(options.minimum_version); }

bool Site::in_transaction() const { return revision.transactional; }

bool Site::is_visible(const sql::QualifiedName& table) const {
  const auto* found = relation(table);
  if (!found) return !schema.complete;
  if (found->temporary || found->origin == catalog::Origin::this_revision) return false;
  // On a live database nobody can use yet what the run itself is about to make.
  return found->origin == catalog::Origin::database || !schema.complete;
}

bool Site::may_hold_rows(const sql::QualifiedName& table) const {
  if (!is_visible(table)) return false;
  const auto* found = relation(table);
  return !found || found->rows != catalog::Rows::none;
}

bool Site::is_small(const sql::QualifiedName& table) const {
  const auto* found = relation(table);
  return found && found->bytes && *found->bytes < options.small_table_bytes;
}

std::string Site::why_rows(const sql::QualifiedName& table) const {
  const std::string name = to_text(table);
  const auto* found = relation(table);
  if (!found) return fmt::format("`{}` is assumed to hold rows: no database was asked", name);
  if (found->rows == catalog::Rows::some && found->bytes) {
    const std::string size = size_text(*found->bytes);
    return found->row_estimate
               ? fmt::format("`{}` holds about {} rows ({})", name, count_text(*found->row_estimate), size)
               : fmt::format("`{}` holds rows ({})", name, size);
  }
  if (found->rows == catalog::Rows::some) return fmt::format("`{}` holds rows", name);
  if (!found->made_by.empty()) return fmt::format("`{}` was created in {} and may hold rows", name, found->made_by);
  return fmt::format("`{}` may hold rows", name);
}

bool Site::is_volatile(const sql::Expression& expression) const {
  return std::any_of(expression.functions.begin(), expression.functions.end(), [&](const sql::FunctionCall& call) {
    const bool of_user = !call.name.schema.empty() && call.name.schema != "pg_catalog";
    if (const auto* function = schema.find_function(call.name)) {
      return function->volatility == catalog::Volatility::volatile_;
    }
    const auto built_in = of_user ? std::nullopt : catalog::built_in_volatility(call.name.name);
    return !built_in || *built_in == catalog::Volatility::volatile_;
  });
}

Finding Site::finding(ByteRange range, std::string message, std::string label) const {
  Finding finding;
  finding.diagnostic = error("", std::move(message)).at(revision.source, range, std::move(label));
  return finding;
}

void Site::soften_if_small(Finding& finding, const sql::QualifiedName& table) const {
  if (!is_small(table)) return;
  finding.at_most = std::min(finding.at_most.value_or(Level::error), Level::warning);
  finding.diagnostic.notes.push_back({"note", fmt::format("`{}` is small: a warning only", to_text(table))});
}

}  // namespace migrate::rules
