// A service that looks after its own schema: it says how its database stands, upgrades it when told to, and refuses to
// serve while something is pending.
//
//   service             exit code 0: the schema is current; 1: it is not: revisions are pending, half-done,
//                       changed or missing
//   service --upgrade   runs what is pending first
//
// Settings and revision files are those of the `migrate` program: migrate.toml, migrations/, DATABASE_URL.
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <migrate/config/settings.hpp>
#include <migrate/ops/migration.hpp>
#include <migrate/ops/status.hpp>
#include <migrate/ui/diagnostic_text.hpp>
#include <migrate/version.hpp>

extern char** environ;

namespace {

migrate::config::Environment environment() {
  migrate::config::Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      variables.emplace(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  }
  return variables;
}

int refuse(const migrate::Failure& failure) {
  std::cerr << migrate::ui::render_diagnostics(failure.diagnostics, {});
  return static_cast<int>(failure.exit_code);
}

// Shows each revision as it is done; every other event is of no interest here.
struct Log final : migrate::ops::Observer {
  void step_done(const migrate::ops::StepSummary& step, const migrate::db::RunReport& report) override {
    std::cout << "applied " << step.revision.id.str() << " (" << step.revision.message << ") in "
              << report.duration.count() << " ms\n";
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto loaded = migrate::config::load_settings({}, environment(), std::filesystem::current_path());
  if (!loaded) return refuse(loaded.error());

  Log log;
  const auto context = migrate::ops::make_context(loaded->settings, log);

  if (argc > 1 && std::string_view(argv[1]) == "--upgrade") {
    const auto outcome = migrate::ops::upgrade(context, "heads", {});
    if (outcome.failure) return refuse(*outcome.failure);
  }

  const auto status = migrate::ops::status(context);
  if (!status) return refuse(status.error());
  std::cout << "migrate " << migrate::version << ", PostgreSQL " << status->database.server_version << ": "
            << status->files << " revisions, " << status->pending.size() << " pending\n";
  for (const auto& line : status->pending)
    std::cout << "  " << line.revision.id.str() << "  " << line.revision.message << '\n';
  return status->settled() ? 0 : 1;
}
