/// \file
/// Values of migrate.toml: each kind of value is read, or refused, in the same words everywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include <migrate/base/diagnostic.hpp>

namespace migrate::config {

/// "a section", "a list", "a text".
std::string_view kind_of(const toml::node& node);

/// Takes an error of the file, and where it is.
using Report = std::function<void(Diagnostic diagnostic, const toml::source_region& region)>;

/// Reads values; one that is wrong is reported, and nothing comes back.
class ValueReader {
 public:
  explicit ValueReader(Report report) : report_(std::move(report)) {}

  std::optional<std::string> text(const toml::key& key, const toml::node& node,
                                  std::string_view wanted = "a text") const;
  /// A text, or a list of texts.
  std::optional<std::vector<std::string>> texts(const toml::key& key, const toml::node& node) const;
  std::optional<bool> boolean(const toml::key& key, const toml::node& node) const;
  /// Zero and more.
  std::optional<std::uint64_t> number(const toml::key& key, const toml::node& node) const;
  /// "10MB", as PostgreSQL writes it (a kB has 1024 bytes); a bare number is bytes.
  std::optional<std::uint64_t> size(const toml::key& key, const toml::node& node) const;
  std::optional<std::chrono::milliseconds> duration(const toml::key& key, const toml::node& node) const;
  std::optional<std::vector<std::filesystem::path>> folders(const toml::key& key, const toml::node& node) const;
  /// Texts by name.
  std::optional<std::map<std::string, std::string>> words(const toml::key& key, const toml::node& node) const;

 private:
  void wrong_type(const toml::key& key, const toml::node& node, std::string_view wanted, std::string_view help) const;

  Report report_;
};

/// As it can be written in the settings file: in the largest unit that needs no second one.
std::string size_text(std::uint64_t bytes);

}  // namespace migrate::config
