// Runs a fuzz target without libFuzzer: on each seed of a folder, and on each seed cut short at up to 256 places.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::string& text) {
  // A copy of exactly this size, so that a sanitizer sees a read beyond the end.
  const std::string exact(text.data(), text.size());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(exact.data()), exact.size());
}

std::size_t run_seed(const std::filesystem::path& path) {
  constexpr std::size_t most_cuts = 256;
  std::ifstream stream(path, std::ios::binary);
  const std::string seed{std::istreambuf_iterator<char>(stream), {}};
  const std::size_t stride = seed.size() / most_cuts + 1;
  std::size_t runs = 1;
  feed(seed);
  for (std::size_t length = 0; length < seed.size(); length += stride, ++runs) feed(seed.substr(0, length));
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 0;
  std::size_t runs = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      std::fprintf(stderr, "there is no folder of seeds %s\n", argv[i]);
      return 1;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      ++seeds;
      runs += run_seed(entry.path());
    }
  }
  std::printf("%zu seeds, %zu runs\n", seeds, runs);
  return seeds == 0 ? 1 : 0;
}
