// The locks of a statement that runs outside a transaction: when it is done they are gone, so that others have to look.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <migrate/db/session.hpp>
#include <migrate/rules/effects.hpp>

#include "ops/rehearsal/watch.hpp"

namespace migrate::ops {

// Three sessions hold locks on the statement's tables, each one mode, and go when it is seen waiting for them: so each
// of its phases lasts long enough to be looked at by a fourth.
class LockSampler {
 public:
  // Nothing where no more sessions are to be had.
  static std::unique_ptr<LockSampler> make(db::Session& watched);
  ~LockSampler() { stop(); }
  LockSampler(const LockSampler&) = delete;
  LockSampler& operator=(const LockSampler&) = delete;

  // `tables` as SQL names them.
  void start(const std::vector<std::string>& tables);
  // The strongest mode of each relation, taken or waited for, since start().
  std::map<RelationId, rules::LockMode> stop();

 private:
  LockSampler(db::Session watcher, int watched) : watcher_(std::move(watcher)), watched_(watched) {}
  void look();
  bool look_once();

  db::Session watcher_;
  int watched_;                         // backend pid
  std::vector<db::Session> obstacles_;  // the thread's while it runs
  std::map<RelationId, rules::LockMode> seen_;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace migrate::ops
