#include "ui/answer.hpp"

#include <charconv>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ops/lock.hpp>

#include "ui/reports.hpp"

namespace migrate::ui {

namespace {

std::optional<int> parse_port(std::string_view text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

Json to_json(const ops::RevisionSummary& revision) {
  return {{"revision", revision.id.str()}, {"message", revision.message}, {"file", revision.path}};
}

Json to_json(const db::DatabaseInfo& database) {
  const auto port = parse_port(database.port);
  return {{"name", database.database},
          {"host", database.host},
          {"port", port ? Json(*port) : Json()},
          {"user", database.user},
          {"server_version", database.server_version}};
}

Json to_json(const ops::StepSummary& step) {
  Json result = to_json(step.revision);
  result["direction"] = step.direction == db::Direction::up ? "up" : "down";
  result["transaction"] = step.transactional;
  result["statements"] = step.statements;
  return result;
}

Json to_json(const std::optional<db::LockHolder>& holder) {
  if (!holder) return {};
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  const auto seconds = [](const auto& value) { return value ? Json(value->count()) : Json(); };
  return {{"pid", holder->pid},
          {"user", text(holder->user)},
          {"application", text(holder->application)},
          {"client", text(holder->client)},
          {"state", text(holder->state)},
          {"state_seconds", seconds(holder->since)},
          {"connected_seconds", seconds(holder->connected)},
          {"migrate", ops::is_migrate(*holder)}};
}

Json ids_to_json(std::span<const ops::RevisionSummary> revisions) {
  Json result = Json::array();
  for (const auto& revision : revisions) result.push_back(revision.id.str());
  return result;
}

ExitCode answer(Output& output, Json body, ExitCode exit_code) {
  if (is_report(output.options().format)) {
    output.text(render_report(output.options().format, output.reported()));
    return exit_code;
  }
  Json whole = envelope(output.options().command, exit_code);
  whole.update(body);
  Json diagnostics = Json::array();
  for (const auto& diagnostic : output.reported()) diagnostics.push_back(to_json(diagnostic));
  whole["diagnostics"] = std::move(diagnostics);
  const bool one_line = output.options().format == Format::jsonl;
  if (one_line) whole["type"] = "summary";
  output.text(dump(whole, one_line));
  return exit_code;
}

std::string describe(const db::DatabaseInfo& database) {
  const bool socket = database.host.starts_with('/') || database.host.empty();
  const std::string place = socket ? (database.host.empty() ? "local socket" : database.host)
                                   : fmt::format("{}:{}", database.host, database.port);
  return fmt::format("{} at {} (PostgreSQL {})", database.database, place, database.server_version);
}

std::string describe_place(std::span<const ops::RevisionSummary> heads) {
  if (heads.empty()) return "base";
  std::vector<std::string> ids;
  for (const auto& head : heads) ids.push_back(head.id.str());
  return join_with_and(ids);
}

std::string_view sign(db::Direction direction) { return direction == db::Direction::up ? "+" : "-"; }

}  // namespace migrate::ui
