#include <migrate/config/edit_settings.hpp>

#include "plain_text.hpp"
#include "support/catch.hpp"

using namespace migrate;
using namespace migrate::config;

namespace {

std::string edited(std::string text, const std::vector<std::string>& revisions = {"a1"}) {
  const auto result = with_start_after(make_source("migrate.toml", std::move(text)), revisions);
  return result ? *result : test::plain_text(result);
}

}  // namespace

TEST_CASE("the baseline is written into an empty settings file") {
  CHECK(edited("") == "[lint]\nstart_after = \"a1\"   # imported: taken into account, not judged\n");
}

TEST_CASE("comments and other sections stay where they are") {
  CHECK(edited("# ours\n[project]\nid = \"shop\"  # the shop") ==
        "# ours\n[project]\nid = \"shop\"  # the shop\n\n[lint]\n"
        "start_after = \"a1\"   # imported: taken into account, not judged\n");
  CHECK(edited("[lint] # rules\npreset = \"strict\"\n[locks]\nlock_timeout = \"1s\"\n") ==
        "[lint] # rules\nstart_after = \"a1\"   # imported: taken into account, not judged\npreset = \"strict\"\n"
        "[locks]\nlock_timeout = \"1s\"\n");
  CHECK(edited("[lint.rules]\nprefer-text = \"off\"\n").find("[lint]\nstart_after") != std::string::npos);
  CHECK(edited("[journal]\r\nschema = \"a\"\r\n") ==
        "[journal]\r\nschema = \"a\"\r\n\r\n[lint]\r\nstart_after = \"a1\"   # imported: taken into account, not "
        "judged\r\n");
}

TEST_CASE("a baseline that is there already is added to") {
  CHECK(edited("[lint]\nstart_after = \"z9\"  # old\n") == "[lint]\nstart_after = [\"z9\", \"a1\"]  # old\n");
  CHECK(edited("[lint]\nstart_after = [\"a1\"]\n") == "[lint]\nstart_after = \"a1\"\n");
}

TEST_CASE("a file that cannot be edited is left alone, and what to write is said") {
  CHECK(edited("lint = { preset = \"strict\" }\n") ==
        "error[settings-not-edited]: `migrate.toml` could not be edited\nhelp: write below [lint]: start_after = "
        "\"a1\"\n");
}
