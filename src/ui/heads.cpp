#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

Json to_json(const ops::HeadLine& head) {
  Json result = to_json(head.revision);
  result["branches"] = head.branches;
  result["effective"] = head.effective;
  return result;
}

}  // namespace

ExitCode show(Output& output, const Result<ops::HeadsOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json heads = Json::array();
    for (const auto& head : result->heads) heads.push_back(to_json(head));
    return answer(output, {{"heads", std::move(heads)}}, ExitCode::ok);
  }
  const Style& style = output.options().out;
  std::string text;
  for (const auto& head : result->heads) {
    text += style.paint(Role::id, head.revision.id.str()) + "  " + head.revision.message;
    for (const auto& branch : head.branches) text += " [" + branch + "]";
    text += head.effective ? " (head)\n" : " (effective head)\n";
  }
  output.text(text);
  if (result->heads.empty()) output.progress("no revisions yet: migrate revision -m \"...\" makes the first");
  return ExitCode::ok;
}

}  // namespace migrate::ui
