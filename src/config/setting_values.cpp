#include "config/setting_values.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "config/durations.hpp"

namespace migrate::config {
namespace {

constexpr std::string_view size_help = "write a number and a unit, like 512kB, 10MB or 1GB";
constexpr std::pair<std::string_view, std::uint64_t> size_units[] = {
    {"TB", 1ULL << 40}, {"GB", 1ULL << 30}, {"MB", 1ULL << 20}, {"kB", 1ULL << 10}, {"B", 1}};

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  text = trim(text);
  std::uint64_t count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (problem != std::errc()) return std::nullopt;
  const auto unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  if (unit.empty()) return count;
  for (const auto& [name, bytes] : size_units) {
    if (!equals_ignoring_case(unit, name)) continue;
    if (count > UINT64_MAX / bytes) return std::nullopt;
    return count * bytes;
  }
  return std::nullopt;
}

}  // namespace

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a section";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    default: return "a date or time";
  }
}

void ValueReader::wrong_type(const toml::key& key, const toml::node& node, std::string_view wanted,
                             std::string_view help) const {
  report_(error("invalid-settings", fmt::format("`{}` takes {}, not {}", key.str(), wanted, kind_of(node)))
              .help(std::string(help)),
          node.source());
}

std::optional<std::string> ValueReader::text(const toml::key& key, const toml::node& node,
                                             std::string_view wanted) const {
  const auto* text = node.as_string();
  if (text == nullptr) {
    wrong_type(key, node, wanted, "write texts in quotes");
    return std::nullopt;
  }
  if (!has_control_character(text->get())) return text->get();
  report_(error("invalid-settings", fmt::format("the value of `{}` holds a control character", key.str()))
              .help("write it on one line, without escapes like \\n"),
          node.source());
  return std::nullopt;
}

std::optional<std::vector<std::string>> ValueReader::texts(const toml::key& key, const toml::node& node) const {
  std::vector<std::string> all;
  bool whole = true;
  const auto take = [&](const toml::node& item) {
    auto one = text(key, item, "a text or a list of texts");
    whole = whole && one;
    if (one) all.push_back(*std::move(one));
  };
  if (const auto* list = node.as_array())
    for (const auto& item : *list) take(item);
  else
    take(node);
  return whole ? std::optional(std::move(all)) : std::nullopt;
}

std::optional<bool> ValueReader::boolean(const toml::key& key, const toml::node& node) const {
  if (const auto* value = node.as_boolean()) return value->get();
  wrong_type(key, node, "true or false", "write true or false without quotes");
  return std::nullopt;
}

std::optional<std::uint64_t> ValueReader::number(const toml::key& key, const toml::node& node) const {
  const auto* value = node.as_integer();
  if (value != nullptr && value->get() >= 0) return static_cast<std::uint64_t>(value->get());
  if (value == nullptr) {
    wrong_type(key, node, "a whole number", "write digits without quotes");
  } else {
    report_(error("invalid-settings", fmt::format("the value of `{}` is less than zero", key.str())), node.source());
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ValueReader::size(const toml::key& key, const toml::node& node) const {
  std::optional<std::uint64_t> size;
  if (const auto* count = node.as_integer()) {
    size = parse_size(std::to_string(count->get()));
  } else if (const auto* text = node.as_string()) {
    size = parse_size(text->get());
  } else {
    wrong_type(key, node, "a size", size_help);
    return std::nullopt;
  }
  if (!size) {
    report_(error("invalid-settings", fmt::format("the value of `{}` is not a size", key.str()))
                .help(std::string(size_help)),
            node.source());
  }
  return size;
}

std::optional<std::chrono::milliseconds> ValueReader::duration(const toml::key& key, const toml::node& node) const {
  std::optional<std::chrono::milliseconds> duration;
  if (const auto* number = node.as_integer()) {
    duration = parse_duration(std::to_string(number->get()));
  } else if (const auto* text = node.as_string()) {
    duration = parse_duration(text->get());
  } else {
    wrong_type(key, node, "a duration", duration_help);
    return std::nullopt;
  }
  if (!duration) {
    report_(error("invalid-settings", fmt::format("the value of `{}` is not a duration", key.str()))
                .help(std::string(duration_help)),
            node.source());
  }
  return duration;
}

std::optional<std::vector<std::filesystem::path>> ValueReader::folders(const toml::key& key,
                                                                       const toml::node& node) const {
  std::vector<std::filesystem::path> folders;
  bool whole = true;
  const auto take = [&](const toml::node& item) {
    const auto folder = text(key, item, "a folder or a list of folders");
    whole = whole && folder && !folder->empty();
    if (folder && folder->empty())
      report_(error("invalid-settings", fmt::format("a folder of `{}` is empty", key.str()))
                  .help("write \".\" for the folder of the settings file"),
              item.source());
    if (folder) folders.emplace_back(*folder);
  };
  if (const auto* list = node.as_array())
    for (const auto& item : *list) take(item);
  else
    take(node);
  if (!whole) return std::nullopt;
  if (!folders.empty()) return folders;
  report_(error("invalid-settings", fmt::format("`{}` names no folder", key.str()))
              .help("name one, or leave the key out for \"migrations\""),
          node.source());
  return std::nullopt;
}

std::optional<std::map<std::string, std::string>> ValueReader::words(const toml::key& key,
                                                                     const toml::node& node) const {
  const auto* table = node.as_table();
  if (table == nullptr) {
    wrong_type(key, node, "a section", fmt::format("write {} = {{ word = \"text\" }}", key.str()));
    return std::nullopt;
  }
  std::map<std::string, std::string> words;
  bool whole = true;
  for (const auto& [name, value] : *table) {
    auto word = text(name, value);
    whole = whole && word;
    if (word) words.emplace(std::string(name.str()), *std::move(word));
  }
  return whole ? std::optional(std::move(words)) : std::nullopt;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes == 0) return "0";
  for (const auto& [name, size] : size_units)
    if (bytes % size == 0) return fmt::format("{}{}", bytes / size, name);
  return std::to_string(bytes);
}

}  // namespace migrate::config
