/// \file
/// A few words about messages that are no rules' findings: those of docs/reference/diagnostics.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace migrate::ui {

/// Empty: nothing is known of it.
std::string_view words_about(std::string_view id);
std::vector<std::string> message_ids();

}  // namespace migrate::ui
