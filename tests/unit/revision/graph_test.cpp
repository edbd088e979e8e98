#include <migrate/revision/graph.hpp>

#include <algorithm>
#include <chrono>
#include <random>

#include <fmt/format.h>

#include "support/catch.hpp"

#include "small_graph.hpp"

using namespace migrate;
using namespace migrate::revision;
using namespace migrate::test;

namespace {

std::string order(const Graph& graph) {
  return ids(graph, [&] {
    std::vector<NodeIndex> all;
    for (std::uint32_t i = 0; i < graph.size(); ++i) all.push_back({i});
    return all;
  }());
}

std::string branches(const Graph& graph, const std::string& id) {
  std::string text;
  for (const auto& label : graph[*graph.find(RevisionId(id))].branches) text += (text.empty() ? "" : " ") + label;
  return text;
}

std::vector<GraphError> errors(std::string_view lines) {
  auto graph = Graph::build(node_inputs(lines));
  REQUIRE_FALSE(graph);
  return graph.error();
}

using Kind = GraphError::Kind;
using Errors = std::vector<GraphError>;

}  // namespace

TEST_CASE("an empty graph has no heads and no bases") {
  const auto graph = graph_of("");
  CHECK(graph.empty());
  CHECK(graph.heads().empty());
  CHECK(graph.bases().empty());
  CHECK(graph.heads_of({}).empty());
}

TEST_CASE("a line has one base, one head and its order, whatever the order of the files") {
  for (const char* lines : {"a\nb <- a\nc <- b", "c <- b\nb <- a\na", "b <- a\nc <- b\na"}) {
    const auto graph = graph_of(lines);
    CHECK(order(graph) == "a b c");
    CHECK(ids(graph, graph.bases()) == "a");
    CHECK(ids(graph, graph.heads()) == "c");
    CHECK(ids(graph, graph.effective_heads()) == "c");
  }
}

TEST_CASE("branches, merges and dependencies are told apart") {
  const auto graph = graph_of("a\nb <- a\nc <- a\nd <- b c\ne <- a ~d\nf\ng <- f ~b");
  CHECK(ids(graph, graph.bases()) == "a f");
  CHECK(ids(graph, graph.heads()) == "d e g");
  CHECK(ids(graph, graph.effective_heads()) == "e g");
  const auto is = [&](auto member, const std::string& id) { return (graph.*member)(*graph.find(RevisionId(id))); };
  CHECK(is(&Graph::is_branch_point, "a"));
  CHECK_FALSE(is(&Graph::is_branch_point, "b"));
  CHECK(is(&Graph::is_merge_point, "d"));
  CHECK_FALSE(is(&Graph::is_merge_point, "g"));
  CHECK(is(&Graph::is_head, "d"));
  CHECK_FALSE(is(&Graph::is_head, "f"));
}

TEST_CASE("nodes keep what they were made of") {
  auto inputs = node_inputs("a @x @y\nb <- a ~a");
  inputs[1].create_date = parse_timestamp("2026-01-01");
  inputs[1].origin = 77;
  const auto graph = *Graph::build(inputs);
  const auto& a = graph.nodes()[0];
  const auto& b = graph.nodes()[1];
  CHECK(a.labels == std::vector<std::string>{"x", "y"});
  CHECK(a.children == std::vector<NodeIndex>{{1}});
  CHECK(a.dependents == std::vector<NodeIndex>{{1}});
  CHECK(b.parents == std::vector<NodeIndex>{{0}});
  CHECK(b.dependencies == std::vector<NodeIndex>{{0}});
  CHECK(b.create_date == parse_timestamp("2026-01-01"));
  CHECK(b.message == "add b");
  CHECK(b.origin == 77);
  CHECK(graph.find_label("y") == NodeIndex{0});
  CHECK(graph.find_label("b") == std::nullopt);
  CHECK(graph.find(RevisionId("x")) == std::nullopt);
}

TEST_CASE("a dependency may be given by label, and counts once") {
  const auto graph = graph_of("a @trunk\nb ~trunk ~a");
  CHECK(order(graph) == "a b");
  CHECK(graph.nodes()[1].dependencies == std::vector<NodeIndex>{{0}});
}

