/// \file
/// What a command should have written beside what it wrote.
#pragma once

#include <string>

#include "golden/transcript.hpp"

namespace golden {

/// A line "..." matches any number of lines.
bool matches(const Lines& expected, const Lines& actual);

/// Both, one line each: " " in both, "-" only expected, "+" only written.
std::string difference(const Lines& expected, const Lines& actual);

}  // namespace golden
