#include <migrate/rules/naming.hpp>

#include <random>

#include "support/catch.hpp"

using namespace migrate;
using rules::NameKind;
using rules::NameParts;
using rules::NameTemplate;

namespace {

NameTemplate read(std::string_view text) {
  auto result = NameTemplate::parse(text);
  REQUIRE(result);
  return *std::move(result);
}

std::string complaint(std::string_view text) {
  const auto result = NameTemplate::parse(text);
  if (result) return "none";
  const auto& diagnostic = result.error().diagnostics.front();
  return diagnostic.message + " / " + diagnostic.helps.front().message;
}

NameParts parts_of(std::string table, std::vector<std::string> columns, std::string referenced = {}) {
  NameParts parts;
  parts.table = std::move(table);
  parts.columns = std::move(columns);
  parts.referenced_table = std::move(referenced);
  return parts;
}

}  // namespace

TEST_CASE("a bound token must be there literally, a free one may be anything of its kind") {
  const auto parts = parts_of("users", {"email", "tenant_id"}, "tenants");
  CHECK(read("idx_{table}_{columns}").matches("idx_users_email_tenant_id", parts));
  CHECK_FALSE(read("idx_{table}_{columns}").matches("idx_users_email", parts));
  CHECK(read("idx_{table}_{columns:1}").matches("idx_users_email", parts));
  CHECK(read("ix_{column_0}").matches("ix_email", parts));
  CHECK(read("{table}{columns_nosep}").matches("usersemailtenant_id", parts));
  CHECK(read("fk_{table|singular}_{ref_table|singular}").matches("fk_user_tenant", parts));
  CHECK(read("{table|abbr:2}_{columns|abbr:3}").matches("us_ema_ten_id", parts));
  CHECK(read("idx_{table}_{columns}_{desc}").matches("idx_users_email_tenant_id_not_deleted", parts));
  CHECK_FALSE(read("idx_{table}_{columns}_{desc}").matches("idx_users_email_tenant_id_", parts));
  CHECK_FALSE(read("ck_{table}_{desc}").matches("ck_users_Positive", parts));
  CHECK_FALSE(read("ck_{table}_{desc}").matches("ck_users__positive", parts));
  CHECK(read("ix_*").matches("ix_Anything-at all", parts));
  CHECK_FALSE(read("ix_*").matches("ix_", parts));
  CHECK_FALSE(read("ix_*").matches("idx_users", parts));
  CHECK(read("*_{ref_table|singular}_id").matches("owner_tenant_id", parts));
}

TEST_CASE("a token whose value is not known is as free as a description") {
  CHECK(read("seq_{table}_{column}").matches("seq_invoice_number", {}));
  CHECK_FALSE(read("seq_{table}_{column}").matches("seq_invoice", {}));
}

TEST_CASE("braces of the name itself are written twice") {
  CHECK(read("{{{table}}}").matches("{users}", parts_of("users", {})));
}

TEST_CASE("a template says what is wrong with it") {
  CHECK(complaint("idx_{tabel}") ==
        "`idx_{tabel}` is no template for names: there is no token `{tabel}` / did you mean `{table}`?");
  CHECK(complaint("idx_{table") ==
        "`idx_{table` is no template for names: a `{` without its `}` / the tokens are {schema}, {table}, {column}, "
        "{columns}, "
        "{column_0}, {columns_nosep}, {ref_table}, {ref_column_0}, {ref_columns}, {type}, {desc} and *; the filters "
        "|singular, "
        "|plural, |lower and |abbr:N");
  CHECK(complaint("a}") ==
        "`a}` is no template for names: a `}` without its `{` / a brace of the name itself is written twice");
  CHECK(complaint("{table|abbr}") ==
        "`{table|abbr}` is no template for names: `abbr` needs the letters to keep / write it as {table|abbr:3}");
  CHECK(complaint("{table|upper}").find("there is no filter `upper`") != std::string::npos);
  CHECK(complaint("{table:2}").find("there is no token `{table:2}`") != std::string::npos);
  CHECK(complaint("{columns:0}").find("there is no token `{columns:0}`") != std::string::npos);
  CHECK(complaint("").find("it is empty") != std::string::npos);
}

TEST_CASE("a name that is too long is cut, with a hash of the whole") {
  const auto parts = parts_of("customer_subscription_plans", {"organisation_identifier", "valid_from_timestamp"});
  const auto bound = read("idx_{table}_{columns}");
  const std::string name = bound.render(parts, "");
  CHECK(name == "idx_customer_subscription_plans_organisation_identifie_" + name.substr(55));
  CHECK(name.size() == 63);
  CHECK(bound.matches(name, parts));
  std::string other = name;
  other.back() = other.back() == 'a' ? 'b' : 'a';
  CHECK_FALSE(bound.matches(other, parts));
  SECTION("of a template with free parts the hash can't be known, but the begin is") {
    CHECK(read("idx_{table}_{columns}_{desc}").matches(other, parts));
    CHECK_FALSE(read("uq_{table}_{columns}_{desc}").matches(other, parts));
  }
  SECTION("a character is not cut in two") {
    const auto umlauts = parts_of(std::string(49, 'a') + "ääääääää", {"c"});
    const std::string cut = bound.render(umlauts, "");
    CHECK(cut.substr(0, 53) == "idx_" + std::string(49, 'a'));
    CHECK(cut.size() == 62);
    CHECK(bound.matches(cut, umlauts));
  }
}

