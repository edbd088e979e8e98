#include "ui/json.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/rules/rule.hpp>
#include <migrate/version.hpp>

namespace migrate::ui {
namespace {

Json place(const Source& source, std::size_t byte) {
  const auto [line, column] = source.line_column({byte});
  return {{"line", line}, {"column", column}, {"byte", byte}};
}

void add_place(Json& json, const Source& source, ByteRange range) {
  json["file"] = source.path();
  json["start"] = place(source, range.begin);
  json["end"] = place(source, std::max(range.begin, range.end));
}

void add_label(Json& json, const Label& label) {
  if (label.source) add_place(json, *label.source, label.range);
  if (!label.text.empty()) json["label"] = label.text;
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "error";
}

Json to_json(const Edit& edit) {
  Json json = Json::object();
  if (edit.source) add_place(json, *edit.source, edit.range);
  json["replacement"] = edit.replacement;
  return json;
}

Json to_json(const Help& help) {
  Json json{{"message", help.message}};
  for (const auto& edit : help.edits) json["edits"].push_back(to_json(edit));
  return json;
}

// Below docs/, without ".md".
std::string page_of(const Diagnostic& diagnostic) {
  if (rules::find_rule(diagnostic.id) != nullptr) return "rules/" + diagnostic.id;
  return diagnostic.sqlstate.empty() ? "reference/diagnostics" : "reference/diagnostics#errors-of-the-server";
}

}  // namespace

Json to_json(const Diagnostic& diagnostic) {
  Json json{{"severity", name_of(diagnostic.severity)}, {"id", diagnostic.id}, {"message", diagnostic.message}};
  if (!diagnostic.file.empty()) json["file"] = diagnostic.file;
  if (diagnostic.primary) add_label(json, *diagnostic.primary);
  for (const auto& label : diagnostic.secondary) {
    Json secondary = Json::object();
    add_label(secondary, label);
    json["secondary"].push_back(std::move(secondary));
  }
  if (!diagnostic.sqlstate.empty()) json["sqlstate"] = diagnostic.sqlstate;
  for (const auto& note : diagnostic.notes) json["notes"].push_back({{"label", note.label}, {"text", note.text}});
  for (const auto& help : diagnostic.helps) json["help"].push_back(to_json(help));
  if (!diagnostic.id.empty()) json["doc"] = page_of(diagnostic);
  return json;
}

Json to_json(const Diagnostics& diagnostics) {
  Json json = Json::array();
  for (const auto& diagnostic : diagnostics) json.push_back(to_json(diagnostic));
  return json;
}

Json envelope(std::string_view command, ExitCode exit_code) {
  return {{"format", json_format},
          {"tool", fmt::format("migrate {}", version)},
          {"command", command},
          {"exit_code", static_cast<int>(exit_code)}};
}

std::string dump(const Json& json, bool one_line) {
  return json.dump(one_line ? -1 : 2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace migrate::ui
