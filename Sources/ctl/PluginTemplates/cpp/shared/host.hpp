// What the host offers, for C++: errors as exceptions that stop at the boundary, JSON as values.
#ifndef HOST_HPP
#define HOST_HPP

#include <carillon/carillon.h>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace host {

inline carillon_str borrow(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(carillon_str text) { return {text.ptr, text.len}; }

// The host's tables, from `start` on; logger and delivery may be null.
inline const carillon_host *core = nullptr;
inline const carillon_host_json_1 *json = nullptr;
inline const carillon_host_log_1 *logger = nullptr;
inline const carillon_host_delivery_1 *delivery = nullptr;

inline carillon_status start(const carillon_host *given, carillon_error *error) noexcept {
  core = given;
  const auto table = [given](const char *id) { return given->interface(given->context, id); };
  json = static_cast<const carillon_host_json_1 *>(table(CARILLON_HOST_JSON_1));
  logger = static_cast<const carillon_host_log_1 *>(table(CARILLON_HOST_LOG_1));
  delivery = static_cast<const carillon_host_delivery_1 *>(table(CARILLON_HOST_DELIVERY_1));
  if (json != nullptr) return CARILLON_OK;
  given->fail(error, CARILLON_UNSUPPORTED, borrow("this agent has no " CARILLON_HOST_JSON_1));
  return CARILLON_UNSUPPORTED;
}

inline void info(std::string_view instance, std::string_view message) {
  if (logger != nullptr) logger->write(logger->context, CARILLON_LOG_INFO, borrow(instance), borrow(message));
}

// One fault in a document: where it is, a stable word, and a sentence.
class Violation : public std::exception {
 public:
  Violation(std::string pointer, std::string code, std::string message)
      : pointer_(std::move(pointer)), code_(std::move(code)), message_(std::move(message)) {}
  const char *what() const noexcept override { return message_.c_str(); }
  void tell(carillon_error *error) const noexcept {
    core->violation(error, borrow(pointer_), borrow(code_), borrow(message_));
  }

 private:
  std::string pointer_, code_, message_;
};

// A call of the host's that failed, with its status.
class Failure : public std::exception {
 public:
  explicit Failure(carillon_status status) : status_(status) {}
  carillon_status status() const noexcept { return status_; }
  const char *what() const noexcept override { return "the host refused a call"; }

 private:
  carillon_status status_;
};

// Every function that the host calls is inside this: no exception crosses the boundary.
template <typename Body>
carillon_status guarded(carillon_error *error, Body body) noexcept {
  const auto fail = [error](carillon_status status, const char *message) {
    core->fail(error, status, borrow(message));
    return status;
  };
  try {
    body();
    return CARILLON_OK;
  } catch (const Violation &violation) {
    violation.tell(error);
    return CARILLON_INVALID;
  } catch (const Failure &failure) {
    return fail(failure.status(), failure.what());
  } catch (const std::bad_alloc &) {
    return fail(CARILLON_BUSY, "there is no memory");
  } catch (const std::exception &other) {
    return fail(CARILLON_FAILED, other.what());
  } catch (...) {
    return fail(CARILLON_FAILED, "an exception of unknown type");
  }
}

// The host calls this in the middle of a call of its own: what is thrown here waits until that has returned.
struct Taken {
  std::string text;
  std::exception_ptr thrown;

  static void take(void *context, carillon_str text) noexcept {
    auto *taken = static_cast<Taken *>(context);
    try {
      taken->text.assign(text.ptr, text.len);
    } catch (...) {
      taken->thrown = std::current_exception();
    }
  }

  std::string get(carillon_status status) && {
    if (thrown) std::rethrow_exception(thrown);
    if (status != CARILLON_OK) throw Failure(status);
    return std::move(text);
  }
};

// A document that the host has checked against its schema.
class Document {
 public:
  explicit Document(carillon_str text) : text_(text) {}

  std::optional<std::string> text(std::string_view pointer) const {
    Taken taken;
    const auto status = json->text(json->context, text_, borrow(pointer), Taken::take, &taken, nullptr);
    if (status == CARILLON_NOT_FOUND) return std::nullopt;
    return std::move(taken).get(status);
  }

  std::optional<double> number(std::string_view pointer) const {
    carillon_json value{};
    value.struct_size = sizeof value;
    const auto status = json->get(json->context, text_, borrow(pointer), &value, nullptr);
    if (status == CARILLON_NOT_FOUND) return std::nullopt;
    if (status != CARILLON_OK) throw Failure(status);
    return value.number;
  }

 private:
  carillon_str text_;
};

// A text as JSON has it, quoted.
inline std::string quote(carillon_str text) {
  Taken taken;
  const auto status = json->quote(json->context, text, Taken::take, &taken);
  return std::move(taken).get(status);
}

}  // namespace host

#endif
