/// \file
/// A project's folder, and the settings that are loaded there.
#pragma once

#include <filesystem>
#include <string>

#include <migrate/config/settings.hpp>

#include "plain_text.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace migrate::test {

/// A folder that no folder above can add settings to.
class Project : public TemporaryFolder {
 public:
  Project() { write(".git", "gitdir: elsewhere"); }

  [[nodiscard]] Result<config::Loaded> load(const config::Flags& flags = {},
                                            const config::Environment& environment = {},
                                            const std::filesystem::path& from = {}) const {
    return config::load_settings(flags, environment, path() / from);
  }
  [[nodiscard]] config::Settings settings(const config::Flags& flags = {}, const config::Environment& environment = {},
                                          const std::filesystem::path& from = {}) const {
    auto loaded = load(flags, environment, from);
    INFO(plain_text(loaded));
    REQUIRE(loaded);
    return std::move(loaded->settings);
  }
  [[nodiscard]] std::string errors(const config::Flags& flags = {}, const config::Environment& environment = {}) const {
    return plain_text(load(flags, environment));
  }
  [[nodiscard]] std::string warnings(const config::Flags& flags = {},
                                     const config::Environment& environment = {}) const {
    const auto loaded = load(flags, environment);
    INFO(plain_text(loaded));
    REQUIRE(loaded);
    return plain_text(loaded->warnings);
  }
};

}  // namespace migrate::test
