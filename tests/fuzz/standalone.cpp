// Runs a fuzz target without libFuzzer, on any compiler: on each seed of a folder, on each seed cut short at up to 256
// places, and then on seeds that were mixed and damaged, for MIGRATE_FUZZ_SECONDS (default 1). Without coverage to
// guide it that finds less than scripts/fuzz, but it is always asked.
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

const std::string* under_way = nullptr;

// A finding is of use only with its input. Nothing here is allowed in a signal handler but fits the end of a process.
void keep_input(int signal) {
  std::signal(signal, SIG_DFL);
  std::ofstream("fuzz-found.txt", std::ios::binary) << *under_way;
  std::fputs("the input that did it is in fuzz-found.txt\n", stderr);
  std::raise(signal);
}

void feed(const std::string& text) {
  // A copy of exactly this size, so that a sanitizer sees a read beyond the end.
  const std::string exact(text.data(), text.size());
  under_way = &exact;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(exact.data()), exact.size());
}

std::size_t run_seed(const std::string& seed) {
  constexpr std::size_t most_cuts = 256;
  const std::size_t stride = seed.size() / most_cuts + 1;
  std::size_t runs = 1;
  feed(seed);
  for (std::size_t length = 0; length < seed.size(); length += stride, ++runs) feed(seed.substr(0, length));
  return runs;
}

// The same texts in every run.
class Damage {
 public:
  explicit Damage(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t i = 1 + below(6); i > 0; --i) damage(text);
    return text;
  }

 private:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  std::string piece_of(const std::string& text) {
    const std::size_t begin = below(text.size() + 1);
    return text.substr(begin, below(64));
  }

  void damage(std::string& text) {
    static const std::string signs = std::string("'\"$-/*\\;:=.,()[]{}<>#\n\r\t @~_\x80\xff\xc3") + '\0';
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0: text.insert(at, 1, signs[below(signs.size())]); break;
      case 1: text.insert(at, piece_of(seeds_[below(seeds_.size())])); break;
      case 2: text.insert(at, piece_of(text)); break;
      case 3: text.erase(at, below(32)); break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      default:
        if (at < text.size()) text[at] = signs[below(signs.size())];
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_{20260101};
};

std::size_t run_damaged(std::vector<std::string> seeds) {
  const char* const wanted = std::getenv("MIGRATE_FUZZ_SECONDS");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(wanted ? std::atoi(wanted) : 1);
  Damage damage(std::move(seeds));
  std::size_t runs = 0;
  for (; std::chrono::steady_clock::now() < end; ++runs) feed(damage.next());
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE}) std::signal(signal, keep_input);
  std::vector<std::string> seeds;
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      std::fprintf(stderr, "there is no folder of seeds %s\n", argv[i]);
      return 1;
    }
    for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      seeds.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
      runs += run_seed(seeds.back());
    }
  }
  const std::size_t count = seeds.size();
  if (count > 0) runs += run_damaged(std::move(seeds));
  std::printf("%zu seeds, %zu runs\n", count, runs);
  return count == 0 ? 1 : 0;
}
