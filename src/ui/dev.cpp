#include <fmt/format.h>

#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

std::string describe(const cluster::ClusterStatus& status) {
  if (!status.initialised) return "not made yet";
  return status.running ? fmt::format("running (PostgreSQL {}, pid {})", status.version, status.pid.value_or(0))
                        : fmt::format("not running (PostgreSQL {})", status.version);
}

}  // namespace

ExitCode show(Output& output, const Result<ops::DevOutcome>& result) {
  if (!result) return output.fail(result.error());
  const auto& status = result->status;
  if (!output.human()) {
    return answer(output,
                  {{"running", status.running},
                   {"initialised", status.initialised},
                   {"pid", status.pid ? Json(*status.pid) : Json()},
                   {"version", status.version},
                   {"data", status.data_directory.string()},
                   {"log", status.log_file.string()},
                   {"url", result->url}},
                  ExitCode::ok);
  }
  if (!result->said.empty()) {
    output.progress("embedded PostgreSQL " + result->said);
    return ExitCode::ok;
  }
  output.text(fmt::format("server  {}\ndata    {}\nlog     {}\nurl     {}\n", describe(status),
                          status.data_directory.string(), status.log_file.string(), result->url));
  return ExitCode::ok;
}

}  // namespace migrate::ui
