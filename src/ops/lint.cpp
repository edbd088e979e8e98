#include <migrate/ops/lint.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/catalog_reader.hpp>

#include "ops/lint/changes.hpp"
#include "ops/lint/choose.hpp"
#include "ops/lint/docket.hpp"
#include "ops/lint/fixes.hpp"
#include "ops/lint/judge_settings.hpp"
#include "ops/lint/names_in_use.hpp"
#include "ops/lint/rewrites.hpp"
#include "ops/lint/trials.hpp"
#include "ops/look.hpp"
#include "ops/parallel.hpp"
#include "ops/revision_files.hpp"

namespace migrate::ops {
namespace {

/// A revision file at work: fixes change the text in memory, and all is judged again.
struct Document {
  RevisionSummary summary;
  revision::RevisionFile file;
  SourcePtr source;
  Asked asked = Asked::nothing;
  bool applied = false;
  bool mendable = true;
  std::string original;
  std::size_t fixes = 0;
};

/// What one look at all documents found.
struct Round {
  std::vector<std::pair<std::size_t, LintFinding>> findings;  // by document
  std::vector<std::pair<std::size_t, std::vector<Edit>>> fixes;
  std::vector<std::pair<std::size_t, std::vector<rules::RevisionDraft>>> rewrites;  // by finding
  std::size_t suppressed = 0;
};

class Lint {
 public:
  Lint(const Context& context, const LintOptions& options) : context_(context), options_(options) {}

  Result<LintOutcome> go() {
    const auto started = std::chrono::steady_clock::now();
    MIGRATE_TRY_ASSIGN(settings_, judge_settings(context_.settings));
    MIGRATE_TRY_ASSIGN(const History history, History::load(context_.settings));
    if (options_.targets.empty() && !options_.ask_database) {
      MIGRATE_TRY_ASSIGN(auto overlooked, overlooked_files(context_.settings));
      outcome_.warnings += overlooked.size();
      for (auto& warning : overlooked) outcome_.findings.push_back({std::move(warning), nullptr, {}});
    }
    MIGRATE_TRY(options_.ask_database ? gather_pending(history) : gather_all(history));
    Round round = judge();
    if (options_.fixing != Fixing::none) {
      MIGRATE_TRY(find_applied(history));
      round = mend(std::move(round));
    }
    MIGRATE_TRY(write());
    account_for(std::move(round));
    outcome_.duration =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
    return std::move(outcome_);
  }

  Result<FoundRewrites> rewrites_of(const std::string& rule) {
    MIGRATE_TRY_ASSIGN(settings_, judge_settings(context_.settings));
    MIGRATE_TRY_ASSIGN(const History history, History::load(context_.settings));
    MIGRATE_TRY(gather_all(history));
    Round round = judge();
    const auto is_it = [&](const LintFinding& finding) { return finding.rule != nullptr && finding.rule->id == rule; };
    FoundRewrites found;
    for (const auto& [document, finding] : round.findings) {
      if (is_it(finding)) ++found.findings;
    }
    for (auto& [index, drafts] : round.rewrites) {
      auto& finding = round.findings[index].second;
      if (is_it(finding)) found.rewrites.push_back({finding, std::move(drafts)});
    }
    return found;
  }

 private:
  // --- which revisions

  /// Of the nodes in question: those that were asked for, and by whom they were changed. No `applied`: none is asked.
  Result<revision::Graph::Set> asked_for(const History& history, const revision::Graph::Set* applied) {
    revision::Graph::Set asked(history.graph().size(), true);
    if (options_.targets.empty()) {
      MIGRATE_TRY_ASSIGN(asked, before_baseline(context_.settings, history.graph()));
      asked.flip();
    } else {
      MIGRATE_TRY_ASSIGN(asked, choose_revisions(history, applied, options_.targets));
    }
    if (options_.since.empty()) return asked;
    MIGRATE_TRY_ASSIGN(Changes changes, changes_since(options_.since, context_.settings, history));
    for (auto& finding : changes.findings) {
      ++outcome_.errors;
      outcome_.findings.push_back({std::move(finding), nullptr, {}});
    }
    for (std::size_t i = 0; i < asked.size(); ++i) asked[i] = asked[i] && changes.touched[i];
    return asked;
  }

  Result<void> add(const History& history, revision::NodeIndex node, Asked asked) {
    const auto* file = history.file(node);
    if (file == nullptr) return {};
    MIGRATE_TRY_ASSIGN(SourcePtr source, history.source(*file));
    Document document{.summary = history.summary(node), .file = *file, .source = source, .asked = asked};
    if (asked != Asked::nothing) document.original = source->text();
    documents_.push_back(std::move(document));
    if (asked != Asked::nothing) ++outcome_.revisions;
    return {};
  }

