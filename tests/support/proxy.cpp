#include "support/proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace migrate::test {
namespace {

constexpr std::uint32_t cancel_request = 80877102;
constexpr std::size_t length_size = 4;

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + text);
  text.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string read_some(int fd) {
  std::string bytes(65536, '\0');
  const auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < length_size; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

/// Size of the message at the start of `bytes`, whose length stands at `at`; 0 while it has not come as a whole.
std::size_t message_size(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + length_size) return 0;
  const std::size_t size = at + number_at(bytes, at);
  return bytes.size() < size ? 0 : size;
}

bool ends_question(char kind) { return kind == 'Q' || kind == 'S' || kind == 'c' || kind == 'f'; }
// Data and good-byes need not wait for more. The parts of an extended query do: the server acts on each as it comes.
bool passes_at_once(char kind) { return kind == 'd' || kind == 'X' || kind == 'p'; }

}  // namespace

struct Proxy::Link {
  int client = -1, server = -1;
  bool started = false;  // the first packet has no kind
  std::string asked;     // by the client, not yet a whole question
  std::string answered;  // by the server, not yet a whole message; kept while an answer is to be lost only
  bool loses_answer = false;
  std::function<void()> then;

  [[nodiscard]] bool open() const { return client >= 0; }
  void close() {
    if (client >= 0) ::close(client);
    if (server >= 0) ::close(server);
    client = server = -1;
  }
};

Proxy::Proxy(std::filesystem::path server_socket) : server_(std::move(server_socket)) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_of(folder_ / ".s.PGSQL.5432");
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 64) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  thread_ = std::thread([this] { serve(); });
}

Proxy::~Proxy() {
  ending_ = true;
  thread_.join();
  for (auto& link : links_) link->close();
  let_go_of_stranded();
  ::close(listener_);
}

std::string Proxy::conninfo(std::string_view database) const {
  return fmt::format("host={} hostaddr='' port=5432 user=postgres dbname={}", folder_.path().string(), database);
}

std::string Proxy::url(std::string_view database) const {
  return fmt::format("postgresql://postgres@/{}?host={}&port=5432", database, folder_.path().string());
}

void Proxy::set_judge(Judge judge) {
  const std::scoped_lock guard(mutex_);
  judge_ = std::make_shared<Judge>(std::move(judge));
  questions_ = 0;
}

void Proxy::let_go_of_stranded() {
  const std::scoped_lock guard(mutex_);
  for (const int fd : std::exchange(stranded_, {})) ::close(fd);
}

int Proxy::connect_server() const {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_of(server_);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

void Proxy::serve() {
  while (!ending_) {
    std::erase_if(links_, [](const auto& link) { return !link->open(); });
    std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
    for (const auto& link : links_) {
      waiting.push_back({link->client, POLLIN, 0});
      waiting.push_back({link->server, POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), 20) <= 0) continue;
    // What the server said before counts before what the client says next.
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (waiting[2 + 2 * i].revents != 0) from_server(*links_[i]);
      if (links_[i]->open() && waiting[1 + 2 * i].revents != 0) from_client(*links_[i]);
    }
    if (waiting[0].revents != 0) accept_one();
  }
}

void Proxy::accept_one() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = hidden_ ? -1 : connect_server();
  if (server >= 0) {
    auto link = std::make_unique<Link>();
    link->client = client;
    link->server = server;
    links_.push_back(std::move(link));
    return;
  }
  if (hidden_) {
    read_some(client);
    static constexpr char refusal[] = "E\0\0\0\x21SFATAL\0C28000\0Mgone for good\0";
    write_all(client, std::string_view(refusal, sizeof refusal));
  }
  ::close(client);
}

void Proxy::from_client(Link& link) {
  const std::string bytes = read_some(link.client);
  if (bytes.empty()) return link.close();
  link.asked += bytes;
  std::size_t at = 0;  // where the message begins that is looked at; what stands before it belongs to the question
  while (link.open()) {
    const std::string_view rest = std::string_view(link.asked).substr(at);
    const std::size_t size = message_size(rest, link.started ? 1 : 0);
    if (size == 0) return;
    const char kind = link.started ? rest.front() : '0';
    const bool cancel = !link.started && number_at(rest, length_size) == cancel_request;
    link.started = true;
    at += size;
    if (passes_at_once(kind) || cancel) {
      write_all(link.server, std::string_view(link.asked).substr(0, at));
    } else if (kind == '0' || ends_question(kind)) {
      put(link, kind, std::string_view(link.asked).substr(0, at));
    } else {
      continue;
    }
    link.asked.erase(0, at);
    at = 0;
  }
}

void Proxy::put(Link& link, char kind, std::string_view text) {
  std::shared_ptr<Judge> judge;
  {
    const std::scoped_lock guard(mutex_);
    judge = judge_;
  }
  const int number = ++questions_;
  Sentence sentence = judge && *judge ? (*judge)({number, kind, text}) : Sentence{};
  if (sentence.fate == Fate::pass || sentence.fate == Fate::drop_answer) write_all(link.server, text);
  if (sentence.fate == Fate::drop_answer) {
    link.loses_answer = true;
    link.then = std::move(sentence.then);
    return;
  }
  if (sentence.then) sentence.then();
  if (sentence.fate == Fate::pass) return;
  if (sentence.fate == Fate::strand_server) {
    const std::scoped_lock guard(mutex_);
    stranded_.push_back(std::exchange(link.server, -1));
  }
  link.close();
}

void Proxy::from_server(Link& link) {
  const std::string bytes = read_some(link.server);
  if (!link.loses_answer) {
    if (bytes.empty()) return link.close();
    return write_all(link.client, bytes);
  }
  link.answered += bytes;
  bool complete = bytes.empty();
  while (const std::size_t size = message_size(link.answered, 1)) {
    const char kind = link.answered.front();
    complete = complete || kind == 'Z' || kind == 'G';
    link.answered.erase(0, size);
  }
  if (!complete) return;
  if (link.then) link.then();
  link.close();
}

}  // namespace migrate::test
