/// \file
/// What the JSON of every command is made of. See docs/reference/output.md.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/exit_code.hpp>

namespace migrate::ui {

/// Members stay in the order in which they were added.
using Json = nlohmann::ordered_json;

/// Grows only with a change that breaks readers: members may be added at any time.
inline constexpr int json_format = 1;

/// severity, id, message; file, start and end (`line` and `column` from 1, `byte` from 0), label; secondary, notes,
/// help, sqlstate; doc. What there is not is left out.
Json to_json(const Diagnostic& diagnostic);
Json to_json(const Diagnostics& diagnostics);

/// What every answer begins with: format, tool, command, exit_code.
Json envelope(std::string_view command, ExitCode exit_code);

/// On one line, or indented by two; with a line end. Bytes that are not UTF-8 become U+FFFD.
std::string dump(const Json& json, bool one_line);

}  // namespace migrate::ui
