/// \file
/// A database, a history, and the program between them; what is done to it, and what must come of it all the same.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kill/histories.hpp"
#include "support/child_program.hpp"
#include "support/pooler.hpp"
#include "support/proxy.hpp"
#include "support/test_server.hpp"

namespace migrate::kill {

enum class Direction { up, down };

class Ground;

/// One thing that is done to one run of the program.
struct Mischief {
  std::string kind;    ///< it is counted under this name
  std::string detail;  ///< when: for the account of a failure
  test::Proxy::Judge judge = {};
  std::function<void(Ground&)> meanwhile = {};   ///< in the test's thread, once the program runs
  std::function<void(Ground&)> afterwards = {};  ///< before the command is given again
  std::function<void(Ground&)> later = {};       ///< when the command has been given again
};

enum class Verdict {
  exact,  ///< as if nothing had happened
  asked,  ///< it stopped with exit code 5, again and again: a person must say
  wrong,
};

struct Story {
  bool struck = false;     ///< false: the program was done before
  std::vector<int> codes;  ///< of the runs, the disturbed one first
  Verdict verdict = Verdict::exact;
  std::string account;  ///< of what is wrong
};

/// What there is in the database.
struct Sight {
  std::string look;
  std::map<std::string, int> counts;
};

class Ground {
 public:
  /// On the server that all tests share.
  explicit Ground(const History& history);
  Ground(const History& history, test::PrivateServer& server);
  /// The program comes through a pooler to the server that all tests share; what is done to it, happens on the way
  /// there.
  Ground(const History& history, const test::Pooler& pooler);
  ~Ground();
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  /// The program goes from nothing to the head or back, is disturbed, and is run until it says that it is done.
  Story bout(Direction direction, const Mischief& mischief);

  /// Of a run that nobody disturbs.
  [[nodiscard]] int questions(Direction direction) const { return rehearsal(direction).questions; }
  [[nodiscard]] std::chrono::microseconds duration(Direction direction) const { return rehearsal(direction).duration; }

  /// For mischief, from any thread.
  void signal(int number);
  void strike() { struck_ = true; }
  bool program_ends_within(std::chrono::milliseconds time) { return child_->ends_within(time); }
  /// The program's connections in this database: ended by the server. Whether there was one.
  bool terminate_backends();
  test::Proxy& proxy() { return *proxy_; }
  /// Every look needs a new connection after this.
  void forget_connection() { connection_.reset(); }
  test::Connection& connection();

  [[nodiscard]] std::unique_ptr<test::ChildProgram> start(Direction direction) const;
  [[nodiscard]] Sight sight();
  /// Empty where it is as after an undisturbed run.
  [[nodiscard]] std::string compare(Direction direction, const Sight& seen) const;
  /// Brings the database to where a run in this direction begins. Going up, the run has to make the journal too.
  void make_ready(Direction direction);
  /// What the harness did not see itself.
  void is_at(Direction direction) { at_ = direction; }
  [[nodiscard]] std::string conninfo() const { return conninfo_(database_); }

 private:
  struct Rehearsal {
    Sight sight;
    int questions = 0;
    std::chrono::microseconds duration{0};
  };

  Ground(const History& history, std::function<std::string(std::string_view)> conninfo, std::filesystem::path socket);
  [[nodiscard]] const Rehearsal& rehearsal(Direction direction) const {
    return direction == Direction::up ? up_ : down_;
  }
  void create_database();
  void drop_database();
  Rehearsal rehearse(Direction direction);
  test::ChildEnd run(Direction direction);
  void run_until_done(Direction direction, const Mischief& mischief, Story& story, std::string& outputs);

  std::function<std::string(std::string_view)> conninfo_;
  test::TemporaryFolder folder_;
  std::string database_;
  std::unique_ptr<test::Proxy> proxy_;
  std::optional<test::Connection> connection_;
  Rehearsal up_, down_;
  std::optional<Direction> at_;  ///< none: something is left that should not be there
  std::mutex child_mutex_;
  std::unique_ptr<test::ChildProgram> child_;
  std::atomic<bool> struck_{false};
};

}  // namespace migrate::kill
