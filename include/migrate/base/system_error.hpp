/// \file
/// The system's words for an errno.
#pragma once

#include <string>
#include <system_error>

namespace migrate {

/// "no space left on device": without a capital, to fit after a colon.
inline std::string reason_of(int code) {
  auto text = std::generic_category().message(code);
  const bool acronym = text.size() > 1 && text[1] >= 'A' && text[1] <= 'Z';
  if (!text.empty() && !acronym && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace migrate
