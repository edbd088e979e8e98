#include "ui/unified_diff.hpp"
#include "support/catch.hpp"

using namespace migrate::ui;

TEST_CASE("equal texts have no difference") { CHECK(unified_diff("a.sql", "a\n", "a\n").empty()); }

TEST_CASE("a changed line stands between three lines of context") {
  CHECK(unified_diff("m/a.sql", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") == R"(--- a/m/a.sql
+++ b/m/a.sql
@@ -2,7 +2,7 @@
 2
 3
 4
-5
+five
 6
 7
 8
)");
}

TEST_CASE("changes far apart are hunks of their own, near ones are one") {
  std::string before, after;
  for (int i = 1; i <= 30; ++i) before += std::to_string(i) + "\n";
  for (int i = 1; i <= 30; ++i) after += (i == 2 || i == 8 || i == 28 ? "x" : "") + std::to_string(i) + "\n";
  const auto diff = unified_diff("a", before, after);
  CHECK(diff.find("@@ -1,11 +1,11 @@") != std::string::npos);
  CHECK(diff.find("@@ -25,6 +25,6 @@") != std::string::npos);
}

TEST_CASE("lines that come, go, or have no end are told") {
  CHECK(unified_diff("a", "", "1\n2\n") == "--- a/a\n+++ b/a\n@@ -0,0 +1,2 @@\n+1\n+2\n");
  CHECK(unified_diff("a", "1\n2\n", "2\n") == "--- a/a\n+++ b/a\n@@ -1,2 +1 @@\n-1\n 2\n");
  CHECK(unified_diff("a", "1", "1\n") == "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+1\n");
}