TEST_CASE("of what could come next the older comes first, then the lesser id") {
  auto inputs = node_inputs("z\na <- z\nb <- z\nc <- z\nd <- z");
  inputs[1].create_date = parse_timestamp("2026-01-03");
  inputs[2].create_date = parse_timestamp("2026-01-01");
  inputs[3].create_date = parse_timestamp("2026-01-02");
  inputs[4].create_date = parse_timestamp("2026-01-02");
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(inputs.begin(), inputs.end(), random);
    CHECK(order(*Graph::build(inputs)) == "z b c d a");
  }
  for (auto& input : inputs) input.create_date.reset();
  CHECK(order(*Graph::build(inputs)) == "z a b c d");
}

TEST_CASE("dependencies come first even where they are younger") {
  auto inputs = node_inputs("a\nb <- a ~y\nx\ny <- x");
  for (auto& input : inputs) input.create_date = parse_timestamp(input.id.str() < "x" ? "2026-01-01" : "2026-06-01");
  CHECK(order(*Graph::build(inputs)) == "a x y b");
}

TEST_CASE("ancestors and descendants are of the lineage, or with dependencies") {
  const auto graph = graph_of("a\nb <- a\nc <- b\nx\ny <- x ~b\nz <- y");
  CHECK(ids(graph, graph.ancestors_of(nodes_of(graph, "z"), false)) == "x y z");
  CHECK(ids(graph, graph.ancestors_of(nodes_of(graph, "z"), true)) == "a b x y z");
  CHECK(ids(graph, graph.descendants_of(nodes_of(graph, "a"), false)) == "a b c");
  CHECK(ids(graph, graph.descendants_of(nodes_of(graph, "a"), true)) == "a b c y z");
  CHECK(ids(graph, graph.ancestors_of(nodes_of(graph, "c z"), false)) == "a b c x y z");
  CHECK(ids(graph, graph.ancestors_of({}, true)) == "");
}

TEST_CASE("the heads of a set are what Alembic's table would hold") {
  const auto graph = graph_of("a\nb <- a\nc <- b\nd <- a\nm <- c d\nx\ny <- x ~b");
  CHECK(ids(graph, graph.heads_of(applied_at(graph, "b"))) == "b");
  CHECK(ids(graph, graph.heads_of(applied_at(graph, "c d"))) == "c d");
  CHECK(ids(graph, graph.heads_of(applied_at(graph, "m"))) == "m");
  CHECK(ids(graph, graph.heads_of(applied_at(graph, "y"))) == "y");
  CHECK(ids(graph, graph.heads_of(applied_at(graph, "y c"))) == "c y");
  // A hole in the set hides nothing.
  CHECK(ids(graph, graph.heads_of(exactly(graph, "a c"))) == "c");
  CHECK(ids(graph, graph.heads_of(exactly(graph, "a"))) == "a");
}

TEST_CASE("a label reaches descendants") {
  const auto graph = graph_of("a\nb <- a @x\nc <- b\nd <- a\nm <- c d\ne <- m @y\nf <- m");
  CHECK(branches(graph, "b") == "x");
  CHECK(branches(graph, "c") == "x");
  CHECK(branches(graph, "m") == "x");
  CHECK(branches(graph, "e") == "x y");
  CHECK(branches(graph, "f") == "x");
  CHECK(branches(graph, "d") == "");
}

TEST_CASE("a label reaches ancestors back to the branch point") {
  const auto graph = graph_of("a\nb <- a\nc <- b\nd <- c @x\ne <- d\nf <- a @y");
  CHECK(branches(graph, "c") == "x");
  CHECK(branches(graph, "b") == "x");
  CHECK(branches(graph, "a") == "");
  CHECK(branches(graph, "e") == "x");
  CHECK(branches(graph, "f") == "y");
}

TEST_CASE("a label of a line reaches all of it") {
  const auto graph = graph_of("a\nb <- a\nc <- b @x\nd <- c");
  for (const char* id : {"a", "b", "c", "d"}) CHECK(branches(graph, id) == "x");
}

