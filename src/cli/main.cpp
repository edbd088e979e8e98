#include <cstdio>
#include <exception>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  using namespace migrate;
  try {
    cli::Program program;
    cli::add_commands(program);
    return static_cast<int>(program.main(argc, argv));
  } catch (const std::exception& problem) {
    std::fprintf(stderr,
                 "error[bug]: %s\n   = note: this is a bug in migrate; the database was left as the last lines say\n"
                 "help: report it with the command and its output\n",
                 problem.what());
    return static_cast<int>(ExitCode::bug);
  }
}
