// Comments that take a rule's findings away.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <migrate/rules/judge.hpp>

namespace migrate::rules {

// `-- migrate:allow RULE (reason)` over a statement or in the header.
class Allowances {
 public:
  Allowances(const JudgedRevision& revision, std::size_t index);

  // True if the finding is allowed; the allowance counts as used from then on.
  bool take(std::string_view rule, std::optional<std::size_t> statement);

  // Unknown, reasonless and unused ones. `unused`: whether those are to be told.
  [[nodiscard]] std::vector<Judged> complaints(const Selection& selection, bool unused) const;

 private:
  struct Allowance {
    std::string rule;
    std::string reason;
    ByteRange range;
    std::optional<std::size_t> statement;  // none: the whole revision
    bool used = false;
  };

  void read(const sql::Directive& directive, std::size_t statement);

  const JudgedRevision& revision_;
  std::size_t index_;
  std::vector<Allowance> allowances_;
};

}  // namespace migrate::rules
