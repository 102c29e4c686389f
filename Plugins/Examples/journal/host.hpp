// The host, as C++ would have it. Nothing here is called before `start`.
#pragma once

#include <carillon/carillon.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace journal {

// What the host gave at `start`.
struct Host {
  const carillon_host *host = nullptr;
  const carillon_host_delivery_1 *delivery = nullptr;
  const carillon_host_json_1 *json = nullptr;
  const carillon_host_log_1 *log = nullptr;
};

extern Host host;

inline std::string_view view(carillon_str text) { return text.len > 0 ? std::string_view{text.ptr, text.len} : ""; }
inline carillon_str str(std::string_view text) { return {text.data(), text.size()}; }

// Thrown inside, and turned into a status at the boundary.
struct Failure : std::runtime_error {
  Failure(carillon_status status, const std::string &message) : std::runtime_error(message), status(status) {}
  carillon_status status;
};

// The string at a JSON Pointer, or any other value as JSON; nothing when there is none.
std::optional<std::string> text_at(std::string_view document, const std::string &pointer);

// The name of a member of the object at a pointer, counted from 0.
std::string name_at(std::string_view document, const std::string &pointer, uint64_t index);

// The members of the object at a pointer; 0 when there is none.
uint64_t count_at(std::string_view document, const std::string &pointer);

} // namespace journal
