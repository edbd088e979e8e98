#include <migrate/db/catalog_reader.hpp>

#include <migrate/base/log.hpp>
#include <migrate/base/text.hpp>

#include "db/array_text.hpp"
#include "db/catalog_queries.hpp"
#include "db/catalog_rows.hpp"
#include "db/exchange.hpp"
#include "db/session_failure.hpp"

#include <array>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {
namespace {

namespace queries = catalog_queries;

// Tables with more have rows, or had so many that a scan of dead ones would take its time.
constexpr std::uint64_t small_bytes = 128 * 1024;
// Each table takes some of the server's common places for locks.
constexpr std::size_t tables_at_once = 100;

// A question in a transaction that is rolled back: it leaves neither settings nor locks.
class Inquiry {
 public:
  explicit Inquiry(Session& session)
      : state_(SessionAccess::state(session)), inside_(session.transaction_status() != TransactionStatus::idle) {}

  // `timeout` as SET takes it.
  Result<std::vector<Row>, ServerError> ask(std::string_view query, std::string_view timeout) {
    constexpr std::string_view frame =
        "{};\nSET LOCAL lock_timeout = '100ms';\nSET LOCAL statement_timeout = '{}';\nSET LOCAL jit = off;\n{};\n{}";
    const std::string_view begin = inside_ ? "SAVEPOINT migrate_catalog" : "BEGIN READ ONLY";
    const std::string_view end =
        inside_ ? "ROLLBACK TO SAVEPOINT migrate_catalog;\nRELEASE SAVEPOINT migrate_catalog" : "ROLLBACK";
    const std::string sql = fmt::format(fmt::runtime(frame), begin, timeout, query, end);
    Exchange answer = exchange(state_, {.sql = sql, .keep_rows = true});
    if (!answer.error) return std::move(answer.executed.result);
    // Nothing to take back where not even the begin was done.
    if (!answer.tags.empty()) exchange(state_, {.sql = end, .clean_up = true});
    return Unexpected{*std::move(answer.error)};
  }

 private:
  SessionState& state_;
  bool inside_;
};

bool ends_all(const ServerError& error) { return error.connection_lost || error.interrupted; }

std::array<std::string, 2> name_arrays(const std::vector<sql::QualifiedName>& names) {
  std::vector<std::string> schemas, own;
  for (const auto& name : names) {
    schemas.push_back(name.schema);
    own.push_back(name.name);
  }
  return {array_expression(schemas), array_expression(own)};
}

std::string catalog_query(const catalog::Mentioned& names, std::string_view size) {
  const auto relations = name_arrays(names.relations);
  const auto types = name_arrays(names.types);
  const auto functions = name_arrays(names.functions);
  const std::string relation_part = fmt::format(fmt::runtime(queries::relations), size);
  std::string query;
  const auto add = [&](std::string_view part) {
    if (!query.empty()) query += "\nUNION ALL";
    query += part;
  };
  for (const auto part : {queries::server, std::string_view(relation_part), queries::columns, queries::nulls,
                          queries::constraints, queries::indexes, queries::views, queries::types}) {
    add(part);
  }
  add(fmt::format(fmt::runtime(queries::functions), functions[0], functions[1]));
  return fmt::format(fmt::runtime(queries::names), relations[0], relations[1], types[0], types[1],
                     array_expression(names.schemas)) +
         query + "\nORDER BY 1, 2, 3";
}

// Of each table whether there is a row; where a question fails, its halves are asked: one table may be locked.
class RowProbe {
 public:
  explicit RowProbe(Inquiry& inquiry) : inquiry_(inquiry) {}

  Result<void, ServerError> ask(std::span<catalog::Relation* const> tables) {
    if (tables.size() > tables_at_once) {
      MIGRATE_TRY(ask(tables.first(tables_at_once)));
      return ask(tables.subspan(tables_at_once));
    }
    if (tables.empty()) return {};
    auto rows = inquiry_.ask(query(tables), "1s");
    if (rows) {
      for (const Row& row : *rows) {
        const auto place = static_cast<std::size_t>(std::stoul(row[0].value_or("0")));
        if (row[1] == "f" && place < tables.size()) tables[place]->rows = catalog::Rows::none;
      }
      return {};
    }
    if (ends_all(rows.error())) return Unexpected{std::move(rows).error()};
    if (tables.size() == 1) {
      log::debug("no look into {}: {}", to_text(tables.front()->name), rows.error().message);
      return {};
    }
    MIGRATE_TRY(ask(tables.first(tables.size() / 2)));
    return ask(tables.subspan(tables.size() / 2));
  }

 private:
  static std::string query(std::span<catalog::Relation* const> tables) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const auto& name = tables[i]->name;
      parts.push_back(fmt::format("SELECT {}, EXISTS (SELECT FROM {}.{})", i, quote_identifier(name.schema),
                                  quote_identifier(name.name)));
    }
    return fmt::format("{}", fmt::join(parts, "\nUNION ALL "));
  }

  Inquiry& inquiry_;
};

bool has_storage(const catalog::Relation& relation) {
  return relation.kind == sql::ObjectKind::table || relation.kind == sql::ObjectKind::materialized_view;
}

Result<void, ServerError> look_for_rows(Inquiry& inquiry, CatalogContent& content) {
  std::vector<catalog::Relation*> small;
  for (auto& [oid, one] : content.relations) {
    catalog::Relation& relation = one.relation;
    if (!has_storage(relation)) continue;
    relation.rows = relation.bytes == std::uint64_t{0} ? catalog::Rows::none : catalog::Rows::some;
    const bool readable = one.may_be_asked && (relation.populated || relation.kind == sql::ObjectKind::table);
    if (relation.bytes && *relation.bytes > 0 && *relation.bytes < small_bytes && readable) small.push_back(&relation);
  }
  return RowProbe(inquiry).ask(small);
}

}  // namespace

Result<catalog::Schema> read_catalog(Session& session, const catalog::Mentioned& names) {
  Inquiry inquiry(session);
  auto rows = inquiry.ask(catalog_query(names, queries::size), "30s");
  if (!rows && rows.error().sqlstate == "55P03") {
    // A table was locked in the very moment.
    rows = inquiry.ask(catalog_query(names, queries::unknown_size), "30s");
  }
  if (!rows) return fail(session_failure(rows.error()));
  CatalogContent content = read_catalog_rows(*rows);
  if (auto looked = look_for_rows(inquiry, content); !looked) return fail(session_failure(looked.error()));

  catalog::Schema schema = std::move(content.schema);
  schema.complete = true;
  for (auto& [oid, one] : content.relations) schema.add(std::move(one.relation));
  return schema;
}

}  // namespace migrate::db
