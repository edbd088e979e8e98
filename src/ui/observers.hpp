// The three ways in which a run is shown while it goes on.
#pragma once

#include <memory>

#include <migrate/ops/observer.hpp>
#include <migrate/ui/output.hpp>

namespace migrate::ui {

// A pipe: a line per event, nothing overprinted.
std::unique_ptr<ops::Observer> make_line_observer(Output& output);
// A terminal: aligned lines, the last one live while a statement runs.
std::unique_ptr<ops::Observer> make_live_observer(Output& output);
// --format jsonl: a record per event on stdout; --format json: silence, the answer has it all.
std::unique_ptr<ops::Observer> make_record_observer(Output& output);

}  // namespace migrate::ui
