// The list of commands, in the order in which help shows them: one line and one cmd_<verb>.cpp each.
#pragma once

#include "cli/program.hpp"

namespace migrate::cli {

void add_init(Program& program);
void add_revision(Program& program);
void add_merge(Program& program);
void add_edit(Program& program);
void add_import(Program& program);
void add_dev(Program& program);
void add_upgrade(Program& program);
void add_downgrade(Program& program);
void add_redo(Program& program);
void add_plan(Program& program);
void add_stamp(Program& program);
void add_ensure_version(Program& program);
void add_heads(Program& program);

inline void add_commands(Program& program) {
  add_init(program);
  add_revision(program);
  add_merge(program);
  add_edit(program);
  add_import(program);
  add_dev(program);
  add_upgrade(program);
  add_downgrade(program);
  add_redo(program);
  add_plan(program);
  add_stamp(program);
  add_ensure_version(program);
  add_heads(program);
}

}  // namespace migrate::cli
