// Schemas of a text's statements, and of all that a database holds.
#pragma once

#include <migrate/base/text.hpp>
#include <migrate/db/catalog_reader.hpp>
#include <migrate/sql/model.hpp>
#include <migrate/sql/statement.hpp>

#include <stdexcept>

#include "integration/catalog_text.hpp"
#include "support/test_server.hpp"

namespace migrate::test {

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(text_of(result.error()));
  return *std::move(result);
}

inline db::Session open_session(const TestDatabase& database) {
  db::ConnectOptions options;
  options.conninfo = database.conninfo();
  return value_of(db::Session::connect(options));
}

inline std::vector<sql::Statement> statements_of(const SourcePtr& source) {
  return value_of(sql::split_statements(source, {0, source->text().size()}));
}

inline void follow(catalog::Schema& schema, const std::string& text, const catalog::Maker& maker = {}) {
  const auto source = make_source("test.sql", text);
  for (const auto& statement : statements_of(source)) {
    apply(schema, sql::read_model(source, statement.range), maker);
  }
}

inline catalog::Mentioned everything_in(TestDatabase& database) {
  const auto names = [&](const std::string& query) {
    std::vector<sql::QualifiedName> all;
    for (const auto& row : database.rows(query)) all.push_back({*row[0], *row[1], {}});
    return all;
  };
  const std::string place =
      " n ON n.oid = x.{} WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ";
  const auto where = [&](const char* column) { return fmt::format(fmt::runtime(place), column); };
  catalog::Mentioned mentioned;
  mentioned.relations = names("SELECT n.nspname, x.relname FROM pg_class x JOIN pg_namespace" + where("relnamespace"));
  mentioned.types = names("SELECT n.nspname, x.typname FROM pg_type x JOIN pg_namespace" + where("typnamespace") +
                          "AND typtype IN ('e', 'd', 'c', 'b', 'r') AND typcategory <> 'A'");
  mentioned.functions = names("SELECT n.nspname, x.proname FROM pg_proc x JOIN pg_namespace" + where("pronamespace"));
  return mentioned;
}

inline catalog::Schema read_everything(TestDatabase& database) {
  auto session = open_session(database);
  return value_of(db::read_catalog(session, everything_in(database)));
}

inline catalog::Schema empty_schema() {
  catalog::Schema schema;
  schema.complete = true;
  schema.server_version = TestServer::instance().major() * 10000;
  return schema;
}

}  // namespace migrate::test
