#include "ops/look.hpp"

#include <fmt/format.h>

#include "ops/embedded.hpp"

namespace migrate::ops {
namespace {

bool embedded_sleeps(const Context& context) {
  if (!context.settings.database.value.embedded) return false;
  const auto cluster = embedded_cluster(context);
  return !cluster || !cluster->status().running;
}

}  // namespace

Result<Look> look(const Context& context, const History& history) {
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context));
  MIGRATE_TRY_ASSIGN(auto journal, read_journal(context, connection));
  MIGRATE_TRY_ASSIGN(Standing standing, lay_over(history, std::move(journal)));
  return Look{std::move(connection), std::move(standing)};
}

bool is_configured(const config::Settings& settings) { return settings.database.origin != config::Origin::fallback; }

Glance glance(const Context& context, const History& history) {
  if (!is_configured(context.settings)) return {};
  if (embedded_sleeps(context)) return {.look = {}, .why_not = "the embedded PostgreSQL does not run"};

  config::Settings hurried = context.settings;
  // Not nothing: with a limit of its own a silent host is given up after a second instead of libpq's ten.
  hurried.wait.value = std::chrono::milliseconds(1);
  const Context quick{.settings = hurried,
                      .observer = context.observer,
                      .interrupt = context.interrupt,
                      .now = context.now,
                      .random = context.random,
                      .show_detail = context.show_detail};
  auto found = look(quick, history);
  if (!found) return {.look = {}, .why_not = found.error().diagnostics.front().message};
  return {.look = *std::move(found), .why_not = {}};
}

}  // namespace migrate::ops