TEST_CASE("a label stops below a merge and where another revision depends on the line") {
  const auto merge = graph_of("a\nb\nm <- a b\nc <- m\nd <- c @x");
  CHECK(branches(merge, "c") == "x");
  CHECK(branches(merge, "m") == "");
  const auto dependent = graph_of("a\nb <- a\nc <- b @x\np\nq <- p ~b");
  CHECK(branches(dependent, "c") == "x");
  CHECK(branches(dependent, "b") == "");
}

TEST_CASE("a label reaches no ancestor once its branch forks or merges below it") {
  CHECK(branches(graph_of("a\nb <- a @x\nc <- b\nd <- b"), "a") == "");
  CHECK(branches(graph_of("a\nb <- a @x\nz\nm <- b z"), "a") == "");
  CHECK(branches(graph_of("a\nb <- a @x\nc <- b\np ~b"), "a") == "");
  // One dependent of the head is no fork.
  CHECK(branches(graph_of("a\nb <- a @x\nc <- b\np ~c"), "a") == "x");
}

TEST_CASE("all that is wrong with a graph is told at once") {
  CHECK(errors("a\na\nb <- gone\nc <- c\nd ~nowhere\ne @l\nf @l\ng @a\nh ~h\ni ~j\nj <- i\nk <- l2\nl2 <- k") ==
        Errors{{Kind::duplicate_id, "a", {0, 1}, std::nullopt},
               {Kind::missing_parent, "gone", {2}, std::nullopt},
               {Kind::missing_dependency, "nowhere", {4}, std::nullopt},
               {Kind::cycle, "k", {11, 12}, std::nullopt},
               {Kind::self_loop, "c", {3}, std::nullopt},
               {Kind::dependency_cycle, "i", {9, 10}, std::nullopt},
               {Kind::dependency_self_loop, "h", {8}, std::nullopt},
               {Kind::duplicate_label, "l", {5, 6}, std::nullopt},
               {Kind::label_is_id, "a", {7, 0}, std::nullopt}});
}

TEST_CASE("what was meant is suggested: the beginning of an id, the revision of a label, the nearest name") {
  const std::string base = "3f9a1c2b7d10 @billing\n8a1d2e3f4b5c <- 3f9a1c2b7d10\n";
  CHECK(errors(base + "x <- 3f9a") == Errors{{Kind::missing_parent, "3f9a", {2}, "3f9a1c2b7d10"}});
  CHECK(errors(base + "x <- billing") == Errors{{Kind::missing_parent, "billing", {2}, "3f9a1c2b7d10"}});
  CHECK(errors(base + "x <- 8a1d2e3f4b6c") == Errors{{Kind::missing_parent, "8a1d2e3f4b6c", {2}, "8a1d2e3f4b5c"}});
  CHECK(errors(base + "x ~biling") == Errors{{Kind::missing_dependency, "biling", {2}, "billing"}});
  CHECK(errors(base + "x ~8a1d") == Errors{{Kind::missing_dependency, "8a1d", {2}, "8a1d2e3f4b5c"}});
}

TEST_CASE("what was meant is neither the revision itself nor one that follows it") {
  CHECK(errors("a2 <- a1") == Errors{{Kind::missing_parent, "a1", {0}, std::nullopt}});
  CHECK(errors("a2 <- a1\na3 <- a2\na4 ~a3") == Errors{{Kind::missing_parent, "a1", {0}, std::nullopt}});
  CHECK(errors("a2 ~a1 @a9") == Errors{{Kind::missing_dependency, "a1", {0}, std::nullopt}});
  CHECK(errors("a2 <- a1\na3") == Errors{{Kind::missing_parent, "a1", {0}, "a3"}});
}

TEST_CASE("three of a kind are one error") {
  CHECK(errors("a\na\na") == Errors{{Kind::duplicate_id, "a", {0, 1, 2}, std::nullopt}});
  CHECK(errors("a @x\nb @x\nc @x") == Errors{{Kind::duplicate_label, "x", {0, 1, 2}, std::nullopt}});
  CHECK(errors("a @a") == Errors{{Kind::label_is_id, "a", {0}, std::nullopt}});
}

