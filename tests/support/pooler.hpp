/// \file
/// A PgBouncer between programs and the tests' server.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/child_program.hpp"
#include "support/temporary_folder.hpp"

namespace migrate::test {

/// Where it is installed; none: the test has nothing to run on, and should say so.
std::optional<std::filesystem::path> find_pgbouncer();

/// Gone at the end of its life. It serves every database and user of the server, without passwords.
class Pooler {
 public:
  /// `mode`: session, transaction or statement. `settings`: further lines of its [pgbouncer] section.
  explicit Pooler(std::string_view mode, std::string_view settings = {});
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  [[nodiscard]] std::string conninfo(std::string_view database) const;
  /// The same as postgresql://...
  [[nodiscard]] std::string url(std::string_view database) const;
  [[nodiscard]] std::filesystem::path socket() const;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<ChildProgram> program_;
};

}  // namespace migrate::test
