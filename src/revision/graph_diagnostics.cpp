#include <migrate/revision/graph_diagnostics.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::revision {
namespace {

using Kind = GraphError::Kind;

template <class T>
std::optional<ByteRange> range_of(const std::vector<Located<T>>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [name](const Located<T>& item) {
    if constexpr (std::is_same_v<T, RevisionId>) {
      return item.value.str() == name;
    } else {
      return item.value == name;
    }
  });
  return found == items.end() ? std::nullopt : std::optional(found->range);
}

/// A file and the places in it that errors point to.
class Place {
 public:
  explicit Place(GraphOrigin origin) : origin_(std::move(origin)) {}

  [[nodiscard]] const SourcePtr& source() const { return origin_.source; }
  [[nodiscard]] ByteRange id() const { return header().id.range; }
  [[nodiscard]] ByteRange parent(std::string_view name) const {
    return range_of(header().parents, name).value_or(id());
  }
  [[nodiscard]] ByteRange dependency(std::string_view name) const {
    return range_of(header().depends_on, name).value_or(id());
  }
  [[nodiscard]] ByteRange label(std::string_view name) const { return range_of(header().labels, name).value_or(id()); }
  /// Where this revision says that it needs the one of `other`, by its id or one of its labels.
  [[nodiscard]] ByteRange need_of(const Place& other) const {
    const auto& name = other.header().id.value.str();
    if (const auto parent = range_of(header().parents, name)) return *parent;
    if (const auto dependency = range_of(header().depends_on, name)) return *dependency;
    for (const auto& label : other.header().labels) {
      if (const auto dependency = range_of(header().depends_on, label.value)) return *dependency;
    }
    return id();
  }
  [[nodiscard]] std::string_view id_text() const { return header().id.value.str(); }
  [[nodiscard]] bool is_unchanged() const { return !id().empty() && id().end <= source()->text().size(); }

 private:
  [[nodiscard]] const Header& header() const { return origin_.file->header; }

  GraphOrigin origin_;
};

class Describer {
 public:
  Describer(const GraphError& error, const OriginLookup& lookup) : error_(error) {
    for (const auto origin : error.origins) {
      auto found = lookup(origin);
      places_.push_back(found ? std::optional(Place(*std::move(found))) : std::nullopt);
      // A file that was changed meanwhile may have become shorter than its places.
      if (places_.back() && !places_.back()->is_unchanged()) places_.back().reset();
    }
  }

  Diagnostic describe() {
    switch (error_.kind) {
      case Kind::duplicate_id: return duplicate_id();
      case Kind::missing_parent: return missing_parent();
      case Kind::missing_dependency: return missing_dependency();
      case Kind::cycle: return cycle("revisions revise each other in a circle", "revises");
      case Kind::dependency_cycle: return cycle("revisions need each other in a circle", "needs");
      case Kind::self_loop: return self_loop();
      case Kind::dependency_self_loop: return dependency_self_loop();
      case Kind::duplicate_label: return duplicate_label();
      case Kind::label_is_id: return label_is_id();
    }
    return error(kebab(), error_.subject);
  }

 private:
  [[nodiscard]] std::string kebab() const {
    switch (error_.kind) {
      case Kind::duplicate_id: return "duplicate-revision-id";
      case Kind::missing_parent: return "missing-parent";
      case Kind::missing_dependency: return "missing-dependency";
      case Kind::cycle: return "cycle";
      case Kind::self_loop: return "self-loop";
      case Kind::dependency_cycle: return "dependency-cycle";
      case Kind::dependency_self_loop: return "dependency-self-loop";
      case Kind::duplicate_label: return "duplicate-label";
      case Kind::label_is_id: return "label-is-id";
    }
    return "graph-error";
  }

  [[nodiscard]] Diagnostic complaint(std::string message) const { return error(kebab(), std::move(message)); }

  /// The first origin's place becomes the primary one, the others secondary.
  template <class RangeOf>
  Diagnostic at_all(Diagnostic diagnostic, const RangeOf& range_of_place, std::string_view others) const {
    for (const auto& place : places_) {
      if (!place) continue;
      const auto range = range_of_place(*place);
      if (!diagnostic.primary) {
        diagnostic.primary = Label{place->source(), range, {}};
      } else {
        diagnostic.secondary.push_back({place->source(), range, std::string(others)});
      }
    }
    return diagnostic;
  }

