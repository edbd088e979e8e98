#include <migrate/base/program.hpp>

#include <chrono>
#include <thread>

#include "support/catch.hpp"

using namespace migrate;
using namespace std::chrono_literals;

namespace {

Program shell(const std::string& script, const Interrupt* interrupt = nullptr) {
  return {.words = {"sh", "-c", script}, .interrupt = interrupt};
}

PipelineEnd piped(const std::string& writer, const std::string& reader, const Interrupt* interrupt = nullptr) {
  auto end = run_pipeline({shell(writer), shell(reader, interrupt), "before\n", "after\n"});
  REQUIRE(end);
  return *std::move(end);
}

struct Later {
  Interrupt interrupt;
  std::jthread thread{[this] {
    std::this_thread::sleep_for(300ms);
    interrupt.raise();
  }};
};

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

}  // namespace

TEST_CASE("a program runs to its end, with its input, both outputs and its exit code") {
  auto end = run_program({.words = {"sh", "-c", "cat; echo $WORD; echo oops >&2; exit 3"},
                          .environment = {{"WORD", "said"}},
                          .input = "given\n"});
  REQUIRE(end);
  CHECK(end->output == "given\nsaid\n");
  CHECK(end->complaint == "oops\n");
  CHECK(end->exit_code == 3);
  CHECK_FALSE(end->interrupted);

  end = run_program({.words = {"sh", "-c", "kill -9 $$"}});
  REQUIRE(end);
  CHECK(end->exit_code == 128 + 9);

  end = run_program({.words = {"/nowhere/at-all"}});
  REQUIRE_FALSE(end);
  CHECK(end.error().diagnostics.front().id == "cannot-run-program");
}

TEST_CASE("an interrupt is handed on to the program") {
  const auto begun = std::chrono::steady_clock::now();
  Later later;
  const auto end = run_program(shell("exec sleep 60", &later.interrupt));
  REQUIRE(end);
  CHECK(end->interrupted);
  CHECK(end->exit_code == 128 + 2);
  CHECK(seconds_since(begun) < 9);
}

TEST_CASE("what one program writes the other one reads, between two texts") {
  auto end = piped("echo one; echo oops >&2; echo two", "cat; echo heard >&2");
  CHECK(end.complete);
  CHECK(end.reader.output == "before\none\ntwo\nafter\n");
  CHECK(end.reader.complaint == "heard\n");
  CHECK(end.writer.complaint == "oops\n");

  // More than fits into all the buffers in between.
  end = piped("seq 1 500000", "sleep 0.3; wc -l");
  CHECK(end.complete);
  CHECK(end.reader.output.find("500002") != std::string::npos);
}

TEST_CASE("a writer that fails leaves the end away, and a reader that goes does not hurt") {
  auto end = piped("echo one; exit 4", "cat");
  CHECK_FALSE(end.complete);
  CHECK(end.writer.exit_code == 4);
  CHECK(end.reader.output == "before\none\n");
  CHECK(end.reader.ok());

  end = piped("seq 1 500000", "head -n 2; exit 7");
  CHECK_FALSE(end.complete);
  CHECK(end.reader.exit_code == 7);
  CHECK(end.reader.output == "before\n1\n");

  CHECK(end.reader_first);

  const auto none = run_pipeline({{.words = {"/nowhere/at-all"}}, shell("cat"), "", ""});
  REQUIRE_FALSE(none);
  CHECK(none.error().diagnostics.front().id == "cannot-run-program");
}

TEST_CASE("a filter changes what passes, and refuses what is not as it should be") {
  std::string seen;
  const auto end_of = [&](bool content) {
    return run_pipeline({shell("echo one"), shell("cat"), "before\n", "after\n", [&, content](std::string_view piece) {
                           seen += piece;
                           const bool at_end = piece.empty();
                           return at_end && !content ? std::nullopt
                                                     : std::optional<std::string>(at_end ? "end\n" : "ONE\n");
                         }});
  };
  auto end = end_of(true);
  REQUIRE(end);
  CHECK(end->complete);
  CHECK(end->reader.output == "before\nONE\nend\nafter\n");
  CHECK(seen == "one\n");
  end = end_of(false);
  REQUIRE(end);
  CHECK_FALSE(end->complete);
  CHECK_FALSE(end->reader_first);
  CHECK(end->reader.output == "before\nONE\n");
}

TEST_CASE("an interrupt ends both, whatever they are about") {
  const auto begun = std::chrono::steady_clock::now();
  SECTION("the writer is silent") {
    Later later;
    const auto end = piped("echo one; exec sleep 60", "cat", &later.interrupt);
    CHECK_FALSE(end.complete);
    CHECK(end.reader.interrupted);
  }
  SECTION("the reader does not read") {
    Later later;
    const auto end = piped("seq 1 10000000", "exec sleep 60", &later.interrupt);
    CHECK_FALSE(end.complete);
    CHECK(end.reader.exit_code == 128 + 2);
  }
  SECTION("all is handed over, and the reader still at work") {
    Later later;
    const auto end = piped("echo one", "cat >/dev/null; exec sleep 60", &later.interrupt);
    CHECK(end.complete);
    CHECK(end.reader.interrupted);
  }
  CHECK(seconds_since(begun) < 9);
}
