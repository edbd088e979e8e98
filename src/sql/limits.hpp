// How much of a statement is read.
#pragma once

#include <cstddef>

namespace migrate::sql {

// All that the first words tell stands in so much text.
inline constexpr std::size_t head_size = 16 * 1024;

// A parse tree takes many times the size of its text, and a tree so large is data: rows of an INSERT. Nothing but the
// first words matters there.
inline constexpr std::size_t largest_parsed = 4 * 1024 * 1024;

// Of rows that are longer, only the tokens of the first words are kept: the others are values.
inline constexpr std::size_t largest_change_kept_whole = 64 * 1024;

}  // namespace migrate::sql
