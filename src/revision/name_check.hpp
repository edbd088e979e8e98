/// \file
/// Why a word is no id and no label, in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace migrate::revision {

/// The first character that no id and no label may have, as it is shown: "`-`", "a blank".
std::optional<std::string> forbidden_character(std::string_view word);

}  // namespace migrate::revision
