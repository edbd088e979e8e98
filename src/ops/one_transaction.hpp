// Runs that are one transaction from end to end.
#pragma once

#include <span>
#include <string_view>

#include <migrate/base/result.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

// `flag` is what asks for it: "--dry-run". Errors: `cannot-run-in-one-transaction`, for the first step that can't.
Result<void> check_one_transaction(std::span<const PreparedStep> steps, std::string_view flag);

}  // namespace migrate::ops
