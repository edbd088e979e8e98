#include "db/connect.hpp"

#include <migrate/base/time.hpp>

#include "db/poll_wait.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{1000};

// libpq's last words without what its first words say again.
std::string last_words(std::string_view text) {
  const auto failed = text.rfind(" failed: ");
  if (failed != std::string_view::npos) text.remove_prefix(failed + 9);
  if (text.starts_with("FATAL: ")) text.remove_prefix(7);
  const auto question = text.find("; Is the server running");
  return std::string(text.substr(0, question));
}

std::string reason_of(const AttemptError& refused) {
  switch (refused.refusal) {
    case Refusal::nothing_listens: return "no server listens there";
    case Refusal::unknown_host: return "the host is not known";
    case Refusal::no_answer: return "there is no answer";
    case Refusal::link_lost: return "the server closed the connection";
    default: return last_words(refused.text);
  }
}

// Where a person goes on reading who has `role "x" does not exist` before him.
std::string authentication_help(const AttemptError& refused) {
  if (refused.sqlstate == "28P01") return "check the password in DATABASE_URL, PGPASSWORD or ~/.pgpass (mode 0600)";
  return fmt::format("check that role `{}` exists and that the server's pg_hba.conf lets it in from here",
                     refused.target.user);
}

Diagnostic cannot_connect(const AttemptError& refused, milliseconds waited) {
  Diagnostic diagnostic =
      error("cannot-connect", fmt::format("cannot connect to {}: {}", describe(refused.target), reason_of(refused)));
  if (is_passing(refused.refusal)) {
    if (refused.refusal != Refusal::starting) {
      diagnostic = std::move(diagnostic)
                       .help(
                           "start the server, or check host and port: `migrate config` shows where "
                           "they come from");
    }
    diagnostic = waited.count() > 0
                     ? std::move(diagnostic).note(fmt::format("tried again for {}", format_duration(waited)))
                     : std::move(diagnostic).help("`--wait 30s` keeps trying while a server starts");
    if (refused.refusal == Refusal::nothing_listens) {
      diagnostic = std::move(diagnostic).help("for local work, `migrate dev start` runs a PostgreSQL of its own");
    }
  } else {
    diagnostic = std::move(diagnostic)
                     .help(
                         "check the connection's settings: `migrate config` shows where they come "
                         "from");
  }
  return diagnostic;
}

Diagnostic describe_refusal(const AttemptError& refused, milliseconds waited) {
  const std::string target = describe(refused.target);
  switch (refused.refusal) {
    case Refusal::missing_password:
      return error("authentication-failed", fmt::format("{} asks for a password and there is none", target))
          .help("give it in ~/.pgpass (mode 0600), in PGPASSWORD, or in DATABASE_URL");
    case Refusal::authentication:
      return error("authentication-failed", fmt::format("cannot log in to {}", target))
          .help(authentication_help(refused));
    case Refusal::no_database:
      return error("no-such-database", fmt::format("database `{}` does not exist at {}:{}", refused.target.database,
                                                   refused.target.host, refused.target.port))
          .help("check the name")
          .help(fmt::format("create it: createdb -h {} -p {} -U {} {}", refused.target.host, refused.target.port,
                            refused.target.user, refused.target.database));
    case Refusal::interrupted:
      return error("interrupted", fmt::format("interrupted while connecting to {}", target))
          .help("run the same command again");
    default: return cannot_connect(refused, waited);
  }
}

}  // namespace

Failure connect_failure(AttemptError refused, milliseconds waited, const ConnectOptions& options) {
  if (options.mask) refused.text = options.mask(refused.text);
  Diagnostic diagnostic = describe_refusal(refused, waited);
  diagnostic.sqlstate = refused.sqlstate;
  if (refused.refusal != Refusal::interrupted) {
    diagnostic =
        refused.sqlstate.empty()
            ? std::move(diagnostic).note("libpq", refused.text)
            : std::move(diagnostic).note("postgres", fmt::format("SQLSTATE {}; {}", refused.sqlstate, refused.text));
  }
  diagnostic = std::move(diagnostic).note("state", "nothing was changed");
  return {std::move(diagnostic), refused.refusal == Refusal::interrupted     ? ExitCode::interrupted
                                 : refused.refusal == Refusal::wrong_setting ? ExitCode::usage
                                                                             : ExitCode::unreachable};
}

Result<PqConnection> connect_patiently(const ConnectOptions& options) {
  MIGRATE_TRY_ASSIGN(const ConnectParameters parameters, ConnectParameters::parse(options));
  const auto begun = Clock::now();
  const auto left = [&] { return std::chrono::ceil<milliseconds>(begun + options.wait - Clock::now()); };
  milliseconds pause = first_pause;
  for (;;) {
    // A silent host must not take more than what is left of the wait, once that is all there is.
    const milliseconds limit = options.wait.count() > 0 ? std::max(left(), milliseconds(1000)) : milliseconds::max();
    auto connection = attempt_connection(parameters, options.interrupt, limit);
    if (connection) return *std::move(connection);
    AttemptError& refused = connection.error();
    if (!is_passing(refused.refusal) || left().count() <= 0) {
      const auto waited =
          options.wait.count() > 0 ? std::chrono::floor<milliseconds>(Clock::now() - begun) : milliseconds(0);
      return fail(connect_failure(refused, waited, options));
    }
    if (wait_for(-1, 0, options.interrupt, std::min(pause, left())) == Wake::interrupted) {
      refused.refusal = Refusal::interrupted;
      return fail(connect_failure(refused, milliseconds(0), options));
    }
    pause = std::min(pause * 2, longest_pause);
  }
}

}  // namespace migrate::db
