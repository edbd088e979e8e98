#include "kill/ground.hpp"

#include <csignal>
#include <set>
#include <stdexcept>

#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "kill/look.hpp"

namespace migrate::kill {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using test::ChildEnd;
using test::ChildProgram;

constexpr milliseconds hang_limit{60'000};
constexpr const char* server_socket = ".s.PGSQL.5432";
constexpr std::size_t most_runs = 6;

constexpr int left_behind = 5;
// What the program may end with when it is disturbed: docs/reference/exit-codes.md. SIGTERM kills it as any program as
// long as its main() has not begun.
const std::set<int> documented{0, 3, 4, 5, 130, 128 + SIGKILL, 128 + SIGTERM};
constexpr std::size_t most_lines = 8;

std::vector<std::string> words_of(Direction direction) {
  if (direction == Direction::up) return {MIGRATE_PROGRAM, "upgrade", "head", "--no-lint"};
  return {MIGRATE_PROGRAM, "downgrade", "base"};
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  for (const auto line : split(text, '\n')) lines.emplace(line);
  return lines;
}

std::string difference(const std::string& wanted, const std::string& found) {
  if (wanted == found) return {};
  const auto a = lines_of(wanted), b = lines_of(found);
  std::string text;
  const auto tell = [&text](const char* what, const std::set<std::string>& lines, const std::set<std::string>& others) {
    std::size_t told = 0;
    for (const auto& line : lines) {
      if (others.contains(line)) continue;
      if (++told <= most_lines) text += fmt::format("  {}: {}\n", what, line);
    }
    if (told > most_lines) text += fmt::format("  {}: {} lines more\n", what, told - most_lines);
  };
  tell("missing", a, b);
  tell("too much", b, a);
  return text.empty() ? "  a line stands there more or less often\n" : text;
}

// host='...' of a conninfo.
std::filesystem::path socket_directory_of(const std::string& conninfo) {
  constexpr std::string_view before = "host='";
  const auto begin = conninfo.find(before) + before.size();
  return conninfo.substr(begin, conninfo.find('\'', begin) - begin);
}

// What a broken attempt left invalid has to be dropped before the index is built again.
bool is_clearing_up(const std::string& what) { return what.starts_with("dropped index "); }

}  // namespace

Ground::Ground(const History& history)
    : Ground(
          history, [](std::string_view name) { return test::TestServer::instance().conninfo(name); },
          test::TestServer::instance().socket_directory() / server_socket) {}

Ground::Ground(const History& history, test::PrivateServer& server)
    : Ground(
          history, [&server](std::string_view name) { return server.conninfo(name); },
          socket_directory_of(server.conninfo()) / server_socket) {}

Ground::Ground(const History& history, const test::Pooler& pooler)
    : Ground(
          history, [](std::string_view name) { return test::TestServer::instance().conninfo(name); }, pooler.socket()) {
}

Ground::Ground(const History& history, std::function<std::string(std::string_view)> conninfo,
               std::filesystem::path socket)
    : conninfo_(std::move(conninfo)), proxy_(std::make_unique<test::Proxy>(std::move(socket))) {
  folder_.write("migrate.toml", "[migrations]\ndirectory = \"migrations\"\n");
  write_history(history, folder_ / "migrations");
  create_database();
  up_ = rehearse(Direction::up);
  down_ = rehearse(Direction::down);
}

Ground::~Ground() {
  child_.reset();
  try {
    drop_database();
  } catch (const std::exception& trouble) {
    // The server goes away with the run, and the database with it.
    fmt::print(stderr, "cannot drop {}: {}\n", database_, trouble.what());
  }
}

void Ground::create_database() {
  static std::atomic<int> count{0};
  database_ = fmt::format("kill_{}_{}", ::getpid(), ++count);
  test::Connection(conninfo_("postgres")).execute("CREATE DATABASE " + database_);
  connection().execute(std::string(witness_sql));
  at_ = Direction::down;
}

void Ground::drop_database() {
  connection_.reset();
  test::Connection(conninfo_("postgres")).execute(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", database_));
}

test::Connection& Ground::connection() {
  if (!connection_) connection_.emplace(conninfo_(database_));
  return *connection_;
}

std::unique_ptr<ChildProgram> Ground::start(Direction direction) const {
  return std::make_unique<ChildProgram>(
      words_of(direction),
      std::vector<std::pair<std::string, std::string>>{{"PATH", "/usr/bin:/bin"},
                                                       {"HOME", folder_.path().string()},
                                                       {"NO_COLOR", "1"},
                                                       {"DATABASE_URL", proxy_->url(database_)}},
      folder_.path());
}

ChildEnd Ground::run(Direction direction) { return start(direction)->wait(hang_limit); }

Ground::Rehearsal Ground::rehearse(Direction direction) {
  make_ready(direction);
  proxy_->set_judge({});
  const auto begun = Clock::now();
  const auto end = run(direction);
  Rehearsal rehearsal;
  rehearsal.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begun);
  rehearsal.questions = proxy_->questions();
  if (end.exit_code != 0) throw std::runtime_error("nobody disturbs it, and yet:\n" + end.output);
  rehearsal.sight = sight();
  at_ = direction;
  return rehearsal;
}

void Ground::make_ready(Direction direction) {
  if (!at_) {
    drop_database();
    create_database();
  }
  if (*at_ == direction) {
    const auto other = direction == Direction::up ? Direction::down : Direction::up;
    const auto end = run(other);
    if (end.exit_code != 0) throw std::runtime_error("cannot make ready:\n" + end.output);
    at_ = other;
  }
  std::string sql = "TRUNCATE witness.applied;";
  if (direction == Direction::up) sql += "DROP TABLE IF EXISTS public.migrate_revision, public.migrate_log";
  connection().execute(sql);
}

Sight Ground::sight() {
  Sight seen;
  seen.look = connection().value("SELECT witness.look()");
  for (const auto& row : connection().rows("SELECT what, count(*) FROM witness.applied GROUP BY what")) {
    seen.counts[row[0].value_or("")] = std::stoi(row[1].value_or("0"));
  }
  return seen;
}

std::string Ground::compare(Direction direction, const Sight& seen) const {
  const Sight& wanted = rehearsal(direction).sight;
  std::string text = difference(wanted.look, seen.look);
  auto names = wanted.counts;
  names.insert(seen.counts.begin(), seen.counts.end());
  const auto count = [](const Sight& sight, const std::string& what) {
    const auto found = sight.counts.find(what);
    return found == sight.counts.end() ? 0 : found->second;
  };
  for (const auto& [what, ignored] : names) {
    const int once = count(wanted, what), times = count(seen, what);
    if (times == once || (times > once && is_clearing_up(what))) continue;
    text += fmt::format("  applied {} times, not {}: {}\n", times, once, what);
  }
  return text;
}

void Ground::signal(int number) {
  const std::scoped_lock guard(child_mutex_);
  if (child_) child_->signal(number);
}

bool Ground::terminate_backends() {
  // Not its user's other connections: the harness has some.
  const auto rows = connection().rows(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND application_name = 'migrate' AND backend_type = 'client backend'");
  return !rows.empty();
}

Story Ground::bout(Direction direction, const Mischief& mischief) {
  Story story;
  make_ready(direction);
  std::string outputs;
  run_until_done(direction, mischief, story, outputs);
  // It may have been done already when the mischief came.
  if (story.codes.size() == 1 && mischief.afterwards) mischief.afterwards(*this);
  if (story.verdict == Verdict::exact) {
    const std::string trouble = compare(direction, sight());
    if (!trouble.empty()) {
      story.verdict = Verdict::wrong;
      story.account += trouble;
    }
  }
  at_ = story.verdict == Verdict::exact ? std::optional(direction) : std::nullopt;
  if (story.verdict != Verdict::exact) {
    story.account = fmt::format("going {}, {} {}:\n{}{}", direction == Direction::up ? "up" : "down", mischief.kind,
                                mischief.detail, story.account, outputs);
  }
  return story;
}

void Ground::run_until_done(Direction direction, const Mischief& mischief, Story& story, std::string& outputs) {
  std::string first_output;
  struck_ = false;
  proxy_->set_judge(mischief.judge);
  while (story.codes.size() < most_runs) {
    const bool first = story.codes.empty();
    if (!first && mischief.afterwards) mischief.afterwards(*this);
    {
      // The judge may want to kill it before it is known here.
      const std::scoped_lock guard(child_mutex_);
      child_ = start(direction);
    }
    const auto& act = first ? mischief.meanwhile : mischief.later;
    if (act) act(*this);
    const ChildEnd end = child_->wait(hang_limit);
    if (first) proxy_->set_judge({});
    story.struck = struck_;
    // The first run and the last one tell the story.
    const std::string told =
        fmt::format("--- run {} ended with {}\n{}", story.codes.size() + 1, end.exit_code, end.output);
    if (first) first_output = told;
    outputs = first ? told : first_output + told;
    const bool again_left_behind = !first && end.exit_code == left_behind && story.codes.back() == left_behind;
    story.codes.push_back(end.exit_code);
    if (!documented.contains(end.exit_code) || (!first && end.exit_code > 128)) {
      story.verdict = Verdict::wrong;
      story.account += fmt::format("  exit code {} is not what is documented\n", end.exit_code);
      return;
    }
    if (end.exit_code == 0) return;
    if (again_left_behind) {
      const bool says_how = end.output.find("migrate mark ") != std::string::npos;
      story.verdict = says_how ? Verdict::asked : Verdict::wrong;
      if (!says_how) story.account += "  it stops and does not say how to go on\n";
      return;
    }
  }
  story.verdict = Verdict::wrong;
  story.account += "  it never says that it is done\n";
}

}  // namespace migrate::kill
