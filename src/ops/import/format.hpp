// Histories of other tools, as values: the verb reads the folder and writes the revision files. A format is one file
// here and one line in the list of format.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/revision/revision_file.hpp>

namespace migrate::ops::foreign {

// A file of another tool's history. `name` is its path below the folder, as the user is told it; the text is raw.
struct ForeignFile {
  std::string name;
  std::string text;
};

struct ConvertedHistory {
  std::vector<revision::NewRevision> revisions;  // parents before children
  Diagnostics notices;                           // what was changed on the way, as warnings
};

struct Format {
  std::string_view name;
  std::string_view description;
  // Is a file of this name a part of such a history? The verb hands over only these.
  bool (*owns)(std::string_view file_name);
  Result<ConvertedHistory> (*convert)(std::span<const ForeignFile> files);
};

std::span<const Format> formats();
// Null where there is no such format.
const Format* find_format(std::string_view name);
// The format that owns most of the files; null where none owns any.
const Format* detect_format(std::span<const std::string> file_names);

}  // namespace migrate::ops::foreign
