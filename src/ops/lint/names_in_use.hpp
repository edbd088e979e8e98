// Which names revisions speak of.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <migrate/base/source.hpp>

namespace migrate::ops {

class NamesInUse {
 public:
  // `sources` in the order of the history. Cost: about that of scanning them all.
  explicit NamesInUse(std::span<const SourcePtr> sources);

  // The last source after `source` that has the name, as the server stores it, as an identifier, or as a word of a text
  // (a function's body, a block): what a text puts together cannot be seen.
  [[nodiscard]] std::optional<std::size_t> after(std::string_view name, std::size_t source) const;
  // The last source of all that has it.
  [[nodiscard]] std::optional<std::size_t> anywhere(std::string_view name) const;

 private:
  void add_words(std::string_view text, std::size_t source);

  std::map<std::string, std::size_t, std::less<>> last_;
};

}  // namespace migrate::ops
