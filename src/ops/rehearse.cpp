#include <migrate/ops/rehearse.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/catalog_reader.hpp>
#include <migrate/db/client_environment.hpp>
#include <migrate/db/field.hpp>

#include "ops/client_programs.hpp"
#include "ops/decide.hpp"
#include "ops/foretell.hpp"
#include "ops/guards.hpp"
#include "ops/pooled.hpp"
#include "ops/rehearsal/confines.hpp"
#include "ops/rehearsal/copy.hpp"
#include "ops/rehearsal/trial.hpp"

namespace migrate::ops {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

milliseconds since(Clock::time_point begun) { return std::chrono::duration_cast<milliseconds>(Clock::now() - begun); }

// The server's estimate of the rows, and the bytes with indexes; of a partitioned table those of its parts.
constexpr std::string_view size_query = R"(
SELECT sum(nullif(x.reltuples, -1)), sum(pg_catalog.pg_total_relation_size(x.oid))
FROM pg_catalog.pg_class c
CROSS JOIN LATERAL (SELECT c.oid AS relid WHERE c.relkind <> 'p'
                    UNION ALL SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t WHERE c.relkind = 'p' AND t.isleaf) parts
JOIN pg_catalog.pg_class x ON x.oid = parts.relid
WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind IN ('r', 'p', 'm'))";

// What an assertion says of rows is nothing that a copy without rows can tell.
db::RevisionRun without_assertions(db::RevisionRun run) {
  for (auto& statement : run.statements) statement.treatment.assertion.reset();
  return run;
}

// Of a question to the original. What it sets ends with it: behind a pooler another client has the process next.
class ReadOnly {
 public:
  explicit ReadOnly(db::Session& session) : session_(session) {
    (void)session_.execute("BEGIN READ ONLY");
    (void)session_.execute("SET LOCAL lock_timeout = '10s'");
  }
  ~ReadOnly() { (void)session_.execute("ROLLBACK"); }
  ReadOnly(const ReadOnly&) = delete;
  ReadOnly& operator=(const ReadOnly&) = delete;

 private:
  db::Session& session_;
};

// A rehearsal from the connection to the report. A member function per stage.
class Rehearsal {
 public:
  Rehearsal(const Context& context, CopyPlace place, bool allow_drift)
      : context_(context), place_(place), allow_drift_(allow_drift) {}

