#include <migrate/base/diagnostic.hpp>

#include <utility>

namespace migrate {

Diagnostic Diagnostic::at(SourcePtr source, ByteRange range, std::string text) && {
  primary = Label{std::move(source), range, std::move(text)};
  return std::move(*this);
}

Diagnostic Diagnostic::also(SourcePtr source, ByteRange range, std::string text) && {
  secondary.push_back(Label{std::move(source), range, std::move(text)});
  return std::move(*this);
}

Diagnostic Diagnostic::in_file(std::string path) && {
  file = std::move(path);
  return std::move(*this);
}

Diagnostic Diagnostic::note(std::string text) && { return std::move(*this).note("note", std::move(text)); }

Diagnostic Diagnostic::note(std::string label, std::string text) && {
  notes.push_back(Note{std::move(label), std::move(text)});
  return std::move(*this);
}

Diagnostic Diagnostic::help(std::string help_message) && { return std::move(*this).help(std::move(help_message), {}); }

Diagnostic Diagnostic::help(std::string help_message, std::vector<Edit> edits) && {
  helps.push_back(Help{std::move(help_message), std::move(edits)});
  return std::move(*this);
}

namespace {

Diagnostic make_diagnostic(Severity severity, std::string id, std::string message) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.id = std::move(id);
  diagnostic.message = std::move(message);
  return diagnostic;
}

}  // namespace

Diagnostic error(std::string id, std::string message) {
  return make_diagnostic(Severity::error, std::move(id), std::move(message));
}

Diagnostic warning(std::string id, std::string message) {
  return make_diagnostic(Severity::warning, std::move(id), std::move(message));
}

}  // namespace migrate
