// An instance: a configuration, and a socket.
#pragma once

#include "entry.hpp"
#include "host.hpp"
#include "socket.hpp"
#include <utility>
#include <vector>

namespace journal {

struct Configuration {
  std::string socket = "/run/systemd/journal/socket";
  std::string identifier = "carillon";
  int priority = 6; // as in syslog: 0 is an emergency, 7 for finding faults
  std::vector<std::pair<std::string, std::string>> fields;

  // Throws `Failure`.
  explicit Configuration(std::string_view document);
};

class Sink {
public:
  // Throws `Failure`.
  Sink(std::string_view name, std::string_view configuration)
    : name_(name), configuration_(configuration), socket_(configuration_.socket) {}

  // Connects. That nobody listens yet is only said: deliveries are tried again until somebody does.
  void activate();
  void deactivate() { socket_.close(); }

  // Sends them, one after the other, and completes each. Throws nothing: what goes wrong with one is its own result.
  void deliver(const carillon_delivery *const *deliveries, size_t count) noexcept;

private:
  Entry entry(const carillon_delivery &delivery) const;
  int send(const carillon_delivery &delivery, int64_t until_ns) noexcept;

  std::string name_;
  Configuration configuration_;
  Socket socket_;
};

} // namespace journal
