#include "config/settings_file.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <migrate/base/text.hpp>

#include "config/connection_text.hpp"
#include "config/known_keys.hpp"
#include "config/lint_file.hpp"
#include "config/secrets.hpp"
#include "config/setting_values.hpp"

namespace migrate::config {
namespace {

using std::chrono::milliseconds;

std::string in_brackets(const std::vector<std::string>& sections) {
  std::vector<std::string> names;
  for (const auto& section : sections) names.push_back(fmt::format("[{}]", section));
  return join_with_and(names);
}

bool holds_connection(std::string_view text) {
  text = trim(text);
  if (!find_secret_shapes(text).empty()) return true;
  const auto url = text.empty() ? Result<DatabaseUrl>(DatabaseUrl{}) : parse_database_url(text);
  const auto lower = to_lower_ascii(text);
  return (url && has_password(*url)) || lower.starts_with("postgres://") || lower.starts_with("postgresql:") ||
         lower.starts_with("postgresql+");
}

class SettingsReader {
 public:
  SettingsReader(const SourcePtr& source, Settings& settings) : source_(*source), settings_(settings) {}

  Result<void> read() {
    hidden_ = find_secret_shapes(source_.text());
    if (is_too_deep()) {
      hide_secret_lines(Quotes::unsure);
      return fail(Failure(diagnostics()));
    }
    try {
      const auto root = toml::parse(source_.text());
      hide_secret_lines(Quotes::balanced);
      read_root(root);
    } catch (const toml::parse_error& syntax) {
      hide_secret_lines(Quotes::unsure);
      report_syntax(syntax);
    }
    if (found_.empty()) return {};
    return fail(Failure(diagnostics()));
  }

 private:
  struct Finding {
    Diagnostic diagnostic;
    ByteRange range;
    std::string label;
  };

  // --- places

  [[nodiscard]] std::size_t offset_of(toml::source_position position) const {
    const auto line = std::clamp<std::size_t>(position.line, 1, source_.line_count());
    const auto range = source_.line_range(line);
    const std::size_t column = position.column == 0 ? 0 : std::size_t{position.column} - 1;
    return range.begin + to_byte_offset(source_.text(range), {column}).value;
  }
  [[nodiscard]] ByteRange range_of(const toml::source_region& region) const {
    const auto begin = offset_of(region.begin);
    return {begin, std::max(begin, offset_of(region.end))};
  }

  void report(Diagnostic diagnostic, const toml::source_region& region, std::string label = {}) {
    found_.push_back({std::move(diagnostic), range_of(region), std::move(label)});
  }

  [[nodiscard]] Diagnostics diagnostics() {
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Finding& a, const Finding& b) { return a.range.begin < b.range.begin; });
    const RedactedSource shown(source_, hidden_);
    Diagnostics all;
    for (auto& finding : found_)
      all.push_back(
          std::move(finding.diagnostic).at(shown.source(), shown.map(finding.range), std::move(finding.label)));
    return all;
  }

  // --- secrets

  /// Is the file TOML? If not, a quote may stand in the middle of a secret.
  enum class Quotes { balanced, unsure };

  /// By lines, for a file that is not TOML has no better ones, and comments never have: the value of a key like
  /// `password` or `url`.
  void hide_secret_lines(Quotes quotes) {
    for (std::size_t line = 1; line <= source_.line_count(); ++line) {
      const auto range = source_.line_range(line);
      const auto text = source_.text(range);
      for (auto equals = text.find('='); equals != std::string_view::npos; equals = text.find('=', equals + 1)) {
        const auto before = text.substr(0, equals);
        const auto key = trim(before.substr(before.find_last_of(".{,#=") + 1));
        if (!is_secret_name(unquoted(key))) continue;
        const auto value = std::min(text.find_first_not_of(" \t", equals + 1), text.size());
        const bool in_comment = before.find('#') != std::string_view::npos;
        hidden_.push_back({range.begin + value, end_of_value(range, value, in_comment ? Quotes::unsure : quotes)});
      }
    }
  }

  static std::string_view unquoted(std::string_view key) {
    constexpr std::string_view quotes = "\"'";
    const bool quoted = key.size() >= 2 && quotes.find(key.front()) != std::string_view::npos;
    return quoted ? key.substr(1, key.size() - 2) : key;
  }

  [[nodiscard]] std::size_t end_of_value(ByteRange line, std::size_t column, Quotes trusted) const {
    const auto value = line.begin + column;
    for (const std::string_view quotes : {"\"\"\"", "'''"}) {
      const auto opened = source_.text(line).find(quotes, column);
      if (opened == std::string_view::npos) continue;
      const auto closed = source_.text().find(quotes, line.begin + opened + quotes.size());
      return closed == std::string_view::npos ? source_.text().size() : closed + quotes.size();
    }
    if (trusted == Quotes::balanced) {
      if (const auto end = end_of_quoted(source_.text(line), column)) return line.begin + *end;
    }
    return std::max(value, line.end);
  }