  Result<void> gather_all(const History& history) {
    const auto size = history.graph().size();
    MIGRATE_TRY_ASSIGN(const auto asked, asked_for(history, nullptr));
    for (std::uint32_t i = 0; i < size; ++i) {
      MIGRATE_TRY(add(history, {i}, asked[i] ? Asked::both : Asked::nothing));
    }
    return {};
  }

  Result<void> gather_pending(const History& files) {
    MIGRATE_TRY_ASSIGN(Look found, look(context_, files));
    const Standing& standing = found.standing;
    outcome_.database = found.connection.session.info();
    MIGRATE_TRY_ASSIGN(const auto asked, asked_for(standing.history, &standing.applied));
    for (std::uint32_t i = 0; i < asked.size(); ++i) {
      if (standing.applied[i]) continue;
      const bool begun = standing.row({i}) != nullptr;
      MIGRATE_TRY(add(standing.history, {i}, asked[i] && !begun ? Asked::both : Asked::nothing));
    }
    Docket docket;
    for (const auto& document : documents_) {
      if (auto sections = read_sections(document.source, document.file, Asked::both)) {
        docket.add(*std::move(sections), Asked::both);
      }
    }
    MIGRATE_TRY_ASSIGN(world_.schema, db::read_catalog(found.connection.session, docket.mentioned()));
    MIGRATE_TRY_ASSIGN(trials_, try_unknown(found.connection.session, docket));
    world_.rows_of_new_tables = catalog::Rows::none;
    return {};
  }

  // --- judging

  Round judge() const {
    Docket docket;
    Round round;
    std::vector<std::size_t> document_of;
    constexpr std::size_t documents_worth_a_thread = 50;
    std::vector<std::optional<Result<ReadSections>>> read(documents_.size());
    in_parallel(documents_.size(), documents_worth_a_thread, [&](std::size_t i) {
      read[i].emplace(read_sections(documents_[i].source, documents_[i].file, documents_[i].asked));
    });
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      const Document& document = documents_[i];
      auto& sections = *read[i];
      if (sections) {
        docket.add(*std::move(sections), document.asked);
        document_of.push_back(i);
      }
      if (document.asked == Asked::nothing) continue;
      if (!sections) add_problems(round, i, sections.error().diagnostics);
      add_problems(round, i, document.file.unwritten);
    }
    docket.take(trials_);
    auto verdict = docket.judge(world_, settings_);
    round.suppressed = verdict.suppressed;
    keep_used_names(verdict, document_of);
    for (auto& judged : verdict.findings) {
      const std::size_t i = document_of[judged.revision];
      round.findings.emplace_back(i, LintFinding{diagnostic_of(judged), judged.rule, documents_[i].summary,
                                                 !judged.finding.fix.empty(), !judged.finding.rewrite.empty()});
      if (!judged.finding.rewrite.empty()) {
        round.rewrites.emplace_back(round.findings.size() - 1, std::move(judged.finding.rewrite));
      }
      if (!judged.finding.fix.empty()) round.fixes.emplace_back(i, std::move(judged.finding.fix));
    }
    return round;
  }

  /// A better name would be wrong where a later revision says the old one, or where another thing has it or gets it.
  void keep_used_names(rules::Verdict& verdict, const std::vector<std::size_t>& document_of) const {
    std::optional<NamesInUse> uses;
    std::set<std::string> given;
    for (auto& judged : verdict.findings) {
      auto& finding = judged.finding;
      if (!finding.renames || finding.fix.empty()) continue;
      if (!uses) {
        std::vector<SourcePtr> sources;
        for (const auto& document : documents_) sources.push_back(document.source);
        uses.emplace(sources);
      }
      const auto& [from, to] = *finding.renames;
      const auto speaks = uses->after(from, document_of[judged.revision]);
      const auto has = uses->anywhere(to);
      if (!speaks && !has && given.insert(to).second) continue;
      finding.fix.clear();
      auto& diagnostic = finding.diagnostic;
      diagnostic.helps.front().edits.clear();
      if (speaks) {
        diagnostic = std::move(diagnostic)
                         .note(fmt::format("{} speaks of it too: it is not renamed by itself",
                                           documents_[*speaks].summary.path));
      } else if (has) {
        diagnostic =
            std::move(diagnostic)
                .note(fmt::format("{} speaks of `{}`: it is not renamed by itself", documents_[*has].summary.path, to));
      }
    }
  }

  void add_problems(Round& round, std::size_t document, const Diagnostics& problems) const {
    for (const auto& problem : problems) {
      round.findings.emplace_back(document, LintFinding{problem, nullptr, documents_[document].summary});
    }
  }

  // --- mending

