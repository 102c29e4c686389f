// A datagram socket to a journal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace journal {

// A file descriptor, closed with its owner.
class Descriptor {
public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor &&other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor &operator=(Descriptor &&other) noexcept;
  Descriptor(const Descriptor &) = delete;
  Descriptor &operator=(const Descriptor &) = delete;

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void reset();

private:
  int number_;
};

class Socket {
public:
  explicit Socket(std::string path) : path_(std::move(path)) {}

  // Connects, if it is not connected. 0, or errno.
  int connect();

  // Sends one datagram; one that is too long goes as a sealed file in memory. Waits until `until_ns` (CLOCK_MONOTONIC)
  // for the other side to take it. 0, or errno: then nothing was sent; ETIMEDOUT: the other side is busy.
  int send(std::string_view datagram, int64_t until_ns);

  void close() { socket_.reset(); }

private:
  int send_once(std::string_view datagram);
  int send_file(std::string_view content);
  int wait(int64_t until_ns);

  std::string path_;
  Descriptor socket_;
};

// CLOCK_MONOTONIC.
int64_t monotonic_ns();

} // namespace journal
