// The one place that knows which Catch2 there is: 2.13 (Debian 12) or 3 (Debian 13).
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
namespace migrate::test {
using Catch::Matchers::ContainsSubstring;
}
#else
#include <catch2/catch.hpp>
namespace migrate::test {
inline auto ContainsSubstring(const std::string& text) { return Catch::Contains(text); }
}  // namespace migrate::test
#endif
