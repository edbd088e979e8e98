#include <migrate/revision/revision_file.hpp>

#include <algorithm>

#include <migrate/base/text.hpp>

namespace migrate::revision {
namespace {

class Renderer {
 public:
  explicit Renderer(const NewRevision& revision) : revision_(revision) {}

  std::string render() && {
    header();
    section("-- migrate:upgrade", revision_.upgrade_sql);
    text_ += '\n';
    if (revision_.irreversible) {
      text_ += "-- migrate:downgrade irreversible\n";
      comment(revision_.irreversible->reason);
    } else {
      section("-- migrate:downgrade", revision_.downgrade_sql);
    }
    return std::move(text_);
  }

 private:
  void header() {
    auto message = revision_.message;
    std::replace_if(
        message.begin(), message.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    comment(trim(message));
    comment("");
    key("Revision ID", revision_.id.str());
    key("Revises", list(revision_.parents));
    if (revision_.create_date) key("Create Date", format_timestamp(*revision_.create_date));
    if (!revision_.labels.empty()) key("Branch Labels", list(revision_.labels));
    if (!revision_.depends_on.empty()) key("Depends On", list(revision_.depends_on));
    if (revision_.transaction_none) key("Transaction", "none");
    if (!trim(revision_.prose).empty()) {
      comment("");
      comment(revision_.prose);
    }
    text_ += '\n';
  }

  void key(std::string_view name, std::string_view value) {
    text_.append("-- ").append(name).append(":");
    if (!value.empty()) text_.append(" ").append(value);
    text_ += '\n';
  }

  void comment(std::string_view lines) {
    for (const auto line : split(lines, '\n')) {
      text_ += "--";
      if (!line.empty()) text_.append(" ").append(line);
      text_ += '\n';
    }
  }

  /// Empty ones get a blank line to write in.
  void section(std::string_view marker, std::string_view sql) {
    text_.append(marker).append("\n").append(sql);
    if (sql.empty() || sql.back() != '\n') text_ += '\n';
  }

  static const std::string& name(const RevisionId& id) { return id.str(); }
  static const std::string& name(const std::string& text) { return text; }
  template <class T>
  static std::string list(const std::vector<T>& items) {
    std::string text;
    for (const auto& item : items) {
      if (!text.empty()) text += ", ";
      text += name(item);
    }
    return text;
  }

  const NewRevision& revision_;
  std::string text_;
};

}  // namespace

std::string render_revision(const NewRevision& revision) { return Renderer(revision).render(); }

}  // namespace migrate::revision