  Result<RehearsalOutcome> go(const std::string& target_text) {
    const auto begun = Clock::now();
    MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(target_text));
    MIGRATE_TRY_ASSIGN(const History files, History::load(context_.settings));
    MIGRATE_TRY_ASSIGN(Connection original, connect(context_, Purpose::change));
    outcome_.database = original.session.info();
    MIGRATE_TRY(guard_pooling(original));
    MIGRATE_TRY(look(files, original, target));
    if (steps_.empty()) return std::move(outcome_);
    MIGRATE_TRY(foretell(original));
    {
      MIGRATE_TRY_ASSIGN(Copy copy,
                         make_copy(context_, original, *surroundings_, programs_, place_, confines_, content_));
      outcome_.place = copy.place;
      outcome_.copy_version = copy.session.info().server_version;
      if (copy.place == CopyPlace::server) {
        for (const auto& one : confines_.unseen) context_.observer.warning(one);
      }
      MIGRATE_TRY(original.journal.ensure(copy.session));
      auto tried = try_all(copy, original.journal);
      if (!copy.will->execute()) warn_of_copy(copy);
      if (!tried) return fail(std::move(tried).error());
    }
    add_sizes(original.session);
    outcome_.duration = since(begun);
    return std::move(outcome_);
  }

 private:
  // All that is read of the original at one moment: journal, schema.
  Result<void> look(const History& files, Connection& original, const revision::Target& target) {
    MIGRATE_TRY(say(original.session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    MIGRATE_TRY(say(original.session, "SET LOCAL lock_timeout = '10s'"));
    MIGRATE_TRY_ASSIGN(auto journal, read_journal(context_, original));
    const bool has_journal = journal.exists;
    MIGRATE_TRY_ASSIGN(standing_, lay_over(files, std::move(journal)));
    MIGRATE_TRY(refuse_unfinished());
    MIGRATE_TRY_ASSIGN(steps_, decide_upgrade(*standing_, target));
    outcome_.from = standing_->history.summaries(standing_->current());
    outcome_.to = outcome_.from;
    MIGRATE_TRY(guard_drift(context_, *standing_, steps_, {.allow_drift = allow_drift_}));
    if (!steps_.empty()) {
      MIGRATE_TRY(confine());
      MIGRATE_TRY(dump(original, has_journal));
    }
    return say(original.session, "COMMIT");
  }

  Result<void> confine() {
    MIGRATE_TRY_ASSIGN(confines_, read_confines(*standing_, steps_, context_.settings));
    if (confines_.nowhere) return fail(*confines_.nowhere);
    if (place_ == CopyPlace::server && confines_.not_beside) return fail(*confines_.not_beside);
    return {};
  }

  // pg_dump sets much for its session, which behind a pooler other clients would meet.
  Result<void> guard_pooling(Connection& original) {
    const auto pooling = original.session.find_pooling();
    if (!pooling) {
      return fail(db::to_diagnostic(pooling.error()).note("state", "nothing was changed"), ExitCode::unreachable);
    }
    if (*pooling != db::Pooling::transaction) return {};
    return fail(session_needed(context_, original.session.info(),
                               error("session-needed", "a rehearsal needs a session of its own")
                                   .note("pg_dump sets for its session what other clients would meet")));
  }

  Result<void> refuse_unfinished() const {
    if (standing_->unfinished.empty()) return {};
    const auto& id = standing_->history.graph()[standing_->unfinished.front()].id.str();
    return fail(error("unfinished-revision", fmt::format("revision {} was left behind half-done", id))
                    .note("a copy of the schema does not have all that it left: an invalid index, for example")
                    .note("state", "nothing was changed")
                    .help("finish it first: migrate resume"),
                ExitCode::left_behind);
  }

  Result<void> dump(Connection& original, bool has_journal) {
    const auto& info = original.session.info();
    MIGRATE_TRY_ASSIGN(programs_, find_client_programs(context_, info.server_version_num / 10000));
    MIGRATE_TRY_ASSIGN(surroundings_, read_surroundings(original.session));
    const auto exported = original.session.query("SELECT pg_catalog.pg_export_snapshot()");
    if (!exported)
      return fail(db::to_diagnostic(exported.error()).note("state", "nothing was changed"), ExitCode::unreachable);
    DumpOptions options{.owners = true, .snapshot = exported->front()[0].value_or("")};
    const Client client{programs_, db::client_environment(original.session)};
    context_.observer.progress(fmt::format("copying the schema of {}", info.database));
    MIGRATE_TRY_ASSIGN(content_.schema, dump_schema(context_, client, options));
    if (has_journal) {
      MIGRATE_TRY_ASSIGN(content_.journal,
                         dump_rows(context_, client, options, original.journal.schema(), "migrate_revision"));
    }
    if (surroundings_->superuser) return {};
    options.owners = false;
    MIGRATE_TRY_ASSIGN(content_.schema_without_owners, dump_schema(context_, client, options));
    return {};
  }

  Result<void> foretell(Connection& original) {
    catalog::Mentioned names;
    for (const auto& step : steps_) {
      TriedStep tried{.step = &step, .run = {}, .foretold = {}};
      MIGRATE_TRY_ASSIGN(auto run, make_run(*standing_, step, context_.settings));
      tried.run = without_assertions(std::move(run));
      mention(names, tried.run);
      tried_.push_back(std::move(tried));
    }
    MIGRATE_TRY_ASSIGN(auto schema, db::read_catalog(original.session, names));
    Foretelling foretelling(std::move(schema), original.session.info().server_version_num);
    std::vector<std::string> losses;
    for (auto& tried : tried_) {
      tried.foretold = foretelling.effects_through(tried.run);
      auto& destroyed = destroys_.emplace_back();
      for (const auto& statement : tried.step->statements) {
        const ReadOnly question(original.session);
        destroyed.push_back(losses_of(original.session, statement.facts));
        losses.insert(losses.end(), destroyed.back().begin(), destroyed.back().end());
      }
    }
    warn_of_losses(context_, losses);
    return {};
  }

  Result<void> try_all(Copy& copy, const db::Journal& journal) {
    Watch watch(copy.session, journal.schema());
    if (auto begun = watch.begin(); !begun) return fail(db::to_diagnostic(begun.error()), ExitCode::unreachable);
    MIGRATE_TRY_ASSIGN(schema_, schema_of(copy));
    context_.observer.progress(fmt::format("rehearsing {}", plural(steps_.size(), "revision")));
    for (const auto& step : steps_)
      outcome_.steps.push_back({.outcome = {.step = step.summary}, .before = {}, .after = {}});
    auto applied = standing_->applied;
    for (std::size_t i = 0; i < tried_.size(); ++i) {
      if (is_interrupted()) return fail(error("interrupted", "interrupted"), ExitCode::unreachable);
      MIGRATE_TRY_ASSIGN(const bool up, go_up(copy, journal, watch, i));
      if (!up) return {};
      applied[steps_[i].node.value] = true;
      outcome_.to = standing_->history.summaries(standing_->history.graph().heads_of(applied));
      MIGRATE_TRY_ASSIGN(const bool whole, go_round(copy, journal, watch, i));
      if (!whole) return {};
    }
    return {};
  }

  [[nodiscard]] Result<std::string> schema_of(const Copy& copy) const {
    MIGRATE_TRY_ASSIGN(const std::string now, dump_schema(context_, copy.client, {}));
    return comparable(now);
  }

  [[nodiscard]] bool is_interrupted() const { return context_.interrupt && context_.interrupt->raised(); }

  Result<bool> go_up(Copy& copy, const db::Journal& journal, Watch& watch, std::size_t index) {
    auto& step = outcome_.steps[index];
    auto tried = try_revision(copy, journal, tried_[index], &watch);
    step.statements = std::move(tried.statements);
    for (std::size_t k = 0; k < step.statements.size(); ++k) {
      step.statements[k].destroys = destroys_[index][k];
      step.statements[k].asserts = steps_[index].statements[k].treatment.assertion.has_value();
    }
    step.outcome.status = tried.failure ? StepStatus::failed : StepStatus::done;
    step.outcome.duration = tried.duration;
    if (!tried.failure) return true;
    step.outcome.failed_statement = tried.failure->statement;
    MIGRATE_TRY(add_finding(copy, tried_[index].run, *tried.failure));
    return false;
  }

  // Down and up again. False: the copy is no longer what the next revision would meet.
  Result<bool> go_round(Copy& copy, const db::Journal& journal, Watch& watch, std::size_t index) {
    auto& step = outcome_.steps[index];
    const std::string before = std::exchange(schema_, {});
    MIGRATE_TRY_ASSIGN(schema_, schema_of(copy));
    const auto* file = standing_->history.file(steps_[index].node);
    if (file && file->irreversible) {
      step.undoing = Undoing::irreversible;
      return true;
    }
    step.undoing = Undoing::failed;
    auto prepared = prepare_step(*standing_, steps_[index].node, db::Direction::down);
    if (!prepared) {
      for (auto& problem : prepared.error().diagnostics) outcome_.findings.push_back(std::move(problem));
      return true;
    }
    const auto names = watch.names();
    TriedStep tried{.step = &*prepared, .run = {}, .foretold = {}};
    MIGRATE_TRY_ASSIGN(auto run, make_run(*standing_, *prepared, context_.settings));
    tried.run = without_assertions(std::move(run));
    const auto down = try_revision(copy, journal, tried, nullptr);
    step.undo_duration = down.duration;
    if (down.failure) {
      MIGRATE_TRY(add_finding(copy, tried.run, *down.failure));
      return down.failure->aftermath == db::Aftermath::rolled_back;
    }
    MIGRATE_TRY_ASSIGN(std::string after, schema_of(copy));
    compare(step, before, std::move(after));
    MIGRATE_TRY(go_up_again(copy, journal, index));
    if (!step.again) return false;
    if (auto found = watch.find_again(names); !found)
      return fail(db::to_diagnostic(found.error()), ExitCode::unreachable);
    if (step.undoing != Undoing::same) {
      MIGRATE_TRY_ASSIGN(schema_, schema_of(copy));
    }
    return true;
  }

  void compare(RehearsedStep& step, const std::string& before, std::string after) {
    step.undoing = Undoing::same;
    if (before == after) return;
    step.undoing = is_reordered(before, after) ? Undoing::reordered : Undoing::different;
    step.before = before;
    step.after = std::move(after);
    if (step.undoing != Undoing::different) return;
    const auto& revision = step.outcome.step.revision;
    outcome_.findings.push_back(
        error("different-after-downgrade",
              fmt::format("the downgrade of {} does not bring the schema back", revision.id.str()))
            .in_file(revision.path)
            .note("the report shows what differs: `-` before going up, `+` after coming down")
            .help("correct the downgrade; or say that there is none, and why: -- migrate:downgrade irreversible: "
                  "REASON"));
  }

  Result<void> go_up_again(Copy& copy, const db::Journal& journal, std::size_t index) {
    const auto tried = try_revision(copy, journal, tried_[index], nullptr);
    outcome_.steps[index].again = !tried.failure;
    if (!tried.failure) return {};
    MIGRATE_TRY(add_finding(copy, tried_[index].run, *tried.failure));
    auto& finding = outcome_.findings.back();
    finding = std::move(finding).note("it ran well before its downgrade, which left something behind or took too much");
    return {};
  }

  // A failure of ours is an error; what the revision is to blame for is a finding.
  Result<void> add_finding(Copy& copy, const db::RevisionRun& run, const db::RunFailure& failure) {
    auto told = db::to_failure(failure, run, copy.session.info(), context_.show_detail);
    auto& problem = told.diagnostics.front();
    std::erase_if(problem.notes, [](const Note& note) { return note.label == "state"; });
    problem = std::move(problem).note("state",
                                      fmt::format("this was the copy: {} was not changed", outcome_.database.database));
    problem.helps.clear();
    const bool interrupted = failure.server_error.interrupted || is_interrupted();
    const bool ours = interrupted || failure.server_error.connection_lost;
    if (ours) {
      problem = std::move(problem).help("run the same command again");
      return fail(Failure(std::move(problem), interrupted ? ExitCode::interrupted : ExitCode::unreachable));
    }
    outcome_.findings.push_back(
        std::move(problem).help("correct the revision, and rehearse it again: migrate rehearse"));
    return {};
  }

  void warn_of_copy(const Copy& copy) const {
    auto left = warning("copy-left-behind", "the copy could not be removed");
    left = copy.place == CopyPlace::server
               ? std::move(left).help(fmt::format("DROP DATABASE {}", quote_identifier(copy.name)))
               : std::move(left).help("remove the folder migrate-rehearsal-* from the folder for temporary files");
    context_.observer.warning(left);
  }

  void add_sizes(db::Session& session) {
    std::map<std::string, std::pair<std::optional<double>, std::optional<std::uint64_t>>> sizes;
    for (auto& step : outcome_.steps) {
      for (auto& statement : step.statements) {
        for (auto& lock : statement.locks) {
          auto [found, fresh] = sizes.try_emplace(lock.relation);
          if (fresh) {
            const std::array<std::optional<std::string>, 1> parameters{lock.relation};
            const ReadOnly question(session);
            const auto rows = session.query(size_query, parameters);
            if (rows && !rows->empty()) {
              found->second = {db::to_number<double>(rows->front()[0]), db::to_number<std::uint64_t>(rows->front()[1])};
            }
          }
          lock.rows = found->second.first;
          lock.bytes = found->second.second;
        }
      }
    }
  }

  static Result<void> say(db::Session& session, const std::string& sql) {
    auto done = session.execute(sql);
    if (done) return {};
    return fail(db::to_diagnostic(done.error()).note("state", "nothing was changed"), ExitCode::unreachable);
  }

  const Context& context_;
  CopyPlace place_;
  bool allow_drift_;
  RehearsalOutcome outcome_;
  std::optional<Standing> standing_;
  std::vector<PreparedStep> steps_;
  std::vector<TriedStep> tried_;
  std::vector<std::vector<std::vector<std::string>>> destroys_;  // by step and statement
  Confines confines_;
  std::optional<Surroundings> surroundings_;
  std::filesystem::path programs_;
  Original content_;
  std::string schema_;  // of the copy, after what went up so far
};

}  // namespace

Result<RehearsalOutcome> rehearse(const Context& context, const std::string& target, CopyPlace place,
                                  bool allow_drift) {
  auto outcome = Rehearsal(context, place, allow_drift).go(target);
  // Ctrl-C ends pg_dump and psql too, which then complain.
  if (!outcome && context.interrupt && context.interrupt->raised() &&
      outcome.error().exit_code != ExitCode::interrupted) {
    return fail(error("interrupted", "interrupted")
                    .note("state", "the database was not changed; the copy is gone")
                    .help("run the same command again"),
                ExitCode::interrupted);
  }
  return outcome;
}

}  // namespace migrate::ops