  /// The end of the text in quotes that begins at `column`, if it ends on its line.
  static std::optional<std::size_t> end_of_quoted(std::string_view line, std::size_t column) {
    if (column >= line.size() || (line[column] != '"' && line[column] != '\'')) return std::nullopt;
    const char quote = line[column];
    for (auto at = column + 1; at < line.size(); ++at) {
      if (line[at] == quote) return at + 1;
      if (line[at] == '\\' && quote == '"') ++at;
    }
    return std::nullopt;
  }

  /// Every text in the node that holds a connection, or is the value of a key that means one.
  /// Returns whether there was one.
  bool find_secrets(const toml::key& key, const toml::node& node) {
    if (const auto* table = node.as_table()) {
      bool any = false;
      for (const auto& [name, value] : *table) any = find_secrets(name, value) || any;
      return any;
    }
    if (const auto* list = node.as_array()) {
      const bool any = std::any_of(list->begin(), list->end(),
                                   [&](const toml::node& item) { return !item.is_table() && is_secret(key, item); });
      if (any) report_secret(key, node);
      bool inside = false;
      for (const auto& item : *list)
        if (item.is_table()) inside = find_secrets(key, item) || inside;
      return any || inside;
    }
    if (!is_secret(key, node)) return false;
    report_secret(key, node);
    return true;
  }

  static bool is_secret(const toml::key& key, const toml::node& node) {
    if (is_secret_name(key.str())) return true;
    const auto* text = node.as_string();
    return text != nullptr && holds_connection(text->get());
  }

  void report_secret(const toml::key& key, const toml::node& node) {
    secret_keys_.insert(range_of(key.source()).begin);
    hidden_.push_back(range_of(node.source()));
    report(error("secret-in-settings", fmt::format("the value of `{}` does not belong in the settings file", key.str()))
               .note("settings files are shared; a database's URL and its password are not")
               .help("remove it, and set DATABASE_URL in the environment or in .env"),
           key.source());
  }

  // --- keys

  /// Each dot of a dotted key is a table within a table, and the parser's stack has an end.
  bool is_too_deep() {
    constexpr std::ptrdiff_t most_dots = 100;
    for (std::size_t line = 1; line <= source_.line_count(); ++line) {
      const auto range = source_.line_range(line);
      const auto text = source_.text(range);
      if (trim(text).starts_with('#') || std::count(text.begin(), text.end(), '.') <= most_dots) continue;
      found_.push_back({error("invalid-settings", "a line of the settings file has too many dots")
                            .help("write `key = value` below a [section]"),
                        {range.begin, range.begin},
                        {}});
      return true;
    }
    return false;
  }

  void read_root(const toml::table& root) {
    const auto sections = known_sections();
    for (const auto& [name, node] : root) {
      const bool secret = find_secrets(name, node);
      const bool known = std::find(sections.begin(), sections.end(), name.str()) != sections.end();
      if (known && node.is_table())
        read_section(name.str(), *node.as_table());
      else if (secret)
        continue;
      else if (known)
        report(error("invalid-settings", fmt::format("`{}` is a section, not {}", name.str(), kind_of(node)))
                   .help(fmt::format("write [{}], and its keys below it", name.str())),
               name.source());
      else if (node.is_table() || node.is_array_of_tables())
        report_unknown_section(name, node, sections);
      else
        report_key_outside(name, node);
    }
  }

  /// Nobody knows what they are, so nobody shows them.
  void hide_values(const toml::node& node) {
    if (const auto* table = node.as_table())
      for (const auto& [name, value] : *table) hide_values(value);
    else if (const auto* list = node.as_array(); list != nullptr && node.is_array_of_tables())
      for (const auto& item : *list) hide_values(item);
    else
      hidden_.push_back(range_of(node.source()));
  }

  void report_unknown_section(const toml::key& name, const toml::node& node, const std::vector<std::string>& sections) {
    hide_values(node);
    const auto meant = nearest(name.str(), sections);
    report(error("invalid-settings", fmt::format("unknown section `[{}]`", name.str()))
               .help(meant ? fmt::format("did you mean `[{}]`?", *meant)
                           : fmt::format("the sections are {}", in_brackets(sections))),
           name.source());
  }

  void report_key_outside(const toml::key& name, const toml::node& node) {
    hide_values(node);
    const auto home = section_with(name.str());
    report(error("invalid-settings", fmt::format("`{}` is in no section", name.str()))
               .help(home.empty() ? fmt::format("the sections are {}", in_brackets(known_sections()))
                                  : fmt::format("move it below [{}]", home)),
           name.source());
  }