  Round mend(Round round) {
    // A fix may bring up what another rule can mend; ones that undo each other must end some time.
    constexpr int most_rounds = 20;
    for (int i = 0; i < most_rounds && apply(round); ++i) round = judge();
    for (const auto& document : documents_) {
      const bool spared = document.applied && !options_.force && has_fix(round, document);
      if (!spared) continue;
      context_.observer.warning(
          warning("applied-revision-not-mended",
                  fmt::format("revision {} is applied: its file stays as it is", document.summary.id.str()))
              .in_file(document.summary.path)
              .note("a file that differs from what was applied is drift, and the next upgrade is refused")
              .help("where it is meant so, say why above the statement: -- migrate:allow RULE (reason); comments are "
                    "no drift")
              .help("--force mends it all the same"));
    }
    return round;
  }

  bool has_fix(const Round& round, const Document& document) const {
    return std::any_of(round.fixes.begin(), round.fixes.end(),
                       [&](const auto& fix) { return &documents_[fix.first] == &document; });
  }

  Result<void> find_applied(const History& history) {
    if (options_.ask_database) return {};  // only what is pending was gathered
    if (options_.force) return {};
    if (options_.fixing == Fixing::write && is_configured(context_.settings)) {
      auto found = look(context_, history);
      if (!found) return fail(unasked(std::move(found).error()));
      mark_applied(found->standing);
      return {};
    }
    const auto glanced = glance(context_, history);
    if (glanced.look) {
      mark_applied(glanced.look->standing);
      return {};
    }
    const std::string why = glanced.why_not.empty() ? "no database is configured" : glanced.why_not;
    context_.observer.progress(fmt::format("whether a mended revision is applied somewhere is not known: {}", why));
    return {};
  }

  void mark_applied(const Standing& standing) {
    for (auto& document : documents_) {
      const auto node = standing.history.graph().find(document.summary.id);
      document.applied = node && standing.row(*node) != nullptr;
    }
  }

  /// An applied file that was mended is drift, so that guessing is not enough.
  static Failure unasked(Failure failure) {
    auto& told = failure.diagnostics.front();
    told = std::move(told)
               .note("`--fix` leaves files of applied revisions as they are, and cannot ask which those are")
               .help("`migrate lint --fix --force` mends every file without asking");
    return failure;
  }

  /// True if a text changed.
  bool apply(const Round& round) {
    bool changed = false;
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      Document& document = documents_[i];
      if (!document.mendable || (document.applied && !options_.force)) continue;
      std::vector<const std::vector<Edit>*> fixes;
      for (const auto& [index, fix] : round.fixes) {
        if (index == i) fixes.push_back(&fix);
      }
      if (!fixes.empty()) changed = apply(document, fixes) || changed;
    }
    return changed;
  }

  static bool apply(Document& document, const std::vector<const std::vector<Edit>*>& fixes) {
    auto fixed = apply_fixes(document.source, fixes);
    if (fixed.text == document.source->text()) return false;
    SourcePtr source = make_source(document.source->path(), std::move(fixed.text));
    auto file = revision::parse_revision(source);
    document.mendable = file.has_value();
    if (!file) return false;  // better unmended than broken
    document.file = *std::move(file);
    document.source = std::move(source);
    document.fixes += fixed.fixes;
    return true;
  }

  Result<void> write() {
    for (const auto& document : documents_) {
      if (document.fixes == 0) continue;
      MIGRATE_TRY_ASSIGN(const std::string there, read_file(document.summary.path));
      // A byte-order mark is no part of the text, and stays in the file.
      const std::string mark = there.substr(0, there.size() - make_source({}, there)->text().size());
      std::string mended = mark + std::string(document.source->text());
      if (options_.fixing == Fixing::write) {
        MIGRATE_TRY(write_file_atomically(document.summary.path, mended));
        outcome_.written = true;
      }
      outcome_.fixed.push_back({document.summary.path, mark + document.original, std::move(mended), document.fixes});
    }
    return {};
  }

  void account_for(Round round) {
    std::stable_sort(round.findings.begin(), round.findings.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    outcome_.suppressed = round.suppressed;
    for (auto& [document, finding] : round.findings) {
      const Severity severity = finding.diagnostic.severity;
      outcome_.errors += severity == Severity::error ? 1 : 0;
      outcome_.warnings += severity == Severity::warning ? 1 : 0;
      outcome_.notes += severity == Severity::note ? 1 : 0;
      outcome_.fixable += finding.fixable ? 1 : 0;
      outcome_.findings.push_back(std::move(finding));
    }
  }

  const Context& context_;
  const LintOptions& options_;
  JudgeSettings settings_;
  rules::World world_;
  Trials trials_;
  std::vector<Document> documents_;
  LintOutcome outcome_;
};

}  // namespace

Result<FoundRewrites> find_rewrites(const Context& context, const std::string& rule,
                                    const std::vector<std::string>& targets) {
  const LintOptions options{.targets = targets, .since = {}};
  return Lint(context, options).rewrites_of(rule);
}

Result<LintOutcome> lint(const Context& context, const LintOptions& options) { return Lint(context, options).go(); }

}  // namespace migrate::ops
