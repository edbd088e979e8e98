#include "ops/rehearsal/dump.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/program.hpp>
#include <migrate/base/text.hpp>

namespace migrate::ops {
namespace {

Failure copy_failed(const Context& context, std::string what, const ProgramEnd& ended) {
  return {error("copy-failed", std::move(what))
              .note("output", context.settings.secrets.apply(trim(ended.complaint)))
              .note("state", "the database was not changed")
              .help("mend what the program complains of")
              .help("or make the copy elsewhere: --copy=embedded, --copy=server"),
          ExitCode::unreachable};
}

Result<std::string> dump(const Context& context, const Client& client, const DumpOptions& options,
                         std::vector<std::string> words) {
  words.insert(words.begin(), (client.programs / "pg_dump").string());
  // Subscriptions would keep a copy from being dropped; tablespaces are folders of one machine.
  for (const char* word : {"--no-password", "--no-tablespaces", "--no-subscriptions", "--lock-wait-timeout=10s"}) {
    words.emplace_back(word);
  }
  if (!options.owners) words.insert(words.end(), {"--no-owner", "--no-privileges"});
  if (!options.snapshot.empty()) words.push_back("--snapshot=" + options.snapshot);
  MIGRATE_TRY_ASSIGN(ProgramEnd ended, run_program({.words = std::move(words), .environment = client.environment}));
  if (!ended.ok()) return fail(copy_failed(context, "pg_dump could not read the schema", ended));
  return std::move(ended.output);
}

// pg_dump's keys of one run, and options of servers and users.
std::string_view comparable_line(std::string_view line) {
  if (line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ")) return {};
  for (const std::string_view secret : {"    password '", "    sslpassword '"}) {
    if (line.starts_with(secret)) return secret.substr(0, secret.size() - 2);
  }
  return line;
}

std::vector<std::string_view> sorted_lines(std::string_view text) {
  auto lines = split(text, '\n');
  for (auto& line : lines) {
    // The last of a list has none.
    if (line.ends_with(',')) line.remove_suffix(1);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

Result<std::string> dump_schema(const Context& context, const Client& client, const DumpOptions& options) {
  return dump(context, client, options, {"--schema-only"});
}

Result<std::string> dump_rows(const Context& context, const Client& client, const DumpOptions& options,
                              const std::string& schema, const std::string& table) {
  const std::string name = quote_identifier(schema) + "." + quote_identifier(table);
  return dump(context, client, options, {"--data-only", "--table=" + name});
}

Result<void> load(const Context& context, const Client& client, const std::string& sql) {
  MIGRATE_TRY_ASSIGN(
      const ProgramEnd ended,
      run_program({.words = {(client.programs / "psql").string(), "--no-psqlrc", "--quiet", "--no-password",
                             "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null", "--file=-"},
                   .environment = client.environment,
                   .input = sql}));
  if (!ended.ok()) return fail(copy_failed(context, "the schema could not be made again in the copy", ended));
  return {};
}

std::string comparable(std::string_view dump) {
  std::string text;
  for (const auto line : split(dump, '\n')) {
    text += comparable_line(line);
    text += '\n';
  }
  return text;
}

bool is_reordered(std::string_view before, std::string_view after) {
  return before != after && sorted_lines(before) == sorted_lines(after);
}

}  // namespace migrate::ops
