#include <migrate/revision/graph_diagnostics.hpp>

#include "support/catch.hpp"

#include "plain_text.hpp"

using namespace migrate;
using namespace migrate::revision;
using migrate::test::plain;

namespace {

constexpr std::string_view sections = "\n-- migrate:upgrade\nSELECT 1;\n-- migrate:downgrade\nSELECT 2;\n";

/// Files a.sql, b.sql ... of these headers, and what is wrong with their graph.
class Files {
 public:
  explicit Files(std::initializer_list<std::string> headers) {
    char name = 'a';
    for (const auto& header : headers) {
      sources_.push_back(make_source(std::string(1, name++) + ".sql", "-- m\n" + header + std::string(sections)));
      auto file = parse_revision(sources_.back());
      if (!file) FAIL(plain(file.error().diagnostics));
      files_.push_back(*std::move(file));
    }
  }

  [[nodiscard]] std::vector<GraphError> errors() const {
    std::vector<NodeInput> inputs;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      NodeInput input;
      input.id = files_[i].header.id.value;
      for (const auto& parent : files_[i].header.parents) input.parents.push_back(parent.value);
      for (const auto& dependency : files_[i].header.depends_on) input.depends_on.push_back(dependency.value);
      for (const auto& label : files_[i].header.labels) input.labels.push_back(label.value);
      input.origin = i;
      inputs.push_back(std::move(input));
    }
    const auto graph = Graph::build(std::move(inputs));
    REQUIRE_FALSE(graph);
    return graph.error();
  }

  [[nodiscard]] std::string described() const {
    return plain(describe(errors(), [this](std::size_t origin) {
      return std::optional(GraphOrigin{sources_[origin], &files_[origin]});
    }));
  }

  [[nodiscard]] std::string described_without_files() const {
    return plain(describe(errors(), [](std::size_t) { return std::optional<GraphOrigin>(); }));
  }

 private:
  std::vector<SourcePtr> sources_;
  std::vector<RevisionFile> files_;
};

}  // namespace

TEST_CASE("a duplicate id shows both files") {
  const Files files{"-- Revision ID: x\n-- Revises:\n", "-- Revision ID: x\n-- Revises:\n"};
  const std::string message = "duplicate-revision-id: 2 revisions have the id `x`\n";
  const std::string help = "  help: give one of them another id, and write that into `Revises` of what follows it\n";
  CHECK(files.described() == message + "  at 2:17 `x`\n  and b.sql:2:17 `x` has it too\n" + help);
  CHECK(files.described_without_files() == message + help);
}

TEST_CASE("a missing parent shows where it is asked for, and what may have been meant") {
  CHECK(Files{"-- Revision ID: 3f9a1c2b7d10\n-- Revises:\n", "-- Revision ID: y\n-- Revises: x, 3f9a1c2b7d11\n"}
            .described() ==
        "missing-parent: there is no revision `3f9a1c2b7d11` to revise\n"
        "  at b.sql:3:16 `3f9a1c2b7d11`\n"
        "  help: did you mean `3f9a1c2b7d10`?\n"
        "    b.sql:3:16 `3f9a1c2b7d11` -> `3f9a1c2b7d10`\n"
        "missing-parent: there is no revision `x` to revise\n"
        "  at b.sql:3:13 `x`\n"
        "  help: is its file missing, or on another branch of the repository?\n");
  CHECK(Files{"-- Revision ID: x\n-- Revises: None\n"}.described() ==
        "missing-parent: there is no revision `None` to revise\n"
        "  at 3:13 `None`\n"
        "  help: where the history begins nothing stands after `Revises:`\n");
}

TEST_CASE("a missing dependency shows where it is asked for") {
  CHECK(Files{"-- Revision ID: x\n-- Revises:\n-- Branch Labels: billing\n",
              "-- Revision ID: y\n-- Revises: x\n-- Depends On: biling, 0123456789ab\n"}
            .described() ==
        "missing-dependency: there is no revision or label `0123456789ab` to depend on\n"
        "  at b.sql:4:24 `0123456789ab`\n"
        "  help: is its file missing, or on another branch of the repository?\n"
        "missing-dependency: there is no revision or label `biling` to depend on\n"
        "  at b.sql:4:16 `biling`\n"
        "  help: did you mean `billing`?\n"
        "    b.sql:4:16 `biling` -> `billing`\n");
}

TEST_CASE("a cycle shows each step of the way") {
  const Files files{"-- Revision ID: a\n-- Revises: c\n", "-- Revision ID: b\n-- Revises: a\n",
                    "-- Revision ID: c\n-- Revises: b\n"};
  CHECK(files.described() ==
        "cycle: revisions revise each other in a circle\n"
        "  at 3:13 `c` `a` revises `c`\n"
        "  and c.sql:3:13 `b` `c` revises `b`\n"
        "  and b.sql:3:13 `a` `b` revises `a`\n"
        "  help: the oldest of them revises what was there before: correct its `Revises`\n");
  CHECK(files.described_without_files() ==
        "cycle: revisions revise each other in a circle, `a` among them\n"
        "  help: the oldest of them revises what was there before: correct its `Revises`\n");
}

TEST_CASE("a cycle of dependencies shows the label by which one depends") {
  CHECK(Files{"-- Revision ID: a\n-- Revises:\n-- Depends On: shop\n",
              "-- Revision ID: b\n-- Revises: a\n-- Branch Labels: shop\n"}
            .described() ==
        "dependency-cycle: revisions need each other in a circle\n"
        "  at 4:16 `shop` `a` needs `b`\n"
        "  and b.sql:3:13 `a` `b` needs `a`\n"
        "  help: take the one out of `Depends On` that is not needed\n");
}

TEST_CASE("loops, labels and ids in each other's way are shown at their words") {
  CHECK(Files{"-- Revision ID: a\n-- Revises: a\n", "-- Revision ID: b\n-- Revises:\n-- Depends On: b\n",
              "-- Revision ID: c\n-- Revises:\n-- Branch Labels: l, a\n",
              "-- Revision ID: d\n-- Revises:\n-- Branch Labels: l\n"}
            .described() ==
        "self-loop: revision `a` revises itself\n"
        "  at 3:13 `a`\n"
        "  help: write the revision before it after `Revises:`, or nothing where the history begins\n"
        "dependency-self-loop: a revision depends on itself as `b`\n"
        "  at b.sql:4:16 `b`\n"
        "  help: take it out of `Depends On`\n"
        "duplicate-label: 2 revisions have the label `l`\n"
        "  at c.sql:4:19 `l`\n"
        "  and d.sql:4:19 `l` has it too\n"
        "  help: a label names one branch: keep it where the branch begins, its other revisions have it from there\n"
        "label-is-id: the label `a` is a revision's id\n"
        "  at c.sql:4:22 `a`\n"
        "  and 2:17 `a` the id\n"
        "  help: choose another label: as a target it could mean either\n");
}
