// The harness itself: above all, that it fails when it should.
#include <filesystem>

#include <migrate/base/time.hpp>

#include "golden/compare.hpp"
#include "golden/screen.hpp"
#include "golden/session.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace golden;

namespace {

World world_in(const std::filesystem::path& folder) {
  return {{folder, {{"PATH", "/usr/bin:/bin"}}},
          Normalizer({{"[CWD]", folder.string()}, {"[DB]", "test_12_3"}}, std::chrono::system_clock::now()),
          [](const std::string& sql) {
            if (sql.find("wrong") != std::string::npos) throw std::runtime_error("syntax error");
          },
          [](const std::string&) { return Lines{"1|one"}; }};
}

/// What differs, one text for all.
std::string differences(std::string_view text) {
  const migrate::test::TemporaryFolder folder;
  std::string all;
  for (const auto& mismatch : run(parse_transcript(text), world_in(folder.path())))
    all += std::to_string(mismatch.line) + ": " + mismatch.what + "\n" + mismatch.difference;
  return all;
}

std::string overwritten(std::string_view text) {
  const migrate::test::TemporaryFolder folder;
  const auto transcript = parse_transcript(text);
  std::vector<Replacement> replacements;
  for (const auto& mismatch : run(transcript, world_in(folder.path()))) replacements.push_back(mismatch.replacement);
  return with_replacements(transcript, replacements);
}

std::string trouble_of(std::string_view text) {
  try {
    return differences(text);
  } catch (const std::runtime_error& trouble) {
    return trouble.what();
  }
}

Lines screen_after(std::string_view text, std::size_t columns = 100) {
  Screen screen(columns);
  // One byte at a time: sequences and characters may come in pieces.
  for (const char byte : text) screen.write(std::string_view(&byte, 1));
  return screen.lines();
}

}  // namespace

TEST_CASE("A transcript that is right has no differences") {
  CHECK(differences(
            "# A session\n\n"
            "```file path=a/b.txt\nfirst\nsecond\n```\n\n"
            "```sql\nCREATE TABLE a ();\n```\n"
            "```console\n$ cat a/b.txt\nfirst\nsecond\n$ true\n$ echo out; echo err >&2; exit 3\nout\nerr\n? 3\n```\n"
            "```query\nSELECT 1, 'one';\n----\n1|one\n```\n") == "");
}

TEST_CASE("Output that differs is a failure, with what differs") {
  CHECK(differences("```console\n$ echo a; echo b; echo c\na\nx\nc\n```\n") ==
        "3: echo a; echo b; echo c\n  a\n- x\n+ b\n  c\n");
}

TEST_CASE("Output that is missing, or that nobody expects, is a failure") {
  CHECK(differences("```console\n$ true\nsomething\n```\n") == "3: true\n- something\n");
  CHECK(differences("```console\n$ echo something\n```\n") == "3: echo something\n+ something\n");
  CHECK(differences("```console\n$ printf something\nsomething\n```\n") ==
        "3: printf something\n- something\n+ something[no line end]\n");
}

TEST_CASE("An exit status that differs is a failure") {
  CHECK(differences("```console\n$ exit 2\n```\n") == "3: exit 2\n+ ? 2\n");
  CHECK(differences("```console\n$ true\n? 2\n```\n") == "3: true\n- ? 2\n");
  CHECK(differences("```console\n$ kill -9 $$\n? 137\n```\n") == "");
}

TEST_CASE("A query's rows that differ are a failure") {
  CHECK(differences("```query\nSELECT 1\n----\n1|two\n```\n") == "4: SELECT 1\n\n- 1|two\n+ 1|one\n");
}

TEST_CASE("Commands after a difference are run and compared as well") {
  CHECK(differences("```console\n$ echo a\n$ echo b\nb\n$ echo c\n```\n") == "3: echo a\n+ a\n6: echo c\n+ c\n");
}

TEST_CASE("A line of dots stands for any number of lines") {
  CHECK(matches({"a", "...", "c"}, {"a", "b", "b", "c"}));
  CHECK(matches({"a", "...", "c"}, {"a", "c"}));
  CHECK(matches({"..."}, {}));
  CHECK(matches({"...", "b", "..."}, {"a", "b", "a", "b"}));
  CHECK_FALSE(matches({"a", "...", "c"}, {"a", "b"}));
  CHECK_FALSE(matches({"...", "a"}, {"a", "b"}));
  CHECK_FALSE(matches({}, {"a"}));
}

TEST_CASE("Streams can be told apart") {
  CHECK(differences("```console streams\n$ echo err >&2; echo out\nout\n2> err\n```\n") == "");
  CHECK(differences("```console streams\n$ echo err >&2\nerr\n```\n") == "3: echo err >&2\n- err\n+ 2> err\n");
}

TEST_CASE("A command has nothing to read, and an environment of its own") {
  CHECK(differences("```console\n$ cat; echo ${HOME-none}\nnone\n```\n"
                    "```env\nHOME=/x\n```\n```console\n$ echo $HOME\n/x\n```\n"
                    "```env\nunset HOME\n```\n```console\n$ echo ${HOME-none}\nnone\n```\n") == "");
}

TEST_CASE("A command may have several lines") {
  CHECK(differences("```console\n$ for i in 1 2; do\n>   echo $i\n> done\n1\n2\n```\n") == "");
}

TEST_CASE("In a terminal the screen is compared that is left") {
  CHECK(differences("```console tty\n$ test -t 1 && printf 'working\\r\\033[Kdone\\n'\ndone\n```\n") == "");
  CHECK(differences("```console tty\n$ printf 'working\\r\\033[Kdone\\n'\nworking\n```\n").find("+ done") !=
        std::string::npos);
  CHECK(differences("```console tty\n$ stty size\n50 100\n$ exit 4\n? 4\n```\n") == "");
}

