// One entry of the journal, in the native protocol of systemd-journald: fields of a name and any bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace journal {

class Entry {
public:
  // Adds a field. The name is of A-Z, 0-9 and _, and begins with a letter; an empty value is left out.
  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, int64_t value) { add(name, std::string_view{std::to_string(value)}); }

  const std::string &bytes() const { return bytes_; }

private:
  std::string bytes_;
};

} // namespace journal
