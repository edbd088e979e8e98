// Every row of the table of effects at work on a real server, and what it says against what the server does.
#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

#include <migrate/db/catalog_reader.hpp>
#include <migrate/rules/effects.hpp>

#include "effects/observe.hpp"
#include "support/catch.hpp"

namespace migrate::test {
namespace {

using rules::LockMode;
using rules::StatementEffects;
using rules::Work;

// One place beside the default one, in the server's own folder.
class Tablespace {
 public:
  explicit Tablespace(TestDatabase& database) : database_(database) {
    const auto there = "SELECT EXISTS (SELECT FROM pg_tablespace WHERE spcname = 'migrate_effects')";
    if (database.value(there) == "t") return;
    database.execute("SET allow_in_place_tablespaces = on");
    database.execute("CREATE TABLESPACE migrate_effects LOCATION ''");
  }
  ~Tablespace() {
    try {
      database_.execute("DROP SCHEMA public CASCADE");
      database_.execute("DROP TABLESPACE migrate_effects");
      database_.execute("DROP DATABASE IF EXISTS migrate_effects");
    } catch (const std::exception& trouble) {
      fmt::print(stderr, "{}", trouble.what());
    }
  }
  Tablespace(const Tablespace&) = delete;
  Tablespace& operator=(const Tablespace&) = delete;

 private:
  TestDatabase& database_;
};

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(text_of(result.error()));
  return *std::move(result);
}

sql::Model model_of(const Case& one) {
  const std::string& text = one.parsed_as.empty() ? one.statement : one.parsed_as;
  auto model = sql::read_model(make_source("case.sql", text), {0, text.size()});
  if (one.mend) one.mend(model);
  return model;
}

StatementEffects foretell(db::Session& session, const Case& one) {
  const auto model = model_of(one);
  catalog::Mentioned names;
  catalog::mention(names, model);
  auto schema = must(db::read_catalog(session, names));
  schema.time_zone = one.time_zone;
  return rules::effects_of(model, schema, session.info().server_version_num);
}

int strength_of(LockMode mode) { return static_cast<int>(mode); }
std::string_view name_of(int strength) { return strength == 0 ? "no lock" : to_text(static_cast<LockMode>(strength)); }

bool agrees(Work foretold, bool seen) { return foretold == Work::maybe || (foretold == Work::yes) == seen; }

void compare_work(const std::string& name, const rules::RelationEffect& foretold, const Seen& seen, bool scans,
                  std::vector<std::string>& differences) {
  const auto tell = [&](const char* what, Work said, bool done) {
    if (agrees(said, done)) return;
    differences.push_back(fmt::format("{}: {} {}", name, done ? "unexpected" : "missing", what));
  };
  tell("rewrite", foretold.rewrite, seen.rewritten);
  tell("index build", foretold.index_build, seen.indexed);
  // A copy of the file reads all of it, but not as rows.
  if (scans && foretold.rewrite != Work::yes) tell("scan", foretold.scan, seen.scanned);
}

// Locks of an index matter where they are stronger than its table's.
void compare_index(const std::string& name, const Seen& seen, const StatementEffects& foretold, int of_table,
                   std::vector<std::string>& differences) {
  const auto dot = name.find('.');
  const auto* own = foretold.find({name.substr(0, dot), name.substr(dot + 1), {}});
  const int said = own ? strength_of(own->lock) : 0;
  const int done = strength(seen.mode);
  if (done > std::max(said, of_table) || (said > of_table && done != said)) {
    differences.push_back(fmt::format("{}: {} foretold, {} taken", name, name_of(said), name_of(done)));
  }
}

std::vector<std::string> compare(const StatementEffects& foretold, const Observation& seen) {
  std::vector<std::string> differences;
  std::set<std::string> known;
  if (foretold.transaction != seen.in_transaction) differences.emplace_back("transaction block");
  for (const auto& [name, relation] : seen.relations) {
    const auto dot = name.find('.');
    const auto* effect = foretold.find({name.substr(0, dot), name.substr(dot + 1), {}});
    known.insert(name);
    if (relation.kind == 'i' || relation.kind == 'I') {
      const auto table_dot = relation.table.find('.');
      const auto* table =
          foretold.find({relation.table.substr(0, table_dot), relation.table.substr(table_dot + 1), {}});
      // Outside of a transaction an index that goes is locked for an instant, when nobody uses it any more.
      const bool comparable = seen.in_transaction && (table || foretold.complete);
      if (comparable) compare_index(name, relation, foretold, table ? strength_of(table->lock) : 0, differences);
      continue;
    }
    const int said = effect ? strength_of(effect->lock) : 0;
    const int done = strength(relation.mode);
    // nextval() in defaults takes that much of a sequence.
    const bool of_default = relation.kind == 'S' && !effect && done <= strength_of(LockMode::row_exclusive);
    if (said != done && !of_default && (effect || foretold.complete)) {
      differences.push_back(fmt::format("{}: {} foretold, {} taken", name, name_of(said), name_of(done)));
    }
    if (effect || foretold.complete) {
      compare_work(name, effect ? *effect : rules::RelationEffect{}, relation, seen.in_transaction, differences);
    }
  }
  for (const auto& effect : foretold.relations) {
    if (!known.contains(to_text(effect.name))) differences.push_back(to_text(effect.name) + " does not exist");
  }
  return differences;
}

bool runs(const Case& one, int major, bool partitioned) {
  if (major < one.since || major > one.until) return false;
  return one.fixture != (partitioned ? Fixture::plain : Fixture::partitioned);
}

class Replay {
 public:
  Replay() : tablespace_(database_) {
    db::ConnectOptions options;
    options.conninfo = database_.conninfo();
    session_.emplace(must(db::Session::connect(options)));
  }

