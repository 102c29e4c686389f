#include "entry.hpp"

namespace journal {

void Entry::add(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  bytes_ += name;
  if (value.find('\n') == std::string_view::npos) {
    bytes_ += '=';
  } else {
    // What has lines of its own goes with its length: 64 bits, least significant byte first.
    bytes_ += '\n';
    for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(uint64_t{value.size()} >> shift & 0xff);
  }
  bytes_ += value;
  bytes_ += '\n';
}

} // namespace journal
