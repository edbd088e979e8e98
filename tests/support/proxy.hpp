/// \file
/// Stands between programs and a server on a socket of its own, counts what they ask, and loses what it is told to.
///
/// A question is what a client waits for the answer to: the first packet of a link, a simple query, the Sync of an
/// extended one, the end of COPY data. Cancel requests pass and are not counted.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/temporary_folder.hpp"

namespace migrate::test {

struct Question {
  int number;             ///< from 1, over all links
  char kind;              ///< 'Q', 'S' or 'c' as in the protocol, '0' for the first packet of a link
  std::string_view text;  ///< all that was sent since the last question
};

enum class Fate {
  pass,
  drop_question,  ///< it never reaches the server, and the link is gone
  drop_answer,    ///< it reaches the server, but its whole answer is lost, and the link with it
  strand_server,  ///< it never reaches the server, which keeps waiting for it
};

struct Sentence {
  Fate fate = Fate::pass;
  /// Done when the question was passed on, or when its answer is complete and lost, before the link is cut.
  std::function<void()> then = {};
};

class Proxy {
 public:
  /// Called in the proxy's thread.
  using Judge = std::function<Sentence(const Question&)>;

  explicit Proxy(std::filesystem::path server_socket);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  [[nodiscard]] std::string conninfo(std::string_view database) const;
  /// The same as postgresql://...
  [[nodiscard]] std::string url(std::string_view database) const;

  /// Nothing more is lost after an empty one. Questions are counted from 1 again.
  void set_judge(Judge judge);
  /// Of all kinds, since the last set_judge().
  [[nodiscard]] int questions() const { return questions_; }
  /// Newcomers are refused as a server does it: no use in trying again.
  void hide(bool hidden) { hidden_ = hidden; }
  /// Ends the links of strand_server.
  void let_go_of_stranded();

 private:
  struct Link;

  void serve();
  void accept_one();
  void from_client(Link& link);
  void from_server(Link& link);
  void put(Link& link, char kind, std::string_view text);
  [[nodiscard]] int connect_server() const;

  TemporaryFolder folder_;
  std::filesystem::path server_;
  int listener_ = -1;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<int> stranded_;
  std::shared_ptr<Judge> judge_;
  std::mutex mutex_;  // of the judge and the stranded
  std::atomic<int> questions_{0};
  std::atomic<bool> hidden_{false};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace migrate::test
