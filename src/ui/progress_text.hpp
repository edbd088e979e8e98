// How far a statement is, in words.
#pragma once

#include <cstddef>
#include <string>

#include <migrate/db/progress.hpp>

namespace migrate::ui {

// "building index: scanning table, 43 % of 2.9 GB, 310 MB/s, 6 s left"; empty where only the time is known.
std::string describe(const db::Progress& progress);

// "waits for pid 4121 (app, psql, idle in transaction, its transaction is 42 s old)"; empty where it waits for nobody.
std::string describe_waiting(const db::Progress& progress);

// "[########............]"; empty where nobody knows how much there is to do.
std::string draw_bar(const db::Progress& progress, std::size_t width);

}  // namespace migrate::ui
