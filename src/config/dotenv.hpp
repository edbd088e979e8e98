/// \file
/// `.env` files as they may be shown.
#pragma once

#include <migrate/config/settings.hpp>

namespace migrate::config {

/// Names stay; everything that could be a secret, or a piece of one in a line that lost its quotes, does not. Lines
/// keep their numbers.
SourcePtr redacted_dotenv(const Source& source);

}  // namespace migrate::config
