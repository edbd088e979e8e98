#include "sql/pg_query.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include <pg_query.h>

#include <migrate/base/text.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::sql {
namespace {

Complaint to_complaint(const PgQueryError& error, std::string_view text) {
  Complaint complaint{error.message, std::nullopt};
  if (error.cursorpos > 0) {
    complaint.at = to_byte_offset(text, CharOffset{static_cast<std::size_t>(error.cursorpos) - 1});
  }
  return complaint;
}

TokenKind to_kind(PgQuery__Token token, char first) {
  switch (token) {
    case PG_QUERY__TOKEN__SQL_COMMENT:
    case PG_QUERY__TOKEN__C_COMMENT: return TokenKind::comment;
    case PG_QUERY__TOKEN__SCONST:
    case PG_QUERY__TOKEN__USCONST:
    case PG_QUERY__TOKEN__BCONST:
    case PG_QUERY__TOKEN__XCONST: return TokenKind::string;
    case PG_QUERY__TOKEN__ICONST:
    case PG_QUERY__TOKEN__FCONST: return TokenKind::number;
    case PG_QUERY__TOKEN__PARAM: return TokenKind::parameter;
    case PG_QUERY__TOKEN__UIDENT: return TokenKind::quoted_identifier;
    case PG_QUERY__TOKEN__IDENT: return first == '"' ? TokenKind::quoted_identifier : TokenKind::word;
    default: break;
  }
  // Keywords follow the comments in the numbering; before them stand the operators.
  return token > PG_QUERY__TOKEN__C_COMMENT ? TokenKind::word : TokenKind::punctuation;
}

// libpg_query 15 gives U&'...' and U&"..." an end before their quotes. Only white space stands between a token and
// the next, comments being tokens, so the next one's start tells the true end.
void mend_ends(std::vector<Token>& tokens, std::string_view text) {
  std::size_t next_begin = text.size();
  for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
    const char first = text[token->range.begin];
    const bool quoted = token->kind == TokenKind::string || token->kind == TokenKind::quoted_identifier;
    if (quoted && (first == 'U' || first == 'u')) {
      const auto begin = token->range.begin;
      token->range.end = begin + trim(text.substr(begin, next_begin - begin)).size();
    }
    next_begin = token->range.begin;
  }
}

constexpr std::size_t arena_block = 16 * 1024;

// The scan lives in the arena.
struct ScanResult {
  std::unique_ptr<Arena> arena;
  const PgQuery__ScanResult* result;
};

Result<ScanResult, Complaint> scan_words(std::string_view text) {
  const std::string terminated(text);
  const PgQueryScanResult answer = pg_query_scan(terminated.c_str());
  const std::unique_ptr<const PgQueryScanResult, void (*)(const PgQueryScanResult*)> freed(
      &answer, [](const PgQueryScanResult* a) { pg_query_free_scan_result(*a); });
  if (answer.error) return Unexpected{to_complaint(*answer.error, text)};
  ScanResult scan{std::make_unique<Arena>(), nullptr};
  ProtobufCAllocator allocator = scan.arena->allocator();
  scan.result = pg_query__scan_result__unpack(&allocator, answer.pbuf.len,
                                              reinterpret_cast<const std::uint8_t*>(answer.pbuf.data));
  return scan;
}

}  // namespace

Result<std::vector<Token>, Complaint> scan_all(std::string_view text) {
  const auto scanned = scan_words(text);
  if (!scanned) return Unexpected{scanned.error()};
  const PgQuery__ScanResult* const unpacked = scanned->result;
  std::vector<Token> tokens;
  if (!unpacked) return tokens;
  tokens.reserve(unpacked->n_tokens);
  for (const PgQuery__ScanToken* token : std::span(unpacked->tokens, unpacked->n_tokens)) {
    const ByteRange range{static_cast<std::size_t>(token->start), static_cast<std::size_t>(token->end)};
    tokens.push_back({to_kind(token->token, text[range.begin]), range});
  }
  mend_ends(tokens, text);
  return tokens;
}

namespace {

bool scanned_as_reserved(std::string_view word) {
  const auto scanned = scan_words(word);
  if (!scanned || !scanned->result || scanned->result->n_tokens != 1) return false;
  const auto kind = scanned->result->tokens[0]->keyword_kind;
  return kind != PG_QUERY__KEYWORD_KIND__NO_KEYWORD && kind != PG_QUERY__KEYWORD_KIND__UNRESERVED_KEYWORD;
}

}  // namespace

// A scan takes its time, and the same few names are asked for again and again.
bool is_reserved(std::string_view word) {
  constexpr std::size_t most = 10'000;
  thread_local std::map<std::string, bool, std::less<>> known;
  if (const auto found = known.find(word); found != known.end()) return found->second;
  if (known.size() >= most) known.clear();
  return known.emplace(word, scanned_as_reserved(word)).first->second;
}

void* Arena::take(std::size_t size) {
  constexpr std::size_t alignment = alignof(std::max_align_t);
  const std::size_t padded = (size + alignment - 1) / alignment * alignment;
  if (padded > left_) {
    left_ = std::max(padded, arena_block);
    // Not make_unique: it would fill the block with zeros.
    next_ = blocks_.emplace_back(new std::byte[left_]).get();
  }
  left_ -= padded;
  return std::exchange(next_, next_ + padded);
}

ProtobufCAllocator Arena::allocator() {
  return {.alloc = [](void* arena, std::size_t size) { return static_cast<Arena*>(arena)->take(size); },
          .free = [](void*, void*) {},
          .allocator_data = this};
}

const PgQuery__Node* ParseTree::statement() const {
  return result_ && result_->n_stmts > 0 ? result_->stmts[0]->stmt : nullptr;
}

Result<ParseTree, SyntaxError> parse(std::string_view text) {
  const std::string terminated(text);
  const PgQueryProtobufParseResult answer = pg_query_parse_protobuf(terminated.c_str());
  const std::unique_ptr<const PgQueryProtobufParseResult, void (*)(const PgQueryProtobufParseResult*)> freed(
      &answer, [](const PgQueryProtobufParseResult* a) { pg_query_free_protobuf_parse_result(*a); });
  if (answer.error) {
    auto complaint = to_complaint(*answer.error, text);
    return Unexpected{SyntaxError{std::move(complaint.message), complaint.at.value_or(ByteOffset{0})}};
  }
  auto arena = std::make_unique<Arena>();
  ProtobufCAllocator allocator = arena->allocator();
  const PgQuery__ParseResult* const result = pg_query__parse_result__unpack(
      &allocator, answer.parse_tree.len, reinterpret_cast<const std::uint8_t*>(answer.parse_tree.data));
  return ParseTree(std::move(arena), result);
}

std::optional<std::string> parse_plpgsql(std::string_view text) {
  const std::string terminated(text);
  const PgQueryPlpgsqlParseResult answer = pg_query_parse_plpgsql(terminated.c_str());
  const std::unique_ptr<const PgQueryPlpgsqlParseResult, void (*)(const PgQueryPlpgsqlParseResult*)> freed(
      &answer, [](const PgQueryPlpgsqlParseResult* a) { pg_query_free_plpgsql_parse_result(*a); });
  if (answer.error || !answer.plpgsql_funcs) return std::nullopt;
  return answer.plpgsql_funcs;
}

int parser_version() { return PG_VERSION_NUM; }

}  // namespace migrate::sql
