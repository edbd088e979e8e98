/// \file
/// Diagnostics for people: message, `-->` place, snippet with caret, `=` notes, help. See docs/reference/output.md.
#pragma once

#include <span>
#include <string>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/exit_code.hpp>
#include <migrate/ui/style.hpp>

namespace migrate::ui {

/// Paths are shown relative to `base_directory` where they are below it. Long source lines are windowed round the
/// caret; tabs and wide characters keep carets in place; control characters are shown, never sent.
std::string render_diagnostic(const Diagnostic& diagnostic, const Style& style, std::string_view base_directory = {});
std::string render_diagnostics(std::span<const Diagnostic> diagnostics, const Style& style,
                               std::string_view base_directory = {});

}  // namespace migrate::ui
