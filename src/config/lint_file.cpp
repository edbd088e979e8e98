#include "config/lint_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "config/known_keys.hpp"

namespace migrate::config {
namespace {

class LintReader {
 public:
  LintReader(const LintFile& file, LintSettings& settings) : file_(file), settings_(settings) {}

  void read(const toml::table& section) {
    for (const auto& [key, node] : section) {
      if (key.str() == "rules") {
        read_rules(key, node);
        continue;
      }
      const auto keys = known_lint_keys();
      const auto known =
          std::find_if(keys.begin(), keys.end(), [&name = key](const auto& one) { return one.key == name.str(); });
      if (known == keys.end()) {
        report_unknown(key, node);
        continue;
      }
      std::visit([this, &name = key, &value = node](auto member) { store(settings_.*member, name, value); },
                 known->destination);
    }
  }

 private:
  void report_unknown(const toml::key& key, const toml::node& node) {
    file_.hide(node);
    const auto keys = keys_of("lint");
    const auto meant = nearest(key.str(), keys);
    file_.report(
        error("invalid-settings", fmt::format("unknown key `{}` in `[lint]`", key.str()))
            .help(meant ? fmt::format("did you mean `{}`?", *meant) : "the level of a rule stands below [lint.rules]")
            .help(fmt::format("the keys of [lint] are {}", join_with_and(keys))),
        key.source());
  }

  template <class T>
  void set(PlacedSetting<T>& setting, std::optional<T> value, const toml::key& key, const toml::node& node) {
    if (value) setting = {{*std::move(value), Origin::file, file_.where(key)}, file_.place(node.source())};
  }
  void store(PlacedSetting<std::string>& setting, const toml::key& key, const toml::node& node) {
    set(setting, file_.values.text(key, node), key, node);
  }
  void store(PlacedSetting<std::vector<std::string>>& setting, const toml::key& key, const toml::node& node) {
    set(setting, file_.values.texts(key, node), key, node);
  }
  void store(PlacedSetting<std::uint64_t>& setting, const toml::key& key, const toml::node& node) {
    set(setting, file_.values.number(key, node), key, node);
  }
  void store(PlacedSetting<Bytes>& setting, const toml::key& key, const toml::node& node) {
    if (const auto bytes = file_.values.size(key, node)) set(setting, std::optional(Bytes{*bytes}), key, node);
  }
  void store(PlacedSetting<std::map<std::string, std::string>>& setting, const toml::key& key, const toml::node& node) {
    set(setting, file_.values.words(key, node), key, node);
  }

  void read_rules(const toml::key& section, const toml::node& node) {
    const auto* rules = node.as_table();
    if (rules == nullptr) {
      file_.report(error("invalid-settings", fmt::format("`rules` is a section, not {}", kind_of(node)))
                       .help("write [lint.rules], and below it lines like: json-column = \"off\""),
                   section.source());
      return;
    }
    for (const auto& [key, value] : *rules) {
      auto level = file_.values.text(key, value);
      if (!level) continue;
      settings_.rules.push_back({std::string(key.str()), *std::move(level), file_.place(key.source()),
                                 file_.place(value.source()), file_.where(key)});
    }
  }

  const LintFile& file_;
  LintSettings& settings_;
};

class NamingReader {
 public:
  NamingReader(const LintFile& file, NamingSettings& settings) : file_(file), settings_(settings) {}

  void read(const toml::table& section) {
    for (const auto& [key, node] : section) {
      const auto keys = known_naming_keys();
      const auto known =
          std::find_if(keys.begin(), keys.end(), [&name = key](const auto& one) { return one.key == name.str(); });
      if (known != keys.end()) {
        if (auto text = file_.values.text(key, node))
          settings_.*
              known->destination = {{*std::move(text), Origin::file, file_.where(key)}, file_.place(node.source())};
      } else if (const auto* kind = node.as_table()) {
        read_kind(key, *kind);
      } else {
        file_.hide(node);
        const auto names = keys_of("naming");
        const auto meant = nearest(key.str(), names);
        file_.report(error("invalid-settings", fmt::format("unknown key `{}` in `[naming]`", key.str()))
                         .help(meant ? fmt::format("did you mean `{}`?", *meant)
                                     : fmt::format("if it is a kind of name, write [naming.{}], and template = \"...\" "
                                                   "below it",
                                                   key.str())),
                     key.source());
      }
    }
  }

 private:
  void read_kind(const toml::key& name, const toml::table& table) {
    NamingKindSetting kind{std::string(name.str()), file_.place(name.source()), file_.where(name), {}, {}};
    bool whole = true;
    for (const auto& [key, node] : table) {
      if (key.str() == "template") {
        whole = add_template(kind, key, node) && whole;
      } else if (key.str() == "any_of") {
        const auto* list = node.as_array();
        if (list == nullptr)
          whole = add_template(kind, key, node) && whole;
        else
          for (const auto& item : *list) whole = add_template(kind, key, item) && whole;
      } else if (key.str() == "exceptions") {
        auto names = file_.values.texts(key, node);
        whole = whole && names;
        if (names) kind.exceptions = *std::move(names);
      } else {
        whole = false;
        report_unknown(name, key, node);
      }
    }
    if (!whole) return;
    if (table.contains("template") && table.contains("any_of")) {
      file_.report(error("invalid-settings", fmt::format("[naming.{}] has both `template` and `any_of`", name.str()))
                       .help("put the template into the list of `any_of`"),
                   name.source());
    }
    settings_.kinds.push_back(std::move(kind));
  }

  bool add_template(NamingKindSetting& kind, const toml::key& key, const toml::node& node) {
    auto text = file_.values.text(key, node, "a template or a list of templates");
    if (!text) return false;
    kind.templates.emplace_back(*std::move(text), file_.place(node.source()));
    return true;
  }

  void report_unknown(const toml::key& kind, const toml::key& key, const toml::node& node) {
    file_.hide(node);
    const std::vector<std::string> keys{"template", "any_of", "exceptions"};
    const auto meant = nearest(key.str(), keys);
    file_.report(error("invalid-settings", fmt::format("unknown key `{}` in `[naming.{}]`", key.str(), kind.str()))
                     .help(meant ? fmt::format("did you mean `{}`?", *meant)
                                 : fmt::format("the keys are {}", join_with_and(keys))),
                 key.source());
  }

  const LintFile& file_;
  NamingSettings& settings_;
};

}  // namespace

void read_lint(const LintFile& file, const toml::table& section, LintSettings& settings) {
  LintReader(file, settings).read(section);
}

void read_naming(const LintFile& file, const toml::table& section, NamingSettings& settings) {
  NamingReader(file, settings).read(section);
}

}  // namespace migrate::config
