#include "db/connect_attempt.hpp"

#include <migrate/base/text.hpp>

#include "db/poll_wait.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Where nobody says anything: libpq itself would wait for ever.
constexpr seconds default_connect_timeout{10};

struct Host {
  std::string name, address, port;
  bool operator==(const Host&) const = default;
};

std::string text_of(const char* text) { return text ? text : std::string(); }

Host current_host(const PGconn* connection) {
  return {text_of(PQhost(connection)), text_of(PQhostaddr(connection)), text_of(PQport(connection))};
}

ConnectTarget target_of(const PGconn* connection) {
  ConnectTarget target{text_of(PQdb(connection)), text_of(PQhost(connection)), text_of(PQport(connection)),
                       text_of(PQuser(connection))};
  // A connection string in the place of a database's name: libpq takes it as a name, and it may hold a password.
  if (target.database.find_first_of("=:") != std::string::npos) target.database = "(not a database name)";
  return target;
}

// The options in effect: given ones, those of the environment, of a service file, libpq's own.
std::string effective_option(PGconn* connection, std::string_view keyword) {
  const PqOptions options(PQconninfo(connection));
  if (!options) return {};
  for (const auto* option = options.get(); option->keyword; ++option) {
    if (keyword == option->keyword) return text_of(option->val);
  }
  return {};
}

milliseconds connect_timeout(PGconn* connection) {
  const std::string text = effective_option(connection, "connect_timeout");
  if (text.empty()) return default_connect_timeout;
  int chosen = 0;
  std::from_chars(text.data(), text.data() + text.size(), chosen);
  return chosen <= 0 ? milliseconds::max() : milliseconds(seconds(chosen));
}

std::vector<std::string> list_option(PGconn* connection, std::string_view keyword) {
  const std::string text = effective_option(connection, keyword);
  std::vector<std::string> items;
  if (text.empty()) return items;
  for (const auto item : split(text, ',')) items.emplace_back(item);
  return items;
}

// libpq goes on to the next host by itself where one refuses. Where one is silent, the one way to go on is a new
// connection to the hosts after it.
std::optional<ConnectParameters> hosts_after(const Host& silent, const ConnectParameters& parameters,
                                             PGconn* connection) {
  const auto names = list_option(connection, "host");
  const auto addresses = list_option(connection, "hostaddr");
  const auto ports = list_option(connection, "port");
  const auto is = [](const std::vector<std::string>& items, std::size_t index, const std::string& wanted) {
    if (items.size() == 1) return items.front() == wanted;
    return index < items.size() && (items[index].empty() || items[index] == wanted);
  };
  for (std::size_t i = 0; i + 1 < std::max(names.size(), addresses.size()); ++i) {
    if (!is(names, i, silent.name) && !is(addresses, i, silent.address)) continue;
    if (!ports.empty() && !is(ports, i, silent.port)) continue;
    ConnectParameters left = parameters;
    const auto keep_after = [&](const char* keyword, const std::vector<std::string>& items) {
      if (items.size() > 1)
        left.set(keyword, fmt::format("{}", fmt::join(items.begin() + static_cast<long>(i) + 1, items.end(), ",")));
    };
    keep_after("host", names);
    keep_after("hostaddr", addresses);
    keep_after("port", ports);
    return left;
  }
  return std::nullopt;
}

// The server cuts names at 63 bytes.
void hide(std::string& text, std::string_view name, std::string_view replacement) {
  const std::string_view told = name.substr(0, 60);
  const auto begin = text.find(told);
  if (begin == std::string::npos) return;
  const auto end = text.find('"', begin + told.size());
  text.replace(begin, end == std::string::npos ? end : end - begin, replacement);
}

class Attempt {
 public:
  Attempt(const ConnectParameters& parameters, const Interrupt* interrupt, milliseconds limit)
      : parameters_(parameters),
        connection_(PQconnectStartParams(parameters.keywords().data(), parameters.values().data(), 0)),
        interrupt_(interrupt),
        limit_(limit) {}

  // Where to go on after a silent host, if there are more.
  [[nodiscard]] const std::optional<ConnectParameters>& next() const { return next_; }

