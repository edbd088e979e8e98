// The list of commands, in the order in which help shows them: one line and one cmd_<verb>.cpp each.
#pragma once

#include "cli/program.hpp"

namespace migrate::cli {

void add_heads(Program& program);

inline void add_commands(Program& program) {
  add_heads(program);
}

}  // namespace migrate::cli
