/// \file
/// Names: one template language that checks and generates them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::rules {

enum class NameKind {
  table,
  column,
  primary_key,
  index,
  unique,
  unique_index,
  check,
  foreign_key,
  exclusion,
  sequence,
  trigger,
  type,
  view,
  materialized_view,
  function,
  schema,
  domain
};
/// "foreign_key" as the settings write it.
std::string_view to_text(NameKind kind);
std::optional<NameKind> parse_name_kind(std::string_view text);

/// What is known of the thing that gets the name.
struct NameParts {
  std::string schema, table, column;
  std::vector<std::string> columns;  ///< of indexes and constraints; an expression is its function's name or "expr"
  std::string referenced_table;
  std::vector<std::string> referenced_columns;
  std::string type;
  bool predicate = false;  ///< a partial index
};

/// `idx_{table}_{columns}`: bound tokens are known from the statement and must match literally; `{desc}` and `*` are
/// free. Tokens: {schema} {table} {column} {columns} {columns:N} {column_0} {columns_nosep} {ref_table} {ref_column_0}
/// {ref_columns} {type} {desc} *; filters |singular |plural |lower |abbr:N. `{{` and `}}` are braces.
/// `{desc}` is lower-case words joined by '_', `*` at least one character of any kind. A token whose value the
/// statement does not tell is as free as `{desc}`.
class NameTemplate {
 public:
  /// Errors: `invalid-name-template` with what is wrong and the tokens there are.
  static Result<NameTemplate> parse(std::string_view text);

  /// Of names longer than 63 bytes the form that render() gives them is the one that matches.
  [[nodiscard]] bool matches(std::string_view name, const NameParts& parts) const;
  /// The name it gives; `desc` for its free parts. Longer than 63 bytes: cut to 54 and "_" and 8 hex digits of its
  /// hash.
  [[nodiscard]] std::string render(const NameParts& parts, std::string_view desc) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Something in it is bound to the statement: two things seldom get the same name from it.
  [[nodiscard]] bool has_tokens() const;

  struct Filter {
    std::string name;
    std::size_t count = 0;  ///< of abbr:N
  };
  struct Piece {
    enum class Kind { literal, token, words, anything } kind = Kind::literal;
    std::string text;       ///< the literal, or the token's name
    std::size_t count = 0;  ///< of {columns:N}; 0: all
    std::vector<Filter> filters;
  };

 private:
  std::string text_;
  std::vector<Piece> pieces_;
};

enum class Unnamed { require, check_generated, ignore };

/// The naming rules of a project.
struct Naming {
  std::map<NameKind, std::vector<NameTemplate>> templates;  ///< any of them will do; none: no rule
  std::map<NameKind, std::vector<std::string>> exceptions;
  bool snake_case = true;
  bool server_names = false;  ///< the name that the server would have picked is well, too
  Unnamed unnamed = Unnamed::ignore;
  std::string plural_tables = "any";  ///< plural, singular or any

  /// Those of the kind. Without any of their own, unique indexes have those of unique constraints, materialized views
  /// those of views, domains those of types.
  [[nodiscard]] const std::vector<NameTemplate>* templates_of(NameKind kind) const;
  /// A name that the first template gives; empty where there is none for the kind. Where it has no tokens, the name of
  /// the table and the columns stand for its free parts.
  [[nodiscard]] std::string suggest(NameKind kind, const NameParts& parts, std::string_view desc) const;
  /// True where there is no template, too. Says nothing about snake_case.
  [[nodiscard]] bool accepts(NameKind kind, std::string_view name, const NameParts& parts) const;
  [[nodiscard]] bool is_exception(NameKind kind, std::string_view name) const;
};

/// prefixed (the default: ix_/idx_, uq_, fk_, ck_/chk_, pk_ or the server's own), ix-short, idx-long, sqlalchemy,
/// postgres-default, none. Nothing for another name.
std::optional<Naming> naming_preset(std::string_view name);
std::vector<std::string_view> naming_presets();

/// The name that PostgreSQL picks for an unnamed thing: t_pkey, t_a_b_key, t_a_fkey, t_a_check, t_a_idx, t_a_excl,
/// t_a_seq. Source: ChooseIndexName, ChooseConstraintName, makeObjectName (63 bytes).
std::string generated_name(NameKind kind, const NameParts& parts);

/// By suffix, with the usual exceptions; of names of several words the last one changes: "user_accounts",
/// "user_account".
std::string singular_of(std::string_view word);
std::string plural_of(std::string_view word);
/// Lower-case letters, digits and '_', and no digit at its begin.
bool is_snake_case(std::string_view name);
/// "userId", "User-ID" and "HTTPServer" give user_id, user_id and http_server.
std::string snake_case_of(std::string_view name);

}  // namespace migrate::rules
