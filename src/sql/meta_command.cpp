#include "sql/meta_command.hpp"

#include <array>

namespace migrate::sql {
namespace {

struct Advice {
  std::string_view name;
  std::string_view text;
};

constexpr std::string_view inline_the_file = "put the file's SQL here, or make a revision of its own of it";
constexpr std::string_view one_database = "remove it: a history belongs to one database, which the settings name";
constexpr std::string_view no_variables =
    "write the value itself: revisions have no variables, so that they run alike everywhere";
constexpr std::string_view no_conditions = "write the condition in SQL, for example in a DO block";
constexpr std::string_view only_output = "remove it: it only writes to psql's output";
constexpr std::string_view no_shell = "remove it: a revision is SQL alone";
constexpr std::string_view a_semicolon = "end the statement with a semicolon";

constexpr std::array advices{
    Advice{"\\i", inline_the_file},
    Advice{"\\ir", inline_the_file},
    Advice{"\\include", inline_the_file},
    Advice{"\\include_relative", inline_the_file},
    Advice{"\\c", one_database},
    Advice{"\\connect", one_database},
    Advice{"\\set", no_variables},
    Advice{"\\unset", no_variables},
    Advice{"\\gset", no_variables},
    Advice{"\\prompt", no_variables},
    Advice{"\\getenv", no_variables},
    Advice{"\\setenv", no_variables},
    Advice{"\\bind", no_variables},
    Advice{"\\if", no_conditions},
    Advice{"\\elif", no_conditions},
    Advice{"\\else", no_conditions},
    Advice{"\\endif", no_conditions},
    Advice{"\\copy", "use COPY ... FROM stdin and put the data below it, closed by a line with \\."},
    Advice{"\\.", "remove it, or put COPY ... FROM stdin over the data that it closes"},
    Advice{"\\gexec", "use a DO block that runs the generated statements with EXECUTE"},
    Advice{"\\g", a_semicolon},
    Advice{"\\;", a_semicolon},
    Advice{"\\echo", only_output},
    Advice{"\\qecho", only_output},
    Advice{"\\warn", only_output},
    Advice{"\\timing", only_output},
    Advice{"\\pset", only_output},
    Advice{"\\o", only_output},
    Advice{"\\x", only_output},
    Advice{"\\a", only_output},
    Advice{"\\t", only_output},
    Advice{"\\d", only_output},
    Advice{"\\q", "remove it and what follows: a revision runs to its end"},
    Advice{"\\!", no_shell},
    Advice{"\\cd", no_shell},
    Advice{"\\encoding", "save the file as UTF-8 and remove the command"},
    Advice{"\\password", "use ALTER ROLE ... PASSWORD outside of the history: a revision is no place for a secret"},
    Advice{"\\restrict", "end the statement before it"},
    Advice{"\\unrestrict", "end the statement before it"},
};

}  // namespace

std::string_view advice_for_meta_command(std::string_view name) {
  for (const Advice& advice : advices) {
    if (advice.name == name) return advice.text;
  }
  return "remove it: only psql knows it, the server does not";
}

}  // namespace migrate::sql