  Result<PqConnection, AttemptError> run() {
    if (!connection_) return Unexpected{AttemptError{Refusal::other, {}, "out of memory", {}}};
    PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);  // for split_verbose_text(), from now on
    const milliseconds per_host = std::min(connect_timeout(connection_.get()), limit_);
    Host host = current_host(connection_.get());
    auto deadline = Clock::now() + std::min<milliseconds>(per_host, std::chrono::hours(24));

    // PQconnectPoll is not to be called before the socket is writable: that is how its protocol begins.
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    if (PQstatus(connection_.get()) == CONNECTION_BAD) status = PGRES_POLLING_FAILED;
    while (status != PGRES_POLLING_OK) {
      if (status == PGRES_POLLING_FAILED) return refused();
      const short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      switch (wait_for(PQsocket(connection_.get()), events, interrupt_, left)) {
        case Wake::interrupted: return ended(Refusal::interrupted, {}, "interrupted");
        case Wake::timed_out:
          next_ = hosts_after(host, parameters_, connection_.get());
          return ended(Refusal::no_answer, {}, "no answer from " + host.name);
        case Wake::ready: break;
      }
      status = PQconnectPoll(connection_.get());
      if (Host now = current_host(connection_.get()); now != host) {
        host = std::move(now);
        deadline = Clock::now() + std::min<milliseconds>(per_host, std::chrono::hours(24));
      }
    }
    return std::move(connection_);
  }

 private:
  Unexpected<AttemptError> refused() {
    ErrorText text = split_verbose_text(PQerrorMessage(connection_.get()));
    Refusal refusal = classify(text);
    if (PQconnectionNeedsPassword(connection_.get())) refusal = Refusal::missing_password;
    return ended(refusal, std::move(text.sqlstate), std::move(text.text));
  }

  Unexpected<AttemptError> ended(Refusal refusal, std::string sqlstate, std::string text) {
    const std::string raw_database = text_of(PQdb(connection_.get()));
    AttemptError error{refusal, std::move(sqlstate), std::move(text), target_of(connection_.get())};
    if (error.target.database != raw_database) hide(error.text, raw_database, error.target.database);
    return {std::move(error)};
  }

  const ConnectParameters& parameters_;
  PqConnection connection_;
  std::optional<ConnectParameters> next_;
  const Interrupt* interrupt_;
  milliseconds limit_;
};

}  // namespace

bool is_passing(Refusal refusal) {
  switch (refusal) {
    case Refusal::nothing_listens:
    case Refusal::unknown_host:
    case Refusal::no_answer:
    case Refusal::starting:
    case Refusal::link_lost: return true;
    default: return false;
  }
}

Refusal classify(const ErrorText& text) {
  const auto says = [&](std::string_view words) { return text.text.find(words) != std::string::npos; };
  if (!text.sqlstate.empty()) {
    if (text.sqlstate.starts_with("28")) return Refusal::authentication;
    if (text.sqlstate == "3D000") return Refusal::no_database;
    // 57P03: starting up, shutting down, in recovery. 53300: all connections are taken.
    if (text.sqlstate == "57P03" || text.sqlstate == "53300") return Refusal::starting;
    return Refusal::other;
  }
  // libpq has no codes for its own complaints; their words are never translated here (setlocale is not called).
  if (says("Connection refused") || says("No such file or directory")) return Refusal::nothing_listens;
  if (says("could not translate host name")) return Refusal::unknown_host;
  if (text.text.starts_with("invalid ")) return Refusal::wrong_setting;
  if (says("timed out") || says("timeout expired") || says("No route to host") || says("is unreachable")) {
    return Refusal::no_answer;
  }
  if (says("server closed the connection unexpectedly") || says("Connection reset by peer")) return Refusal::link_lost;
  return Refusal::other;
}

Result<PqConnection, AttemptError> attempt_connection(const ConnectParameters& parameters, const Interrupt* interrupt,
                                                      milliseconds limit) {
  ConnectParameters hosts = parameters;
  for (;;) {
    Attempt attempt(hosts, interrupt, limit);
    auto done = attempt.run();
    if (done || !attempt.next()) return done;
    hosts = ConnectParameters(*attempt.next());
  }
}

}  // namespace migrate::db