TEST_CASE("what a template renders always matches it") {
  const std::vector<std::string> tokens{"{schema}",
                                        "{table}",
                                        "{column}",
                                        "{columns}",
                                        "{columns:2}",
                                        "{column_0}",
                                        "{ref_columns}",
                                        "{ref_table}",
                                        "{desc}",
                                        "*",
                                        "{table|singular}",
                                        "{columns_nosep}",
                                        "{ref_column_0}",
                                        "{type}",
                                        "{columns|abbr:3}",
                                        "{table|plural|lower}",
                                        "_",
                                        "x",
                                        "{{"};
  const std::vector<std::string> names{
      "users", "a", "Weird Name", "order_items", "größe", std::string(40, 'q'), "", "created_at", "x_"};
  std::mt19937 random(20261121);
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(random)];
  };
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (int i = 0; i < 1 + round % 5; ++i) text += pick(tokens) + (round % 3 == 0 ? "_" : "");
    NameParts parts;
    parts.schema = pick(names);
    parts.table = pick(names);
    parts.column = pick(names);
    parts.referenced_table = pick(names);
    parts.type = pick(names);
    for (int i = 0; i < round % 4; ++i) {
      parts.columns.push_back(pick(names));
      parts.referenced_columns.push_back(pick(names));
    }
    const auto one = read(text);
    const std::string name = one.render(parts, pick(names));
    INFO(text << " gives " << name);
    CHECK(name.size() <= 63);
    CHECK(one.matches(name, parts));
  }
}

TEST_CASE("a preset's suggestion is a name that it accepts") {
  for (const auto preset : rules::naming_presets()) {
    const auto naming = rules::naming_preset(preset);
    REQUIRE(naming);
    NameParts parts = parts_of("order_items", {"order_id", "position"}, "orders");
    parts.column = "order_id";
    for (const auto& [kind, templates] : naming->templates) {
      const std::string name = naming->suggest(kind, parts, "positive");
      INFO(preset << ": " << name);
      CHECK_FALSE(name.empty());
      CHECK(naming->accepts(kind, name, parts));
    }
  }
  CHECK_FALSE(rules::naming_preset("prefix"));
}

TEST_CASE("the preset `prefixed` asks for the prefix of the kind alone") {
  const auto naming = *rules::naming_preset("prefixed");
  const auto parts = parts_of("users", {"email"});
  CHECK(naming.accepts(NameKind::index, "idx_whatever", parts));
  CHECK_FALSE(naming.accepts(NameKind::index, "users_email_idx", parts));
  CHECK(naming.accepts(NameKind::primary_key, "users_pkey", parts));
  CHECK_FALSE(naming.accepts(NameKind::primary_key, "accounts_pkey", parts));
  CHECK_FALSE(naming.accepts(NameKind::unique, "ix_users_email", parts));
  CHECK(naming.accepts(NameKind::unique_index, "ix_users_email", parts));
  CHECK(naming.accepts(NameKind::table, "Anything", parts));
  CHECK(naming.suggest(NameKind::index, parts, "ignored") == "ix_users_email");
  CHECK(naming.suggest(NameKind::table, parts, "ignored").empty());
}

TEST_CASE("an exception is a name that fits no template") {
  auto naming = *rules::naming_preset("prefixed");
  naming.exceptions[NameKind::unique] = {"users_email_key"};
  CHECK(naming.accepts(NameKind::unique, "users_email_key", {}));
  CHECK(naming.accepts(NameKind::unique_index, "users_email_key", {}));
  CHECK_FALSE(naming.accepts(NameKind::index, "users_email_key", {}));
}

TEST_CASE("kinds of names are written as settings have them") {
  for (const auto kind : {NameKind::table, NameKind::unique_index, NameKind::materialized_view, NameKind::domain}) {
    CHECK(rules::parse_name_kind(rules::to_text(kind)) == kind);
  }
  CHECK_FALSE(rules::parse_name_kind("tables"));
}

TEST_CASE("a generated name is the server's") {
  const auto parts = parts_of("users", {"email"});
  CHECK(rules::generated_name(NameKind::primary_key, parts) == "users_pkey");
  CHECK(rules::generated_name(NameKind::unique, parts) == "users_email_key");
  CHECK(rules::generated_name(NameKind::foreign_key, parts) == "users_email_fkey");
  CHECK(rules::generated_name(NameKind::check, parts) == "users_email_check");
  CHECK(rules::generated_name(NameKind::check, parts_of("users", {"a", "b"})) == "users_check");
  CHECK(rules::generated_name(NameKind::index, parts_of("t", {"a", "b"})) == "t_a_b_idx");
  CHECK(rules::generated_name(NameKind::table, parts).empty());
  const auto wide = parts_of(std::string(50, 't'), {std::string(50, 'c')});
  CHECK(rules::generated_name(NameKind::index, wide) == std::string(29, 't') + "_" + std::string(29, 'c') + "_idx");
}
