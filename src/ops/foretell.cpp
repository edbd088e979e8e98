#include "ops/foretell.hpp"

#include <algorithm>
#include <map>

#include <migrate/rules/effects.hpp>

namespace migrate::ops {
namespace {

using rules::RelationEffect;

// The table that it is a part of, as far up as the statement has to do with it.
const RelationEffect& whole_of(const catalog::Schema& schema, const rules::StatementEffects& effects,
                               const RelationEffect& part) {
  const auto* relation = schema.find(part.name);
  if (!relation || !relation->partition_of) return part;
  const auto* parent = effects.find(*relation->partition_of);
  return parent && parent->lock >= part.lock ? whole_of(schema, effects, *parent) : part;
}

Certainty certainty_of(rules::Work work) {
  switch (work) {
    case rules::Work::yes: return Certainty::yes;
    case rules::Work::maybe: return Certainty::maybe;
    default: return Certainty::no;
  }
}

void add_work(PlannedLock& lock, const RelationEffect& effect) {
  lock.rewrite = std::max(lock.rewrite, certainty_of(effect.rewrite));
  lock.scan = std::max(lock.scan, certainty_of(effect.scan));
  lock.index_build = std::max(lock.index_build, certainty_of(effect.index_build));
}

// Others can be in the way of it, or it of them.
bool is_visible(const catalog::Schema& schema, const RelationEffect& effect) {
  const auto* relation = schema.find(effect.name);
  if (!relation) relation = schema.find_index(effect.name).first;
  return relation && relation->origin == catalog::Origin::database && !relation->temporary;
}

std::string name_of(const catalog::Schema& schema, sql::QualifiedName name) {
  // As one would write it.
  const sql::QualifiedName bare{{}, name.name, {}};
  return to_text(schema.resolve(bare) == name ? bare : name);
}

}  // namespace

std::vector<PlannedLock> Foretelling::locks_of(const sql::Model& statement) const {
  const auto effects = rules::effects_of(statement, schema_, version_);
  std::map<std::string, std::pair<rules::LockMode, PlannedLock>> wholes;
  for (const RelationEffect& effect : effects.relations) {
    if (effect.lock == rules::LockMode::none || !is_visible(schema_, effect)) continue;
    const RelationEffect& whole = whole_of(schema_, effects, effect);
    auto& [mode, lock] = wholes[to_text(whole.name)];
    mode = whole.lock;
    lock.relation = name_of(schema_, whole.name);
    lock.mode = to_text(whole.lock);
    lock.blocks_writes = blocks_writes(whole.lock);
    lock.blocks_reads = blocks_reads(whole.lock);
    if (&whole != &effect) ++lock.partitions;
    if (const auto* relation = schema_.find(whole.name)) {
      if (relation->rows != catalog::Rows::none) lock.rows = relation->row_estimate;
      lock.bytes = relation->bytes;
    }
    add_work(lock, effect);
  }
  std::vector<std::pair<rules::LockMode, PlannedLock>> sorted;
  for (auto& [name, one] : wholes) sorted.push_back(std::move(one));
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<PlannedLock> locks;
  for (auto& [mode, lock] : sorted) locks.push_back(std::move(lock));
  return locks;
}

std::vector<std::vector<PlannedLock>> Foretelling::go_through(const db::RevisionRun& run) {
  std::vector<std::vector<PlannedLock>> all;
  for (const auto& [statement, facts, treatment] : run.statements) {
    const auto model = sql::read_model(run.source, statement.range);
    all.push_back(locks_of(model));
    follow(run, model);
  }
  catalog::end_revision(schema_, catalog::Rows::none);
  return all;
}

std::vector<rules::StatementEffects> Foretelling::effects_through(const db::RevisionRun& run) {
  std::vector<rules::StatementEffects> all;
  for (const auto& [statement, facts, treatment] : run.statements) {
    const auto model = sql::read_model(run.source, statement.range);
    all.push_back(rules::effects_of(model, schema_, version_));
    follow(run, model);
  }
  catalog::end_revision(schema_, catalog::Rows::none);
  return all;
}

void Foretelling::follow(const db::RevisionRun& run, const sql::Model& statement) {
  // A table that is made now is nobody's business before the run is over: its origin stays.
  catalog::apply(schema_, statement, {catalog::Origin::earlier, run.entry.id.str(), catalog::Rows::none});
}

void mention(catalog::Mentioned& names, const db::RevisionRun& run) {
  for (const auto& [statement, facts, treatment] : run.statements) {
    catalog::mention(names, sql::read_model(run.source, statement.range));
  }
}

}  // namespace migrate::ops
