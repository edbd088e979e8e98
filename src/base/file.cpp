#include <migrate/base/file.hpp>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/system_error.hpp>

namespace migrate {
namespace {

namespace fs = std::filesystem;

Unexpected<Failure> unreadable(const fs::path& path, std::string_view reason, std::string help) {
  return fail(error("unreadable-file", fmt::format("cannot read `{}`: {}", path.string(), reason))
                  .in_file(path.string())
                  .help(std::move(help)));
}

Unexpected<Failure> unreadable(const fs::path& path, int code) {
  const auto help = code == ENOENT || code == ENOTDIR ? "check the path" : "check the permissions of the file";
  return unreadable(path, reason_of(code), help);
}

std::string writing_help(const fs::path& path, int code) {
  const auto folder = path.has_parent_path() ? path.parent_path().string() : std::string{"."};
  switch (code) {
    case ENOSPC:
    case EDQUOT: return fmt::format("make room on the file system of `{}`, then run the command again", folder);
    case ENOENT:
    case ENOTDIR: return fmt::format("create the folder: mkdir -p {}", folder);
    case EISDIR: return "name a file, not a folder";
    default: return fmt::format("check the permissions of `{}` and of its folder", path.string());
  }
}

Unexpected<Failure> unwritable(const fs::path& path, int code) {
  return fail(error("unwritable-file", fmt::format("cannot write `{}`: {}", path.string(), reason_of(code)))
                  .in_file(path.string())
                  .help(writing_help(path, code)));
}

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  /// Some file systems (NFS, quotas) tell only here that the disk is full. Errors: the errno; 0 if none.
  int close() { return ::close(std::exchange(number_, -1)) == 0 ? 0 : errno; }

 private:
  int number_;
};

/// Removes its file unless told that it was kept.
class TemporaryFile {
 public:
  explicit TemporaryFile(fs::path path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!kept_) ::unlink(path_.c_str());
  }
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool kept_ = false;
};

/// Errors: the errno; 0 if none.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

int sync(int descriptor) {
  // EINVAL: the file system has no such thing, which is no reason to refuse.
  return ::fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno;
}

void sync_folder_of(const fs::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.is_open()) ::fsync(descriptor.get());
}

struct NewFile {
  Descriptor descriptor;
  fs::path path;
};

/// Not mkstemp: it ignores the umask, and a new file shall have the permissions that any editor would give it.
/// Errors: an invalid descriptor, with errno set.
NewFile create_beside(const fs::path& path) {
  for (int attempt = 0;; ++attempt) {
    auto name = path.parent_path() / fmt::format(".migrate-{}-{}.tmp", ::getpid(), attempt);
    Descriptor descriptor(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (descriptor.is_open() || errno != EEXIST || attempt == 1000) return {std::move(descriptor), std::move(name)};
  }
}

/// Devices and pipes are written to: a rename would replace /dev/null.
Result<void> write_in_place(const fs::path& path, std::string_view text) {
  Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!descriptor.is_open()) return unwritable(path, errno);
  if (const int code = write_all(descriptor.get(), text); code != 0) return unwritable(path, code);
  if (const int code = descriptor.close(); code != 0) return unwritable(path, code);
  return {};
}

void copy_owner_and_mode(int descriptor, const struct stat& existing) {
  // Only root may give files away; others own the new file, as after any editor's save.
  if (::fchown(descriptor, existing.st_uid, existing.st_gid) != 0) errno = 0;
  if (::fchmod(descriptor, existing.st_mode & 07777U) != 0) errno = 0;
}

}  // namespace

Result<std::string> read_file(const fs::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.is_open()) return unreadable(path, errno);
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return unreadable(path, errno);
  if (S_ISDIR(status.st_mode)) return unreadable(path, "it is a folder", "name a file in it");

  // One byte more than the size lets the usual file end with the second read, at no growth.
  std::string text(static_cast<std::size_t>(status.st_size) + 1, '\0');
  std::size_t size = 0;
  for (;;) {
    if (size == text.size()) text.resize(text.size() * 2 + 4096);
    const auto got = ::read(descriptor.get(), text.data() + size, text.size() - size);
    if (got == 0) break;
    if (got > 0)
      size += static_cast<std::size_t>(got);
    else if (errno != EINTR)
      return unreadable(path, errno);
  }
  text.resize(size);
  return text;
}

Result<void> write_file_atomically(const fs::path& path, std::string_view text) {
  // A link keeps pointing where it points; its target is what gets replaced.
  std::error_code ignored;
  const auto target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : path;

  struct stat existing {};
  const bool exists = ::stat(target.c_str(), &existing) == 0;
  if (exists && S_ISDIR(existing.st_mode)) return unwritable(path, EISDIR);
  if (exists && !S_ISREG(existing.st_mode)) return write_in_place(path, text);
  if (exists && ::access(target.c_str(), W_OK) != 0) return unwritable(path, errno);

  auto [descriptor, name] = create_beside(target);
  if (!descriptor.is_open()) return unwritable(path, errno);
  TemporaryFile temporary(name);
  if (exists) copy_owner_and_mode(descriptor.get(), existing);
  if (const int code = write_all(descriptor.get(), text); code != 0) return unwritable(path, code);
  if (const int code = sync(descriptor.get()); code != 0) return unwritable(path, code);
  if (const int code = descriptor.close(); code != 0) return unwritable(path, code);
  if (::rename(name.c_str(), target.c_str()) != 0) return unwritable(path, errno);
  temporary.keep();
  sync_folder_of(target);
  return {};
}

}  // namespace migrate