  // What differs, line by line; empty: nothing.
  std::string run(const Case& one, bool partitioned) {
    std::string text;
    try {
      {
        auto connection = database_.connect();
        prepare(connection, one, partitioned);
      }
      const auto foretold = foretell(*session_, one);
      for (const auto& difference : compare(foretold, observe(database_, one))) text += "  " + difference + "\n";
      for (const auto* row : foretold.rows) replayed_.insert(row);
    } catch (const std::exception& trouble) {
      text += std::string("  ") + trouble.what();
    }
    return text.empty() ? "" : fmt::format("{}{}\n{}", partitioned ? "[partitioned] " : "", one.statement, text);
  }

  [[nodiscard]] bool has_replayed(const rules::EffectRow& row) const { return replayed_.contains(&row); }
  [[nodiscard]] std::size_t count() const { return replayed_.size(); }

 private:
  TestDatabase database_;
  Tablespace tablespace_;
  std::optional<db::Session> session_;
  std::set<const rules::EffectRow*> replayed_;
};

TEST_CASE("every row of the table of effects is what a server does") {
  Replay replay;
  const int major = TestServer::instance().major();
  const char* only = std::getenv("EFFECTS_ONLY");
  std::string differences;
  for (const auto& one : all_cases()) {
    if (only && one.statement.find(only) == std::string::npos) continue;
    for (const bool partitioned : {false, true}) {
      if (runs(one, major, partitioned)) differences += replay.run(one, partitioned);
    }
  }
  std::string missing;
  for (const auto& row : rules::effect_rows()) {
    const bool applies = row.since <= major && major <= row.until;
    if (applies && !only && !replay.has_replayed(row)) missing += fmt::format("  {}\n", row.statement);
  }
  UNSCOPED_INFO("replayed on PostgreSQL " << major << ": " << replay.count() << " rows");
  INFO("rows that no case replays:\n" << missing);
  INFO("differences:\n" << differences);
  CHECK(missing.empty());
  CHECK(differences.empty());
}

}  // namespace

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& part : {column_cases(), type_cases(), constraint_cases(), table_cases(), partition_cases(),
                           index_cases(), maintenance_cases(), object_cases(), row_cases()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace migrate::test