  /// With the edit that writes the name which may have been meant.
  [[nodiscard]] Diagnostic with_suggestion(Diagnostic diagnostic) const {
    if (!error_.nearest) return diagnostic;
    std::vector<Edit> edits;
    if (diagnostic.primary) edits.push_back({diagnostic.primary->source, diagnostic.primary->range, *error_.nearest});
    return std::move(diagnostic).help(fmt::format("did you mean `{}`?", *error_.nearest), std::move(edits));
  }

  [[nodiscard]] Diagnostic duplicate_id() const {
    return at_all(
               complaint(fmt::format("{} have the id `{}`", plural(error_.origins.size(), "revision"), error_.subject)),
               [](const Place& place) { return place.id(); }, "has it too")
        .help("give one of them another id, and write that into `Revises` of what follows it");
  }

  [[nodiscard]] Diagnostic missing_parent() const {
    auto diagnostic =
        with_suggestion(at_all(complaint(fmt::format("there is no revision `{}` to revise", error_.subject)),
                               [this](const Place& place) { return place.parent(error_.subject); }, {}));
    const auto word = to_lower_ascii(error_.subject);
    if (word == "none" || word == "null") {
      return std::move(diagnostic).help("where the history begins nothing stands after `Revises:`");
    }
    if (error_.nearest) return diagnostic;
    return std::move(diagnostic).help("is its file missing, or on another branch of the repository?");
  }

  [[nodiscard]] Diagnostic missing_dependency() const {
    auto diagnostic = with_suggestion(
        at_all(complaint(fmt::format("there is no revision or label `{}` to depend on", error_.subject)),
               [this](const Place& place) { return place.dependency(error_.subject); }, {}));
    if (error_.nearest) return diagnostic;
    return std::move(diagnostic).help("is its file missing, or on another branch of the repository?");
  }

  [[nodiscard]] Diagnostic cycle(std::string_view what, std::string_view verb) const {
    auto diagnostic = complaint(std::string(what));
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const auto& place = places_[i];
      const auto& next = places_[(i + 1) % places_.size()];
      if (!place || !next) continue;
      Label label{place->source(), place->need_of(*next),
                  fmt::format("`{}` {} `{}`", place->id_text(), verb, next->id_text())};
      if (!diagnostic.primary) {
        diagnostic.primary = std::move(label);
      } else {
        diagnostic.secondary.push_back(std::move(label));
      }
    }
    if (!diagnostic.primary) diagnostic.message += fmt::format(", `{}` among them", error_.subject);
    return std::move(diagnostic)
        .help(error_.kind == Kind::cycle ? "the oldest of them revises what was there before: correct its `Revises`"
                                         : "take the one out of `Depends On` that is not needed");
  }

  [[nodiscard]] Diagnostic self_loop() const {
    return at_all(complaint(fmt::format("revision `{}` revises itself", error_.subject)),
                  [this](const Place& place) { return place.parent(error_.subject); }, {})
        .help("write the revision before it after `Revises:`, or nothing where the history begins");
  }

  [[nodiscard]] Diagnostic dependency_self_loop() const {
    return at_all(complaint(fmt::format("a revision depends on itself as `{}`", error_.subject)),
                  [this](const Place& place) { return place.dependency(error_.subject); }, {})
        .help("take it out of `Depends On`");
  }

  [[nodiscard]] Diagnostic duplicate_label() const {
    return at_all(
               complaint(
                   fmt::format("{} have the label `{}`", plural(error_.origins.size(), "revision"), error_.subject)),
               [this](const Place& place) { return place.label(error_.subject); }, "has it too")
        .help("a label names one branch: keep it where the branch begins, its other revisions have it from there");
  }

  [[nodiscard]] Diagnostic label_is_id() const {
    auto diagnostic = complaint(fmt::format("the label `{}` is a revision's id", error_.subject));
    if (const auto& place = places_.front()) {
      diagnostic.primary = Label{place->source(), place->label(error_.subject), {}};
    }
    if (places_.size() > 1 && places_[1])
      diagnostic.secondary.push_back({places_[1]->source(), places_[1]->id(), "the id"});
    return std::move(diagnostic).help("choose another label: as a target it could mean either");
  }

  const GraphError& error_;
  std::vector<std::optional<Place>> places_;
};

}  // namespace

Diagnostics describe(std::span<const GraphError> errors, const OriginLookup& lookup) {
  Diagnostics diagnostics;
  diagnostics.reserve(errors.size());
  for (const auto& error : errors) diagnostics.push_back(Describer(error, lookup).describe());
  return diagnostics;
}

}  // namespace migrate::revision
