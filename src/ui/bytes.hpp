// Sizes for people.
#pragma once

#include <string>

namespace migrate::ui {

// "8 kB", "1.5 MB": in powers of 1024, as the server writes them.
std::string format_bytes(double count);

}  // namespace migrate::ui
