#include <migrate/catalog/schema.hpp>

namespace migrate::catalog {

std::optional<Volatility> built_in_volatility(std::string_view) { return std::nullopt; }

}  // namespace migrate::catalog
