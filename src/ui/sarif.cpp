#include <algorithm>

#include <fmt/format.h>

#include <migrate/rules/rule.hpp>
#include <migrate/version.hpp>

#include "ui/json.hpp"
#include "ui/reports.hpp"

namespace migrate::ui {
namespace {

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "note";
  }
  return "error";
}

std::string_view level_of(rules::Level level) {
  return level == rules::Level::off ? std::string_view("none") : rules::to_text(level);
}

/// A relative reference: what is no path character is encoded.
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

Json region_of(const LineColumn& begin, const LineColumn& end) {
  return {{"startLine", begin.line}, {"startColumn", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

Json location_of(const ReportedPlace& place) {
  Json physical{{"artifactLocation", {{"uri", uri_of(place.path)}}}};
  if (place.has_region) physical["region"] = region_of(place.begin, place.end);
  return {{"physicalLocation", std::move(physical)}};
}

Json fix_of(const Help& help) {
  Json changes = Json::array();
  for (const auto& edit : help.edits) {
    const auto begin = edit.source->line_column({edit.range.begin}), end = edit.source->line_column({edit.range.end});
    changes.push_back({{"artifactLocation", {{"uri", uri_of(edit.source->path())}}},
                       {"replacements", Json::array({{{"deletedRegion", region_of(begin, end)},
                                                      {"insertedContent", {{"text", edit.replacement}}}}})}});
  }
  return {{"description", {{"text", help.message}}}, {"artifactChanges", std::move(changes)}};
}

Json rule_of(const std::string& id) {
  Json json{{"id", id}};
  const auto* rule = rules::find_rule(id);
  if (rule == nullptr) return json;
  json["shortDescription"] = {{"text", rule->summary}};
  const auto page = rules::page_of(id);
  if (!page.empty()) json["help"] = {{"text", page}, {"markdown", page}};
  json["defaultConfiguration"] = {{"level", level_of(rule->level)}};
  json["properties"] = {{"tags", Json::array({rules::to_text(rule->category)})}};
  return json;
}

Json result_of(const Diagnostic& diagnostic, std::size_t rule, const std::string& fingerprint) {
  std::string message = diagnostic.message;
  for (const auto& help : diagnostic.helps) message += "\nhelp: " + help.message;
  Json result{{"ruleId", diagnostic.id},
              {"ruleIndex", rule},
              {"level", level_of(diagnostic.severity)},
              {"message", {{"text", message}}}};
  const auto place = place_of(diagnostic);
  if (!place.path.empty()) result["locations"] = Json::array({location_of(place)});
  result["partialFingerprints"] = {{"migrate/v1", fingerprint}};
  for (const auto& help : diagnostic.helps) {
    const bool whole =
        std::all_of(help.edits.begin(), help.edits.end(), [](const Edit& edit) { return edit.source != nullptr; });
    if (!help.edits.empty() && whole) result["fixes"].push_back(fix_of(help));
  }
  return result;
}

}  // namespace

std::string render_sarif(std::span<const Diagnostic> diagnostics) {
  std::vector<std::string> ids;
  for (const auto& diagnostic : diagnostics) ids.push_back(diagnostic.id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());

  Json rules = Json::array(), results = Json::array();
  for (const auto& id : ids) rules.push_back(rule_of(id));
  const auto prints = fingerprints(diagnostics);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const auto at = std::lower_bound(ids.begin(), ids.end(), diagnostics[i].id);
    results.push_back(result_of(diagnostics[i], static_cast<std::size_t>(at - ids.begin()), prints[i]));
  }
  Json driver{{"name", "migrate"}, {"version", version}, {"rules", std::move(rules)}};
  Json run{
      {"tool", {{"driver", std::move(driver)}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({std::move(run)})}},
              false);
}

}  // namespace migrate::ui
