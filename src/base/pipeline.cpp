// Two programs, one of which reads what the other one writes.
#include <migrate/base/program.hpp>

#include "base/child.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace migrate {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }
  void close() {
    if (const int old = std::exchange(value_, -1); old >= 0) ::close(old);
  }

 private:
  int value_;
};

// Hands over what comes from one descriptor to another one, between two texts.
class Pump {
 public:
  Pump(int from, int to, std::string_view before, const PipelineFilter& filter)
      : from_(from), to_(to), pending_(before), filter_(filter) {}

  enum class State { at_work, source_ended, reader_gone };

  // Waits for a moment and does what can be done without waiting.
  State go_on(int wake_fd) {
    const bool sends = sent_ < pending_.size();
    std::array<pollfd, 2> watched{
        {{sends ? to_ : from_, static_cast<short>(sends ? POLLOUT : POLLIN), 0}, {wake_fd, POLLIN, 0}}};
    constexpr int moment_ms = 100;
    if (poll(watched.data(), watched.size(), moment_ms) <= 0 || watched[0].revents == 0) return State::at_work;
    return sends ? send_some() : read_some();
  }
  // Behind all that the writer wrote. False: the filter is not content with that.
  bool finish(std::string_view after) {
    if (filter_) {
      auto rest = filter_({});
      if (!rest) return false;
      pending_ += *rest;
    }
    pending_ += after;
    return true;
  }
  [[nodiscard]] bool is_empty() const { return sent_ == pending_.size(); }

 private:
  State send_some() {
    const ssize_t count = ::send(to_, pending_.data() + sent_, pending_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR ? State::at_work : State::reader_gone;
    sent_ += static_cast<std::size_t>(count);
    return State::at_work;
  }
  State read_some() {
    pending_.resize(buffer_size);
    sent_ = 0;
    const ssize_t count = ::read(from_, pending_.data(), pending_.size());
    pending_.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    if (count > 0 && filter_) pending_ = filter_(pending_).value_or(std::string());
    if (count < 0 && errno == EINTR) return State::at_work;
    return count > 0 ? State::at_work : State::source_ended;
  }

  static constexpr std::size_t buffer_size = 65536;
  int from_, to_;
  std::string pending_;
  const PipelineFilter& filter_;
  std::size_t sent_ = 0;
};

}  // namespace

Result<PipelineEnd> run_pipeline(const Pipeline& pipeline) {
  const Program& reader = pipeline.reader;
  const File nothing = scratch_file(), writer_complaint = scratch_file(), out = scratch_file(),
             complaint = scratch_file();
  std::array<int, 2> pipe{}, sockets{};
  if (!nothing || !writer_complaint || !out || !complaint || pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return cannot_run(reader, errno);
  }
  Descriptor from(pipe[0]), written(pipe[1]);
  // A socket, because writing to a pipe that nobody reads would end this process with a signal.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) return cannot_run(reader, errno);
  Descriptor to(sockets[0]), read(sockets[1]);

  MIGRATE_TRY_ASSIGN(const pid_t reading,
                     start_child(reader, {read.get(), fileno(out.get()), fileno(complaint.get())}));
  read.close();
  Ending reader_ending(reading);
  auto writing = start_child(pipeline.writer, {fileno(nothing.get()), written.get(), fileno(writer_complaint.get())});
  written.close();
  if (!writing) {
    to.close();
    wait_for_end(reading, reader.interrupt, reader_ending);
    return Unexpected{std::move(writing).error()};
  }
  Ending writer_ending(*writing);

  PipelineEnd end;
  Pump pump(from.get(), to.get(), pipeline.before, pipeline.filter);
  bool source_ended = false, finished = false;
  while (!(source_ended && pump.is_empty())) {
    if (reader.interrupt && reader.interrupt->raised()) {
      reader_ending.begin();
      writer_ending.begin();
      break;
    }
    const auto state = pump.go_on(reader.interrupt ? reader.interrupt->fd() : -1);
    if (state == Pump::State::reader_gone) {
      end.reader_first = true;
      break;
    }
    if (state == Pump::State::source_ended && !std::exchange(source_ended, true)) {
      end.writer.exit_code = wait_for_end(*writing, reader.interrupt, writer_ending);
      if (!end.writer.ok() || writer_ending.begun() || !pump.finish(pipeline.after)) break;
      finished = true;
    }
  }
  end.complete = finished && pump.is_empty();
  from.close();  // a writer that is still at work learns of it by that
  to.close();
  if (!source_ended) end.writer.exit_code = wait_for_end(*writing, reader.interrupt, writer_ending);
  end.reader.exit_code = wait_for_end(reading, reader.interrupt, reader_ending);
  end.writer.interrupted = writer_ending.begun();
  end.reader.interrupted = reader_ending.begun();
  end.writer.complaint = read_all(writer_complaint.get());
  end.reader.output = read_all(out.get());
  end.reader.complaint = read_all(complaint.get());
  return end;
}

}  // namespace migrate
