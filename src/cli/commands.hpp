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
void add_rehearse(Program& program);
void add_restore(Program& program);
void add_resume(Program& program);
void add_mark(Program& program);
void add_lock(Program& program);
void add_stamp(Program& program);
void add_ensure_version(Program& program);
void add_heads(Program& program);
void add_branches(Program& program);
void add_history(Program& program);
void add_show(Program& program);
void add_current(Program& program);
void add_status(Program& program);
void add_check(Program& program);
void add_lint(Program& program);
void add_explain(Program& program);
void add_config(Program& program);
void add_completion(Program& program);
void add_help(Program& program);

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
  add_rehearse(program);
  add_restore(program);
  add_resume(program);
  add_mark(program);
  add_lock(program);
  add_stamp(program);
  add_ensure_version(program);
  add_heads(program);
  add_branches(program);
  add_history(program);
  add_show(program);
  add_current(program);
  add_status(program);
  add_check(program);
  add_lint(program);
  add_explain(program);
  add_config(program);
  add_completion(program);
  add_help(program);
}

}  // namespace migrate::cli