TEST_CASE("In a terminal questions are answered") {
  CHECK(differences("```console tty\n$ printf 'name: '; read name; echo \"hello $name\"\n< [DB]\nname: [DB]\nhello "
                    "[DB]\n```\n") == "");
  CHECK(differences("```console tty\n$ true\n< yes\n```\n") == "4: true\n+ [nobody asked for `yes`]\n");
}

TEST_CASE("What is left running does not hold a command up") {
  CHECK(differences("```console\n$ sleep 5 & echo started\nstarted\n```\n") == "");
}

TEST_CASE("A block that cannot be run is a failure that says where") {
  CHECK(trouble_of("text\n\n```sql\nwrong\n```\n") == "line 3: syntax error");
  CHECK(trouble_of("```console\nno command\n```\n") == "line 2: a console block begins with a command: `$ ...`");
  CHECK(trouble_of("```console loud\n$ true\n```\n") == "line 1: unknown word `loud`");
  CHECK(trouble_of("```file\n```\n") == "line 1: a file has a path: `file path=...`");
  CHECK(trouble_of("```query\nSELECT 1\n```\n") == "line 2: a query without a line `----`");
  CHECK(trouble_of("```console\n$ true\n") == "line 1: a block that is not closed");
  CHECK(trouble_of("```console\n$ true\n? many\n```\n") == "line 3: an exit status is a number");
}

TEST_CASE("Overwriting changes what differs and nothing else") {
  CHECK(overwritten("# Title\n\n```console\n$ echo a; echo b\n...\nb\n$ echo c; exit 1\nold\n? 3\n```\n\nEnd.\n") ==
        "# Title\n\n```console\n$ echo a; echo b\n...\nb\n$ echo c; exit 1\nc\n? 1\n```\n\nEnd.\n");
  CHECK(overwritten("```query\nSELECT 1\n----\nold\n```") == "```query\nSELECT 1\n----\n1|one\n```");
}

TEST_CASE("Overwritten transcripts are right") {
  const auto text = overwritten("```console\n$ printf '1\\n\\n2\\n'; exit 5\nold\n$ echo 12 ms, $PWD\n```\n");
  CHECK(text ==
        "```console\n$ printf '1\\n\\n2\\n'; exit 5\n1\n\n2\n? 5\n$ echo 12 ms, $PWD\n[DURATION], [CWD]\n```\n");
  CHECK(differences(text) == "");
}

TEST_CASE("What changes from run to run is replaced, and nothing else") {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const Normalizer normalizer({{"[DB]", "test_12_3"}, {"[VERSION]", "15.14"}}, now);
  const auto normalized = [&](const std::string& line) { return normalizer.normalize(line); };

  CHECK(normalized("test_12_3 (PostgreSQL 15.14)") == "[DB] (PostgreSQL [VERSION])");
  CHECK(normalized("ok   12 ms") == "ok  [DURATION]");
  CHECK(normalized("done in 15.14 s, then 2 min 3 s, then 1 h") ==
        "done in [DURATION], then [DURATION], then [DURATION]");
  CHECK(normalized("3 statements, 3 steps, 12 msg") == "3 statements, 3 steps, 12 msg");
  CHECK(normalized(R"({"ms":12,"duration_ms": 7, "forms": 3})") == R"({"ms":[MS],"duration_ms": [MS], "forms": 3})");
  CHECK(normalized("applied just now, created 12 s ago, 3 d ago") == "applied [AGO], created [AGO], 3 d ago");
  CHECK(normalized(R"(held by pid 4121, {"pid": 7})") == R"(held by pid [PID], {"pid": [PID]})");
  CHECK(normalized("at " + migrate::format_timestamp(now)) == "at [TIME]");
  CHECK(normalized("on " + migrate::format_date(now)) == "on [DATE]");
  CHECK(normalized("at 2024-01-01T00:00:00Z on 2024-01-01") == "at 2024-01-01T00:00:00Z on 2024-01-01");
  CHECK(normalizer.normalize("lock_timeout  2 s", true) == "lock_timeout  2 s");
  CHECK(normalizer.resolve("--confirm=[DB]") == "--confirm=test_12_3");
}

TEST_CASE("The screen shows what a terminal would") {
  CHECK(screen_after("one\r\ntwo\r\n") == Lines{"one", "two"});
  CHECK(screen_after("longer\rshort") == Lines{"shortr"});
  CHECK(screen_after("longer\r\x1b[Kshort") == Lines{"short"});
  CHECK(screen_after("\x1b[1;31mred\x1b[0m \x1b[?25lplain\x1b[?25h") == Lines{"red plain"});
  CHECK(screen_after("one\r\ntwo\r\x1b[1A\x1b[Jthree") == Lines{"three"});
  CHECK(screen_after("a\r\nb\x1b[1A\rc") == Lines{"c", "b"});
  CHECK(screen_after("日本x\r\x1b[2Cy") == Lines{"日yx"});
  CHECK(screen_after("abcdef\r\ng", 4) == Lines{"abcdef", "g"});
  CHECK(screen_after("abcdef\rgh", 4) == Lines{"abcdgh"});
  CHECK(screen_after("abcd\r\nx", 4) == Lines{"abcd", "x"});
}

TEST_CASE("The screen refuses sequences that it does not know") {
  CHECK_THROWS_WITH(screen_after("\x1b[6n"), "the screen does not know the sequence \\x1b[6n");
  CHECK_THROWS_WITH(screen_after("\x1b]0;title"), "the screen does not know the sequence \\x1b]");
}
