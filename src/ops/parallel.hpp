// Work on many things that do not depend on one another.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace migrate::ops {

// Calls work(i) for each i below `count`, on as many threads as there are cores where there is enough to do. Requires:
// the calls touch nothing of one another, and throw nothing.
template <class Work>
void in_parallel(std::size_t count, std::size_t worth_a_thread, const Work& work) {
  const std::size_t workers =
      std::clamp<std::size_t>(count / worth_a_thread, 1, std::max(1U, std::thread::hardware_concurrency()));
  // Some take longer than others: each worker takes the next few when it is done with the last.
  constexpr std::size_t at_once = 16;
  std::atomic<std::size_t> taken = 0;
  const auto take_all = [&] {
    for (std::size_t begin = 0; (begin = taken.fetch_add(at_once)) < count;) {
      for (std::size_t i = begin; i < std::min(begin + at_once, count); ++i) work(i);
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t worker = 1; worker < workers; ++worker) threads.emplace_back(take_all);
  take_all();
}

}  // namespace migrate::ops
