/// \file
/// A value of the settings, and where it came from.
#pragma once

#include <string>

#include <migrate/base/source.hpp>

namespace migrate::config {

enum class Origin { fallback, file, dotenv, environment, flag };

/// A value and its origin. `where` says it exactly: "--url", "DATABASE_URL", ".env:3", "migrate.toml:7:1".
template <class T>
struct Setting {
  T value{};
  Origin origin = Origin::fallback;
  std::string where = "default";
};

/// Where something stands in the settings file, as it may be shown: for those who know better than this room what it
/// may be. Without a source: it does not stand there.
struct Place {
  SourcePtr source;
  ByteRange range;
};

/// A value that is understood elsewhere, with the place of it.
template <class T>
struct PlacedSetting : Setting<T> {
  Place place;
};

}  // namespace migrate::config
