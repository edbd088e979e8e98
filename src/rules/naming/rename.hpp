// Giving another name to what a revision makes, in the file.
#pragma once

#include <string>
#include <vector>

#include "rules/naming/new_names.hpp"

namespace migrate::rules {

// The edits that give an index or a constraint the name `better` wherever the file speaks of it. None where that is not
// sure to be the same thing under another name: it is spoken of in other words, the better name is taken, or IF NOT
// EXISTS may have found it under the old one.
std::vector<Edit> rename_edits(const Site& site, const NewName& name, const std::string& better);

}  // namespace migrate::rules
