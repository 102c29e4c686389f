// __NAME__: a sink in C++. It appends each message to a file, as a line of JSON:
//
//   {"path": "/var/lib/__NAME__/messages.jsonl", "max_bytes": 10485760}
//
// `deliver` writes and completes before it returns, so that nothing is under way between two calls: there is nothing to
// cancel, to wait for or to clean up. README.md says when that is not enough.
#include "host.hpp"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

// ---- The configuration. The host has checked it against the schema already. ----

struct carillon_instance {
  std::string name;
  std::string path;
  std::int64_t max_bytes;
};

namespace {

constexpr std::int64_t usual_max_bytes = 10 * 1024 * 1024;
constexpr std::size_t path_bytes_most = 4095;

std::string checked_path(std::string path) {
  const auto refuse = [](const char *message) { throw host::Violation("/path", "path", message); };
  if (path.empty() || path.front() != '/') refuse("must be an absolute path");
  if (path.back() == '/') refuse("names a folder; it must name a file");
  if (path.size() > path_bytes_most) refuse("has more than 4095 bytes");
  if (path.find('\0') != std::string::npos) refuse("has a NUL in it");
  return path;
}

carillon_instance read_configuration(carillon_str name, carillon_str text) {
  const host::Document document(text);
  return {std::string(host::view(name)), checked_path(document.text("/path").value_or("")),
          static_cast<std::int64_t>(document.number("/max_bytes").value_or(usual_max_bytes))};
}

// ---- The file. Opened for each batch, so that it may be moved away (logrotate) at any time. ----

class File {
 public:
  explicit File(const std::string &path)
      : descriptor_(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                         S_IRUSR | S_IWUSR)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), path);
    struct stat status;
    const bool is_file = fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    end_ = status.st_size;
    if (is_file) return;
    close(descriptor_);
    throw std::runtime_error(path + ": is no regular file");
  }
  ~File() { close(descriptor_); }
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  // Where the next line goes, in bytes from the start.
  std::int64_t end() const { return end_; }

  // All of it or nothing: half a line would spoil the next one. Answers 0, or errno.
  int append(std::string_view line) {
    std::size_t done = 0;
    while (done < line.size()) {
      const auto written = write(descriptor_, line.data() + done, line.size() - done);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) {
        int code = written < 0 ? errno : EIO;
        if (done > 0 && ftruncate(descriptor_, end_) != 0) code = errno;
        return code;
      }
      done += static_cast<std::size_t>(written);
    }
    end_ += static_cast<std::int64_t>(line.size());
    return 0;
  }

  // Waits until the disk has all of it. Answers 0, or errno.
  int sync() { return fdatasync(descriptor_) == 0 ? 0 : errno; }

 private:
  int descriptor_;
  std::int64_t end_ = 0;
};

// The key is the same on every attempt: who reads the file can tell a line that came twice.
std::string line_of(const carillon_delivery &one) {
  return "{\"key\":" + host::quote(one.idempotency_key) + ",\"type\":" + host::quote(one.event->type) +
         ",\"title\":" + host::quote(one.message->title) + ",\"text\":" + host::quote(one.message->text) + "}\n";
}

// ---- Delivering. ----

struct Attempt {
  std::int32_t outcome = CARILLON_RETRY;
  const char *code = "";
  const char *detail = "";
  std::string receipt;

  carillon_result result() const {
    carillon_result result{};
    result.struct_size = sizeof result;
    result.outcome = outcome;
    result.code = host::borrow(code);
    result.detail = host::borrow(detail);
    result.receipt = host::borrow(receipt);
    return result;
  }
};

Attempt attempt(const carillon_instance &sink, File &file, const carillon_delivery &one) {
  const std::string line = line_of(one);
  if (static_cast<std::int64_t>(line.size()) > sink.max_bytes - file.end())
    return {CARILLON_RETRY, "file-full", "the file has reached max_bytes; move it away", ""};
  std::string receipt = "byte " + std::to_string(file.end());
  if (const int code = file.append(line)) return {CARILLON_RETRY, "write-failed", std::strerror(code), ""};
  return {CARILLON_DELIVERED, "", "", std::move(receipt)};
}

// What was written and perhaps never reached the disk is neither delivered nor certain to be missing.
void sync(File &file, std::vector<Attempt> &attempts) noexcept {
  const int code = file.sync();
  if (code == 0) return;
  for (auto &one : attempts)
    if (one.outcome == CARILLON_DELIVERED) one = {CARILLON_UNKNOWN, "sync-failed", std::strerror(code), ""};
}

// From the first line written on nothing may throw: what was taken is completed.
void complete(const carillon_delivery *const *deliveries, const std::vector<Attempt> &attempts,
              std::vector<carillon_ticket> &tickets, std::vector<carillon_result> &results,
              std::vector<const carillon_result *> &pointers) noexcept {
  for (std::size_t i = 0; i < attempts.size(); i++) {
    tickets[i] = deliveries[i]->ticket;
    results[i] = attempts[i].result();
    pointers[i] = &results[i];
  }
  host::delivery->complete(host::delivery->context, tickets.data(), pointers.data(), tickets.size());
}

carillon_status deliver(carillon_instance *sink, const carillon_delivery *const *deliveries, std::size_t count,
                        carillon_error *error) {
  return host::guarded(error, [&] {
    if (count == 0) return;
    File file(sink->path);  // an error here, or in one of the next two lines: none was taken
    std::vector<Attempt> attempts(count);
    std::vector<carillon_ticket> tickets(count);
    std::vector<carillon_result> results(count);
    std::vector<const carillon_result *> pointers(count);
    for (std::size_t i = 0; i < count; i++) {
      try {
        attempts[i] = attempt(*sink, file, *deliveries[i]);
      } catch (const std::exception &) {
        attempts[i].code = "no-memory";
      }
    }
    sync(file, attempts);
    complete(deliveries, attempts, tickets, results, pointers);
  });
}

// ---- The rest of the interface. ----

carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance, carillon_error *error) {
  return host::guarded(error, [&] {
    *instance = std::make_unique<carillon_instance>(read_configuration(name, config)).release();
  });
}

// Better an error now than at the first delivery.
carillon_status activate(carillon_instance *sink, carillon_error *error) {
  return host::guarded(error, [&] {
    File file(sink->path);
    host::info(sink->name, "the file can be written");
  });
}

void cancel(carillon_instance *, const carillon_ticket *, std::size_t) {}  // `deliver` ends each ticket soon

carillon_status drain(carillon_instance *, std::uint64_t) { return CARILLON_OK; }  // nothing is under way

void deactivate(carillon_instance *) {}

void destroy(carillon_instance *sink) { delete sink; }

const carillon_sink_1 sink_table = {sizeof(carillon_sink_1), CARILLON_SERIAL, create,     activate, deliver,
                                    cancel,                  drain,           deactivate, destroy};

// ---- The entry. ----

carillon_status start(const carillon_host *given, carillon_error *error) {
  const auto status = host::start(given, error);
  if (status != CARILLON_OK || host::delivery != nullptr) return status;
  given->fail(error, CARILLON_UNSUPPORTED, host::borrow("this agent has no " CARILLON_HOST_DELIVERY_1));
  return CARILLON_UNSUPPORTED;
}

void stop() {}

const void *interface(const char *id) { return std::strcmp(id, CARILLON_SINK_1) == 0 ? &sink_table : nullptr; }

const carillon_plugin plugin = {
    sizeof(carillon_plugin), CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, start, stop, interface};

}  // namespace

extern "C" const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
