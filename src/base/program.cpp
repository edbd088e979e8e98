#include <migrate/base/program.hpp>

#include "base/child.hpp"

#include <cerrno>

namespace migrate {

Result<ProgramEnd> run_program(const Program& program) {
  const File in = scratch_file(program.input), out = scratch_file(), complaint = scratch_file();
  if (!in || !out || !complaint) return cannot_run(program, errno);
  MIGRATE_TRY_ASSIGN(const pid_t child,
                     start_child(program, {fileno(in.get()), fileno(out.get()), fileno(complaint.get())}));
  Ending ending(child);
  ProgramEnd end;
  end.exit_code = wait_for_end(child, program.interrupt, ending);
  end.interrupted = ending.begun();
  end.output = read_all(out.get());
  end.complaint = read_all(complaint.get());
  return end;
}

}  // namespace migrate
