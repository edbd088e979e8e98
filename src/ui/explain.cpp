#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/condition.hpp>
#include <migrate/rules/rule.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/message_words.hpp"

namespace migrate::ui {
namespace {

// "data-loss": a category as one word.
std::string word_of(rules::Category category) {
  std::string word(rules::to_text(category));
  std::replace(word.begin(), word.end(), ' ', '-');
  return word;
}

std::vector<std::string> all_categories() {
  std::vector<std::string> words;
  for (int i = 0; i <= static_cast<int>(rules::Category::design); ++i)
    words.push_back(word_of(static_cast<rules::Category>(i)));
  return words;
}

std::string level_text(const rules::Rule& rule) {
  if (rule.strict > rule.level)
    return fmt::format("{} ({} in strict)", rules::to_text(rule.level), rules::to_text(rule.strict));
  return std::string(rules::to_text(rule.level));
}

Role role_of(rules::Level level) {
  switch (level) {
    case rules::Level::error: return Role::error;
    case rules::Level::warning: return Role::warning;
    default: return Role::dim;
  }
}

Json rule_json(const rules::Rule& rule) {
  return {{"id", rule.id},
          {"category", word_of(rule.category)},
          {"level", rules::to_text(rule.level)},
          {"strict_level", rules::to_text(std::max(rule.level, rule.strict))},
          {"summary", rule.summary},
          {"needs_database", rule.needs_database}};
}

// What a block of a rule's page is, for those who read it without its fences.
std::string_view caption_of(std::string_view fence) {
  const auto words = split_list(fence);
  if (words.size() < 2) return {};
  if (words[1] == "setup") return "-- given:";
  return words[1] == "rows" ? "-- and these rows:" : "";
}

std::string render_page(std::string_view page, const Style& style) {
  std::string text;
  bool code = false;
  for (const auto line : split(page, '\n')) {
    if (line.starts_with("```")) {
      code = !code;
      const auto caption = code ? caption_of(line.substr(3)) : std::string_view();
      if (!caption.empty()) text += "    " + style.paint(Role::dim, caption) + '\n';
    } else if (code) {
      text += line.empty() ? "\n" : fmt::format("    {}\n", line);
    } else if (line.starts_with('#')) {
      text += style.paint(Role::bold, trim(line.substr(line.find_first_not_of('#')))) + '\n';
    } else {
      text += fmt::format("{}\n", line);
    }
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

ExitCode show_message(Output& output, const std::string& id, std::string_view words) {
  if (!output.human()) return answer(output, {{"message", {{"id", id}, {"text", words}}}}, ExitCode::ok);
  output.text(fmt::format("{}\n\n{}\n", output.options().out.paint(Role::bold, id), words));
  return ExitCode::ok;
}

/// Of an id that is the name of one of PostgreSQL's conditions; empty: it is none.
std::string words_about_condition(const std::string& id) {
  const auto states = db::sqlstates_of(id);
  if (states.empty()) return {};
  std::string name = id;
  std::replace(name.begin(), name.end(), '-', '_');
  return fmt::format(
      "PostgreSQL's condition {}, SQLSTATE {}: the server refused a statement, and its message says why; the codes are "
      "in appendix A of PostgreSQL's manual",
      name, join_with_and(states));
}

Failure unknown_rule(const std::string& id) {
  std::vector<std::string> ids = message_ids();
  for (const auto* rule : rules::all_rules()) ids.emplace_back(rule->id);
  auto unknown = error("unknown-rule", fmt::format("there is no rule `{}`", id));
  if (const auto meant = nearest(id, ids)) unknown = std::move(unknown).help(fmt::format("did you mean `{}`?", *meant));
  return Failure(std::move(unknown).help("see the rules there are: migrate explain"));
}

}  // namespace

ExitCode show_rules(Output& output, const std::string& category) {
  const auto categories = all_categories();
  if (!category.empty() && std::find(categories.begin(), categories.end(), category) == categories.end()) {
    auto unknown = error("unknown-category", fmt::format("there is no category `{}` of rules", category));
    if (const auto meant = nearest(category, categories))
      unknown = std::move(unknown).help(fmt::format("did you mean `{}`?", *meant));
    return output.fail(Failure(std::move(unknown).help("the categories are " + join_with_and(categories))));
  }
  Json list = Json::array();
  std::size_t id_width = 0, level_width = 0;
  std::vector<const rules::Rule*> shown;
  for (const auto* rule : rules::all_rules()) {
    if (!category.empty() && word_of(rule->category) != category) continue;
    shown.push_back(rule);
    list.push_back(rule_json(*rule));
    id_width = std::max(id_width, rule->id.size());
    level_width = std::max(level_width, level_text(*rule).size());
  }
  if (!output.human()) return answer(output, {{"rules", std::move(list)}}, ExitCode::ok);

  const Style& style = output.options().out;
  std::string text;
  for (const auto& word : categories) {
    std::string lines;
    for (const auto* rule : shown) {
      if (word_of(rule->category) != word) continue;
      const std::string level = level_text(*rule);
      lines += fmt::format("  {}{}  {}{}  {}\n", style.paint(Role::id, rule->id),
                           std::string(id_width - rule->id.size(), ' '), style.paint(role_of(rule->level), level),
                           std::string(level_width - level.size(), ' '), rule->summary);
    }
    if (!lines.empty()) text += fmt::format("{}{}\n{}", text.empty() ? "" : "\n", style.paint(Role::bold, word), lines);
  }
  output.text(text);
  output.progress("\nmore: migrate explain RULE");
  return ExitCode::ok;
}

ExitCode show_rule(Output& output, const std::string& id) {
  const auto* rule = rules::find_rule(id);
  if (rule == nullptr) {
    const std::string ours(words_about(id));
    const auto words = ours.empty() ? words_about_condition(id) : ours;
    return words.empty() ? output.fail(unknown_rule(id)) : show_message(output, id, words);
  }
  const auto page = rules::page_of(id);
  if (!output.human()) {
    Json json = rule_json(*rule);
    json["page"] = page;
    return answer(output, {{"rule", std::move(json)}}, ExitCode::ok);
  }
  const std::string plain = fmt::format("# {}\n\n{}\n\n- Category: {}\n- Level: {}\n", rule->id, rule->summary,
                                        rules::to_text(rule->category), level_text(*rule));
  output.text(render_page(page.empty() ? plain : page, output.options().out));
  return ExitCode::ok;
}

}  // namespace migrate::ui
