#include "ops/rehearsal/compare.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::ops {
namespace {

using rules::LockMode;
using rules::Work;

std::string name_of(const SeenRelation& one) {
  return sql::to_text(sql::QualifiedName{one.before.schema, one.before.name, {}});
}

bool is_index(const SeenRelation& one) { return one.before.kind == 'i' || one.before.kind == 'I'; }

// nextval() in a default takes that much.
bool is_everyday(const SeenRelation& one) { return one.before.kind == 'S' && one.taken <= LockMode::row_exclusive; }

LockMode strongest(const SeenRelation& one) {
  return one.held.empty() ? one.taken : std::max(one.taken, *one.held.rbegin());
}

// It needs a lock that the transaction holds already.
bool needs_held(const SeenRelation& one, const rules::StatementEffects* foretold) {
  const auto* effect = foretold ? foretold->find({one.before.schema, one.before.name, {}}) : nullptr;
  return effect && effect->lock > LockMode::none && one.held.contains(effect->lock);
}

bool is_worth_telling(const Seen& seen, const SeenRelation& one, const rules::StatementEffects* foretold) {
  const bool works = one.rewritten || one.scanned || one.indexed;
  if (is_index(one)) {
    const auto table = seen.find(one.before.table);
    return one.taken > LockMode::none && (table == seen.end() || one.taken > strongest(table->second));
  }
  return works || needs_held(one, foretold) || (one.taken > LockMode::none && !is_everyday(one));
}

// The table that it is a part of, where that is locked alike.
const SeenRelation& whole_of(const Seen& seen, const SeenRelation& part) {
  const auto parent = seen.find(part.before.partition_of);
  const bool alike =
      part.before.partition_of != 0 && parent != seen.end() && strongest(parent->second) >= strongest(part);
  return alike ? whole_of(seen, parent->second) : part;
}

std::string_view word_of(LockMode mode) { return mode == LockMode::none ? "no lock" : to_text(mode); }

void compare_locks(const SeenRelation& one, LockMode said, bool outside, std::vector<std::string>& differences) {
  const LockMode done = one.taken;
  if (std::max(said, done) <= LockMode::row_share || is_everyday(one)) return;
  const bool held_already = done < said && one.held.contains(said);
  const bool unseen = outside && done < said && said <= LockMode::row_exclusive;
  if (said == done || held_already || unseen) return;
  differences.push_back(fmt::format("{}: {} foretold, {} taken", name_of(one), word_of(said), word_of(done)));
}

void compare_work(const SeenRelation& one, const rules::RelationEffect& said, std::vector<std::string>& differences) {
  const bool has_file = one.before.kind == 'r' || one.before.kind == 'm';
  if (!has_file) return;
  const auto tell = [&](const char* what, Work foretold, bool done) {
    if (foretold == Work::maybe || (foretold == Work::yes) == done) return;
    differences.push_back(
        fmt::format("{}: {} {}", name_of(one), what, done ? "that was not foretold" : "foretold, none seen"));
  };
  tell("a rewrite", said.rewrite, one.rewritten);
  if (!one.rewritten) tell("an index build", said.index_build, one.indexed);
  if (one.scanned && !one.rewritten && !one.indexed) tell("a scan", said.scan, true);
}

void set_mode(MeasuredLock& lock, LockMode mode) {
  lock.mode = to_text(mode);
  lock.blocks_writes = blocks_writes(mode);
  lock.blocks_reads = blocks_reads(mode);
}

std::vector<MeasuredLock> strongest_first(std::vector<std::pair<LockMode, MeasuredLock>> sorted) {
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second.relation < b.second.relation;
  });
  std::vector<MeasuredLock> locks;
  for (auto& [mode, lock] : sorted) locks.push_back(std::move(lock));
  return locks;
}

}  // namespace

std::vector<MeasuredLock> locks_of(const Seen& seen, const rules::StatementEffects* foretold) {
  std::map<const SeenRelation*, MeasuredLock> wholes;
  for (const auto& [id, one] : seen) {
    if (!is_worth_telling(seen, one, foretold)) continue;
    const SeenRelation& whole = whole_of(seen, one);
    auto& lock = wholes[&whole];
    lock.relation = name_of(whole);
    set_mode(lock, strongest(whole));
    lock.held = whole.taken < strongest(whole);
    if (&whole != &one) ++lock.partitions;
    lock.rewrite = lock.rewrite || one.rewritten;
    lock.scan = lock.scan || one.scanned;
    lock.index_build = lock.index_build || one.indexed;
  }
  std::vector<std::pair<LockMode, MeasuredLock>> sorted;
  for (auto& [whole, lock] : wholes) sorted.emplace_back(strongest(*whole), std::move(lock));
  return strongest_first(std::move(sorted));
}

std::vector<MeasuredLock> foretold_locks(const rules::StatementEffects& foretold, const Watch::Names& names) {
  std::vector<std::pair<LockMode, MeasuredLock>> found;
  for (const auto& effect : foretold.relations) {
    if (!names.contains({effect.name.schema, effect.name.name})) continue;
    MeasuredLock lock;
    lock.relation = sql::to_text(sql::QualifiedName{effect.name.schema, effect.name.name, {}});
    set_mode(lock, effect.lock);
    lock.rewrite = effect.rewrite == Work::yes;
    lock.scan = effect.scan == Work::yes;
    lock.index_build = effect.index_build == Work::yes;
    found.emplace_back(effect.lock, std::move(lock));
  }
  return strongest_first(std::move(found));
}

std::vector<std::string> differences(const rules::StatementEffects& foretold, const Seen& seen, bool outside) {
  std::vector<std::string> result;
  for (const auto& [id, one] : seen) {
    if (is_index(one)) continue;
    const auto* effect = foretold.find({one.before.schema, one.before.name, {}});
    if (!effect && !foretold.complete) continue;
    const rules::RelationEffect said = effect ? *effect : rules::RelationEffect{};
    compare_locks(one, said.lock, outside, result);
    compare_work(one, said, result);
  }
  return result;
}

}  // namespace migrate::ops