  void read_section(std::string_view section, const toml::table& table) {
    if (section == "lint") return read_lint(lint_file(), table, settings_.lint);
    if (section == "naming") return read_naming(lint_file(), table, settings_.naming);
    for (const auto& [name, node] : table) {
      if (secret_keys_.contains(range_of(name.source()).begin)) continue;
      const auto* known = find_key(section, name.str());
      if (known == nullptr) {
        report_unknown_key(section, name, node);
        continue;
      }
      if (!is_choice(*known, node)) {
        report_no_choice(*known, node);
        continue;
      }
      std::visit([&, &key = name, &value = node](auto member) { store(settings_.*member, key, value, where_of(key)); },
                 known->destination);
    }
  }

  void report_unknown_key(std::string_view section, const toml::key& name, const toml::node& node) {
    hide_values(node);
    const auto keys = keys_of(section);
    const auto meant = nearest(name.str(), keys);
    const auto home = section_with(name.str());
    report(error("invalid-settings", fmt::format("unknown key `{}` in `[{}]`", name.str(), section))
               .help(!home.empty() ? fmt::format("move it below [{}]", home)
                     : meant       ? fmt::format("did you mean `{}`?", *meant)
                                   : fmt::format("the keys of [{}] are {}", section, join_with_and(keys))),
           name.source());
  }

  // --- values

  static bool is_choice(const KnownKey& known, const toml::node& node) {
    const auto* text = node.as_string();
    return known.choices.empty() || text == nullptr ||
           std::find(known.choices.begin(), known.choices.end(), text->get()) != known.choices.end();
  }

  void report_no_choice(const KnownKey& known, const toml::node& node) {
    const std::vector<std::string> choices(known.choices.begin(), known.choices.end());
    const auto meant = nearest(node.as_string()->get(), choices);
    report(error("invalid-settings", fmt::format("the value of `{}` is none that it can have", known.key))
               .help(meant ? fmt::format("did you mean \"{}\"?", *meant)
                           : fmt::format("it takes {}", join_with_and(choices))),
           node.source());
  }

  template <class T>
  void set(Setting<T>& setting, std::optional<T> value, const std::string& where) {
    if (value) setting = {*std::move(value), Origin::file, where};
  }

  void store(Setting<std::string>& setting, const toml::key& key, const toml::node& node, const std::string& where) {
    set(setting, values_.text(key, node), where);
  }
  void store(Setting<bool>& setting, const toml::key& key, const toml::node& node, const std::string& where) {
    set(setting, values_.boolean(key, node), where);
  }
  void store(Setting<milliseconds>& setting, const toml::key& key, const toml::node& node, const std::string& where) {
    set(setting, values_.duration(key, node), where);
  }
  void store(Setting<std::vector<std::filesystem::path>>& setting, const toml::key& key, const toml::node& node,
             const std::string& where) {
    set(setting, values_.folders(key, node), where);
  }

  /// What [lint] and [naming] need of this file.
  LintFile lint_file() {
    return {.values = values_,
            .report = [this](Diagnostic diagnostic,
                             const toml::source_region& region) { report(std::move(diagnostic), region); },
            .place = [this](const toml::source_region& region) { return place_of(region); },
            .where = [this](const toml::key& key) { return where_of(key); },
            .hide = [this](const toml::node& node) { hide_values(node); }};
  }

  /// As it may be shown. All that is hidden in a file without errors is known before its values are read.
  Place place_of(const toml::source_region& region) {
    if (!shown_) shown_.emplace(source_, hidden_);
    return {shown_->source(), shown_->map(range_of(region))};
  }

  [[nodiscard]] std::string where_of(const toml::key& key) const {
    const auto place = source_.line_column({range_of(key.source()).begin});
    return fmt::format("{}:{}:{}", source_.path(), place.line, place.column);
  }

  // --- syntax

  void report_syntax(const toml::parse_error& syntax) {
    const auto range = range_of(syntax.source());
    const auto line = source_.line_range(source_.line_column({range.begin}).line);
    const bool secret = RedactedSource(source_, hidden_).hides_any_of(line);
    // The parser's own words may quote the value.
    std::string_view words = secret ? "the line is not TOML" : syntax.description();
    constexpr std::string_view prefix = "Error while ";
    if (words.starts_with(prefix)) words.remove_prefix(prefix.size());
    auto diagnostic = error("invalid-settings", fmt::format("syntax error in the settings file: {}", words));
    if (secret)
      diagnostic = std::move(diagnostic).help("set passwords and URLs in the environment or in .env, not here");
    found_.push_back(
        {std::move(diagnostic).help("write `key = value` below a [section], with texts in quotes"), range, {}});
  }

  const Source& source_;
  Settings& settings_;
  std::vector<ByteRange> hidden_;
  std::set<std::size_t> secret_keys_;  // where they begin
  std::vector<Finding> found_;
  std::optional<RedactedSource> shown_;
  ValueReader values_{
      [this](Diagnostic diagnostic, const toml::source_region& region) { report(std::move(diagnostic), region); }};
};

}  // namespace

Result<void> read_settings_file(const SourcePtr& source, Settings& settings) {
  return SettingsReader(source, settings).read();
}

}  // namespace migrate::config