TEST_CASE("of a knot the shortest cycle is shown, from its least id along Revises") {
  // c -> b -> a -> d -> c, and the shorter b -> a -> b.
  CHECK(errors("a <- d b\nb <- a\nc <- b\nd <- c") == Errors{{Kind::cycle, "a", {0, 1}, std::nullopt}});
  CHECK(errors("c <- b\nb <- a\na <- c\nz\ny <- a") == Errors{{Kind::cycle, "a", {2, 0, 1}, std::nullopt}});
}

TEST_CASE("cycles apart from each other are told apart") {
  CHECK(errors("a <- b\nb <- a\nx <- y\ny <- x") ==
        Errors{{Kind::cycle, "a", {0, 1}, std::nullopt}, {Kind::cycle, "x", {2, 3}, std::nullopt}});
}

TEST_CASE("a cycle through a dependency is another kind of error than one of parents") {
  CHECK(errors("a ~c\nb <- a\nc <- b") == Errors{{Kind::dependency_cycle, "a", {0, 2, 1}, std::nullopt}});
  CHECK(errors("a ~b\nb ~a") == Errors{{Kind::dependency_cycle, "a", {0, 1}, std::nullopt}});
  CHECK(errors("a @x ~y\nb @y ~x") == Errors{{Kind::dependency_cycle, "a", {0, 1}, std::nullopt}});
  CHECK(errors("a <- b\nb <- a ~c\nc <- a") ==
        Errors{{Kind::cycle, "a", {0, 1}, std::nullopt}, {Kind::dependency_cycle, "b", {1, 2, 0}, std::nullopt}});
  CHECK(errors("a @x ~x") == Errors{{Kind::dependency_self_loop, "x", {0}, std::nullopt}});
}

TEST_CASE("errors do not depend on the order of the files") {
  auto inputs = node_inputs("a <- c\nb <- a\nc <- b\nd <- gone\ne @l\nf @l\ng ~g\nh <- lost");
  const auto expected = Graph::build(inputs).error();
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(inputs.begin(), inputs.end(), random);
    CHECK(Graph::build(inputs).error() == expected);
  }
}

namespace {

/// A long history: every tenth revision branches off and merges back, every hundredth depends on an earlier one.
std::vector<NodeInput> long_history(std::size_t size) {
  std::vector<NodeInput> inputs;
  const auto name = [](std::size_t i) { return RevisionId(fmt::format("{:012x}", i * 2654435761U)); };
  for (std::size_t i = 0; i < size; ++i) {
    NodeInput input;
    input.id = name(i);
    if (i > 0) input.parents.push_back(name(i % 10 == 9 ? i - 2 : i - 1));
    if (i % 10 == 0 && i > 0) input.parents.push_back(name(i - 2));
    if (i % 100 == 50) input.depends_on.push_back(name(i - 30).str());
    input.create_date = Timestamp(std::chrono::seconds(1'700'000'000 + 60 * static_cast<long>(i)));
    input.message = "a message of usual length";
    input.origin = i;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace

TEST_CASE("histories of a hundred thousand revisions are walked without recursion") {
  auto inputs = long_history(100'000);
  std::shuffle(inputs.begin(), inputs.end(), std::mt19937(7));
  const auto graph = Graph::build(std::move(inputs));
  REQUIRE(graph);
  CHECK(graph->heads().size() == 2);
  const auto everything = graph->ancestors_of(graph->heads(), true);
  CHECK(graph->heads_of(everything) == graph->effective_heads());
  CHECK(std::count(everything.begin(), everything.end(), true) == 100'000);
}

TEST_CASE("a ring of ten thousand revisions is found in passing") {
  std::vector<NodeInput> inputs;
  const std::size_t size = 10'000;
  for (std::size_t i = 0; i < size; ++i) {
    NodeInput input;
    input.id = RevisionId(fmt::format("{:05}", i));
    input.parents.emplace_back(fmt::format("{:05}", (i + size - 1) % size));
    input.origin = i;
    inputs.push_back(std::move(input));
  }
  const auto graph = Graph::build(std::move(inputs));
  REQUIRE_FALSE(graph);
  REQUIRE(graph.error().size() == 1);
  CHECK(graph.error().front().kind == Kind::cycle);
  CHECK(graph.error().front().origins.size() == size);
}
