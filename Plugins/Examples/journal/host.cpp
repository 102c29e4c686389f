#include "host.hpp"
#include <exception>

namespace journal {

Host host;

namespace {

// What a callback takes. Nothing may be thrown through the host, so what goes wrong is kept until it has returned.
struct Taken {
  std::string text;
  bool has_failed = false;

  static void take(void *context, carillon_str text) noexcept {
    auto *taken = static_cast<Taken *>(context);
    try {
      taken->text = view(text);
    } catch (...) {
      taken->has_failed = true;
    }
  }
};

// False: nothing is there.
bool is_there(carillon_status status, const std::string &pointer) {
  if (status == CARILLON_NOT_FOUND) return false;
  if (status != CARILLON_OK) throw Failure(status, "the configuration cannot be read at " + pointer);
  return true;
}

std::string result(const Taken &taken) {
  if (taken.has_failed) throw std::bad_alloc();
  return taken.text;
}

} // namespace

std::optional<std::string> text_at(std::string_view document, const std::string &pointer) {
  Taken taken;
  auto status =
    host.json->text(host.json->context, str(document), str(pointer), Taken::take, &taken, nullptr);
  if (!is_there(status, pointer)) return std::nullopt;
  return result(taken);
}

std::string name_at(std::string_view document, const std::string &pointer, uint64_t index) {
  Taken taken;
  auto status =
    host.json->name(host.json->context, str(document), str(pointer), index, Taken::take, &taken, nullptr);
  if (!is_there(status, pointer)) throw Failure(CARILLON_INVALID, "there is no such member at " + pointer);
  return result(taken);
}

uint64_t count_at(std::string_view document, const std::string &pointer) {
  carillon_json found{};
  found.struct_size = sizeof found;
  auto status = host.json->get(host.json->context, str(document), str(pointer), &found, nullptr);
  return is_there(status, pointer) ? found.count : 0;
}

} // namespace journal
