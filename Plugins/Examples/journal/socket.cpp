#include "socket.hpp"
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace journal {

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept {
  if (this != &other) {
    reset();
    number_ = other.number_;
    other.number_ = -1;
  }
  return *this;
}

void Descriptor::reset() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

int Socket::connect() {
  if (socket_) return 0;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) return ENAMETOOLONG;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  Descriptor made{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!made) return errno;
  if (::connect(made.number(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) return errno;
  socket_ = std::move(made);
  return 0;
}

int Socket::send(std::string_view datagram, int64_t until_ns) {
  bool is_renewed = false;
  for (;;) {
    if (int error = connect(); error != 0) return error;
    int error = send_once(datagram);
    switch (error) {
    case EINTR: continue;
    case EAGAIN:
      if (int waited = wait(until_ns); waited != 0) return waited;
      continue;
    case ECONNREFUSED:
    case ECONNRESET:
    case ENOTCONN:
    case EPIPE: // the other side was started anew: its socket is another one
      socket_.reset();
      if (is_renewed) return error;
      is_renewed = true;
      continue;
    default: return error;
    }
  }
}

int Socket::send_once(std::string_view datagram) {
  if (::send(socket_.number(), datagram.data(), datagram.size(), MSG_NOSIGNAL) >= 0) return 0;
  return errno == EMSGSIZE || errno == ENOBUFS ? send_file(datagram) : errno;
}

// How the protocol has it: an empty datagram with the descriptor of a file that nobody can change any more.
int Socket::send_file(std::string_view content) {
  Descriptor file{memfd_create("journal-entry", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  if (!file) return errno;
  while (!content.empty()) {
    ssize_t count = ::write(file.number(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    content.remove_prefix(static_cast<size_t>(count));
  }
  int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (fcntl(file.number(), F_ADD_SEALS, seals) != 0) return errno;

  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  int number = file.number();
  std::memcpy(CMSG_DATA(header), &number, sizeof number);
  return ::sendmsg(socket_.number(), &message, MSG_NOSIGNAL) >= 0 ? 0 : errno;
}

int Socket::wait(int64_t until_ns) {
  int64_t left = until_ns - monotonic_ns();
  if (left <= 0) return ETIMEDOUT;
  pollfd watched{socket_.number(), POLLOUT, 0};
  int count = poll(&watched, 1, static_cast<int>(left / 1'000'000 + 1));
  if (count > 0) return 0;
  return count == 0 ? ETIMEDOUT : errno == EINTR ? 0 : errno;
}

} // namespace journal
