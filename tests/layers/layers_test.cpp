#include "support/catch.hpp"

#include <unistd.h>

#include <fstream>
#include <set>
#include <sstream>

#include "layers/layers.hpp"

namespace fs = std::filesystem;
using layers::check_tree;
using layers::read_rules;

namespace {

std::string contents(const fs::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

/// A tree in a temporary folder that vanishes with it.
class Tree {
 public:
  Tree() : root_(make_folder()) {
    fs::create_directories(root_ / "src");
    fs::create_directories(root_ / "include/migrate");
  }
  ~Tree() { fs::remove_all(root_); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  [[nodiscard]] const fs::path& root() const { return root_; }

 private:
  static fs::path make_folder() {
    auto pattern = (fs::temp_directory_path() / "layers-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
  }
  fs::path root_;
};

constexpr auto document = R"(# A house

```arrows
cli -> ops -> { db cluster } -> sql -> base
{ cli ops } -> config -> base
```

| Library | Headers | Rooms |
|---|---|---|
| libpqxx | `pqxx/`, `libpq-fe.h` | db |
| the system | `filesystem`, `sys/` | base, db |

| Long file | Why |
|---|---|
| `src/sql/table.cpp` | one table |
)";

std::string findings_of(const Tree& tree) {
  const auto rules = read_rules(document);
  REQUIRE(joined(rules.troubles).empty());
  return joined(check_tree(tree.root(), rules));
}

}  // namespace

TEST_CASE("the tree keeps to the arrows, libraries and file lengths of ARCHITECTURE.md") {
  const fs::path root = MIGRATE_SOURCE_DIR;
  const auto rules = read_rules(contents(root / "ARCHITECTURE.md"));
  CHECK(joined(rules.troubles).empty());
  REQUIRE(rules.may_include.size() >= 11);
  CHECK(joined(check_tree(root, rules)) == "");
}

TEST_CASE("every room that CMake builds has an arrow") {
  const fs::path root = MIGRATE_SOURCE_DIR;
  const auto rules = read_rules(contents(root / "ARCHITECTURE.md"));
  std::istringstream rooms(MIGRATE_ROOM_LIST);
  std::size_t count = 0;
  for (std::string room; rooms >> room; ++count) CHECK(rules.may_include.contains(room));
  CHECK(count > 0);
}

TEST_CASE("one header of the tests knows which Catch2 there is") {
  const fs::path root = fs::path(MIGRATE_SOURCE_DIR) / "tests";
  // In two parts, so that this file does not find itself.
  const std::string space = std::string("Catch") + "::";
  std::vector<std::string> others;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    if (contents(entry.path()).find(space) == std::string::npos) continue;
    others.push_back(fs::relative(entry.path(), root));
  }
  CHECK(joined(others) == "support/catch.hpp\n");
}

TEST_CASE("a chain of arrows allows everything to the right, and nobody beside") {
  const auto rules = read_rules(document);
  CHECK(rules.may_include.at("db") == std::set<std::string>{"db", "sql", "base"});
  CHECK(rules.may_include.at("ops") == std::set<std::string>{"ops", "db", "cluster", "sql", "base", "config"});
  CHECK(rules.may_include.at("base") == std::set<std::string>{"base"});
}

TEST_CASE("a good tree has no finding") {
  const Tree tree;
  tree.write("include/migrate/sql/scan.hpp", "#include <migrate/base/text.hpp>\n#include <vector>\n");
  tree.write("src/db/session.cpp",
             "#include \"db/query.hpp\"\n#include <migrate/version.hpp>\n# include  <pqxx/pqxx>\n");
  tree.write("src/sql/table.cpp", std::string(layers::line_limit + 1, '\n'));
  CHECK(findings_of(tree).empty());
}

TEST_CASE("what goes against the house is found, with its place") {
  const Tree tree;
  tree.write("src/sql/table.cpp", std::string(layers::line_limit + 1, '\n'));

  SECTION("an include against the arrows") {
    tree.write("src/sql/scan.cpp", "\n#include <migrate/ops/upgrade.hpp>\n");
    CHECK(findings_of(tree) == "src/sql/scan.cpp:2: sql may not include ops\n");
  }
  SECTION("an include of the room beside") {
    tree.write("include/migrate/db/session.hpp", "#include <migrate/cluster/cluster.hpp>\n");
    CHECK(findings_of(tree) == "include/migrate/db/session.hpp:1: db may not include cluster\n");
  }
  SECTION("a private header of another room, though the arrow allows its doors") {
    tree.write("src/ops/upgrade.cpp", "#include \"db/query.hpp\"\n");
    CHECK(findings_of(tree) == "src/ops/upgrade.cpp:1: a private header of db is included in ops: db/query.hpp\n");
  }
  SECTION("a way around by '..'") {
    tree.write("src/sql/a.cpp", "#include \"../ops/a.hpp\"\n");
    CHECK(findings_of(tree) == "src/sql/a.cpp:1: include by room, not by a path with '..': ../ops/a.hpp\n");
  }
  SECTION("a private header without its room") {
    tree.write("src/sql/a.cpp", "#include \"a.hpp\"\n");
    CHECK(findings_of(tree) == "src/sql/a.cpp:1: a private header is included as \"<room>/x.hpp\": a.hpp\n");
  }
  SECTION("a library outside its room, by folder and by file") {
    tree.write("src/ops/a.cpp", "#include <pqxx/connection>\n#include <libpq-fe.h>\n#include <sys/stat.h>\n");
    CHECK(findings_of(tree) ==
          "src/ops/a.cpp:1: the headers of libpqxx are not for ops: pqxx/connection\n"
          "src/ops/a.cpp:2: the headers of libpqxx are not for ops: libpq-fe.h\n"
          "src/ops/a.cpp:3: the headers of the system are not for ops: sys/stat.h\n");
  }
  SECTION("a room that nobody drew") {
    tree.write("src/misc/a.cpp", "");
    CHECK(findings_of(tree) == "src/misc: a room without an arrow in ARCHITECTURE.md\n");
  }
  SECTION("a door of a room that does not exist") {
    tree.write("src/sql/a.cpp", "#include <migrate/misc/a.hpp>\n");
    CHECK(findings_of(tree) == "src/sql/a.cpp:1: there is no room misc\n");
  }
  SECTION("a long file without a reason, in a room or among the tests") {
    tree.write("src/ops/a.cpp", std::string(layers::line_limit + 1, '\n'));
    tree.write("tests/unit/ops/a.cpp", std::string(layers::line_limit + 2, '\n'));
    CHECK(findings_of(tree) ==
          "src/ops/a.cpp: 401 lines, over 400 without a reason in ARCHITECTURE.md\n"
          "tests/unit/ops/a.cpp: 402 lines, over 400 without a reason in ARCHITECTURE.md\n");
  }
  SECTION("a reason for a file that is no longer long") {
    tree.write("src/sql/table.cpp", "\n");
    CHECK(findings_of(tree) == "src/sql/table.cpp: listed as a long file, and is none\n");
  }
}

TEST_CASE("a document that says nothing is trouble, not a licence") {
  CHECK(joined(read_rules("# A house\n").troubles) == "there is no ```arrows block\nthere is no table of libraries\n");
  CHECK(
      joined(read_rules("```arrows\nops -> base\n```\n| Library | Headers | Rooms |\n|--|--|--|\n| a | `a/` | opps |\n")
                 .troubles) == "the library table names a room without an arrow: opps\n");
}
