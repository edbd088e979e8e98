// CREATE INDEX and REINDEX.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

std::string describe_index(const std::string& statement) {
  const ReadStatement read(statement);
  const auto& index = read.as<sql::CreateIndex>();
  std::string text = index.name + " {" + read.text(index.name_range) + "} on " + describe(index.table) + " {" +
                     read.text(index.table.range) + "} " + index.method;
  for (const auto& element : index.elements) {
    text += " [" + element.column;
    if (element.expression) text += describe(*element.expression);
    if (!element.collation.empty()) text += " collate " + element.collation;
    if (!element.operator_class.empty()) text += " class " + element.operator_class;
    if (element.descending) text += " desc";
    if (element.nulls_written) text += " nulls";
    text += "]";
  }
  if (!index.include.empty()) text += fmt::format(" include {}", fmt::join(index.include, ","));
  if (index.where) text += " where " + describe(*index.where);
  if (index.unique) text += " unique";
  if (index.concurrently) text += " concurrently";
  if (index.if_not_exists) text += " if not exists";
  if (index.only) text += " only";
  return text;
}

}  // namespace

TEST_CASE("CREATE INDEX tells its name, its table, its elements and its condition") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"CREATE INDEX ON t (a)", " {} on t {t} btree [a]"},
      {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"Ix\" ON ONLY app.t USING btree (a DESC NULLS LAST, \"B\")",
       "Ix {\"Ix\"} on app.t {app.t} btree [a desc nulls] [B] unique concurrently if not exists only"},
      {"CREATE INDEX ix ON ONLY (app.t) (a)", "ix {ix} on app.t {app.t} btree [a] only"},
      {"CREATE INDEX ix ON t (lower(a), (b || ', ' || c) COLLATE \"C\" text_pattern_ops, coalesce(d, 1) DESC)",
       "ix {ix} on t {t} btree [`lower(a)` functions lower/1 columns a] "
       "[`b || ', ' || c` columns b, c collate C class text_pattern_ops] [`coalesce(d, 1)` columns d desc]"},
      {"CREATE INDEX ix ON t USING gin (a gin_trgm_ops, b app.ops (siglen = 32)) INCLUDE (x, \"Y\") "
       "WITH (fillfactor = 70) TABLESPACE fast WHERE deleted_at IS NULL AND a > ')'",
       "ix {ix} on t {t} gin [a class gin_trgm_ops] [b class ops] include x,Y where "
       "`deleted_at IS NULL AND a > ')'` columns deleted_at, a"},
      {"CREATE INDEX concurrently_made ON t ((a -> 'b'))",
       "concurrently_made {concurrently_made} on t {t} btree [`a -> 'b'` columns a]"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    CHECK(describe_index(each.statement) == each.expected);
  }
}

TEST_CASE("REINDEX tells what is rebuilt and where CONCURRENTLY belongs") {
  struct Case {
    std::string statement;
    sql::Reindex::Kind kind;
    std::string name;
    bool concurrently;
    std::string keyword;
  };
  const Case cases[] = {
      {"REINDEX INDEX app.ix", sql::Reindex::Kind::index, "app.ix", false, "INDEX"},
      {"REINDEX TABLE CONCURRENTLY t", sql::Reindex::Kind::table, "t", true, "TABLE"},
      {"REINDEX (VERBOSE, CONCURRENTLY) TABLE t", sql::Reindex::Kind::table, "t", true, "TABLE"},
      {"REINDEX (CONCURRENTLY off) INDEX ix", sql::Reindex::Kind::index, "ix", false, "INDEX"},
      {"REINDEX SCHEMA CONCURRENTLY app", sql::Reindex::Kind::schema, "app", true, "SCHEMA"},
      {"REINDEX DATABASE db", sql::Reindex::Kind::database, "db", false, "DATABASE"},
      {"REINDEX SYSTEM db", sql::Reindex::Kind::system, "db", false, "SYSTEM"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    const auto& reindex = read.as<sql::Reindex>();
    CHECK(reindex.kind == each.kind);
    CHECK(describe(reindex.name) == each.name);
    CHECK(read.text(reindex.name.range) == each.name);
    CHECK(reindex.concurrently == each.concurrently);
    CHECK(read.text(reindex.keyword_range) == each.keyword);
  }
}
