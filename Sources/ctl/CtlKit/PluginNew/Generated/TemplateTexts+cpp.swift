// swift-format-ignore-file
// Written by deploy/templates.sh (make templates) from Sources/ctl/PluginTemplates/cpp. Do not edit.

extension TemplateTexts {
  static let cpp: [TemplateFile] = [
    TemplateFile(part: "event-type", path: "README.md", text: ##"""
# __NAME__

In C++17: an event type that rings every so many days, from a day on. It is a beginning: change when it rings, and what it
says.

- Needs: make, pkg-config, a C++17 compiler, and an installed Carillon.
- Start reading at `manifest.json`, then `plugin.cpp` from its end; `host.hpp` is what the host offers.

## Build, check, try

```
make            # where pkg-config finds no Carillon: export PKG_CONFIG_PATH=PREFIX/lib/pkgconfig
make check      # ctl plugin check: what every plugin must pass
make run        # ctl plugin run: what it does, without an agent
make install
```

| member of a definition | what | when absent |
|---|---|---|
| `title` | what it is about, 1 to 200 characters | it must be there |
| `from` | the first day, `2026-01-01` | it must be there |
| `every` | so many days apart, 1 to 3,660 | it must be there |
| `at` | local time, `08:30` | `09:00` |

## Install

`make install` copies the library into the folder where the agent of that installation looks for plugins. Then tell the
agent of it, and make a schedule:

```
ctl plugin load libcarillon-__NAME__.so
ctl schedule create plants --event-type __NAME__ --set title="Water the plants" --set from=2026-01-01 --set every=3
ctl schedule preview plants
```

## Debug

`make run` tells when the plugin crashes, and the command that shows where:

```
gdb -ex run -ex bt --args ctl plugin run --here ./libcarillon-__NAME__.so __RUN__
```

With AddressSanitizer:

```
make clean && make CXXFLAGS="-O1 -g -fsanitize=address" LDFLAGS=-fsanitize=address
LD_PRELOAD=$(g++ -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 make run
```

## What it shows

- **Local time**: it answers in local time, and the agent converts, also where clocks are put forward or back.
- **Pure**: `next` goes on from the cursor that it is handed and keeps nothing, so that the same question has the same
  answer on every machine. Its calls may overlap.
- **Keys** are days: the same though the hour or the zone changes, so that nothing rings twice.
- **Faults** of a definition are told with their place, such as `/from`.
- **Exceptions** stop in `host::guarded`, which every function of the boundary that may throw is inside of.

"""##),
    TemplateFile(part: "event-type", path: "definition.json", text: ##"""
{"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}

"""##),
    TemplateFile(part: "event-type", path: "manifest.json", text: ##"""
{
  "id": "org.example.__NAME__",
  "name": "__NAME__",
  "version": "0.1.0",
  "vendor": "Example",
  "license": "0BSD",
  "summary": "Every so many days, from a day on.",
  "provides": ["carillon.event-type/1"],
  "requires": ["carillon.host.json/1"],
  "reads": [],
  "permissions": [],
  "schemas": {
    "configuration": {"type": "object", "additionalProperties": false},
    "definition": {
      "type": "object",
      "required": ["title", "from", "every"],
      "additionalProperties": false,
      "properties": {
        "title": {"description": "What it is about.", "type": "string", "minLength": 1, "maxLength": 200},
        "from": {"description": "The first day.", "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "every": {"description": "So many days apart.", "type": "integer", "minimum": 1, "maximum": 3660},
        "at": {
          "description": "When on the day, local time; 09:00 when absent.",
          "type": "string",
          "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        }
      },
      "examples": [
        {"title": "Water the plants", "from": "2026-01-01", "every": 3},
        {"title": "Back up", "from": "2024-02-29", "every": 1, "at": "02:30"}
      ]
    },
    "data": {"type": "object", "properties": {"number": {"type": "integer"}}}
  }
}

"""##),
    TemplateFile(part: "event-type", path: "plugin.cpp", text: ##"""
// __NAME__: an event type in C++. It rings every so many days, from a day on:
//
//   {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
//
// It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so that
// they may overlap, and the same question always has the same answer.
#include "host.hpp"
#include <array>
#include <cstdio>
#include <cstring>

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

namespace {

constexpr std::int32_t year_most = 9999;
constexpr int every_most = 3660;

// ---- Days: the Gregorian calendar, numbered from 0000-03-01, so that a leap day is a year's last. ----

int days_in(std::int32_t year, int month) {
  static constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : lengths[static_cast<std::size_t>(month - 1)];
}

std::int32_t day_number(std::int32_t year, int month, int day) {
  const std::int32_t y = month > 2 ? year : year - 1;
  const std::int32_t m = month > 2 ? month - 3 : month + 9;
  return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

std::int32_t day_number(const carillon_civil &civil) { return day_number(civil.year, civil.month, civil.day); }

carillon_civil civil_of(std::int32_t number) {
  const std::int32_t era = number / 146097, in_era = number % 146097;
  const std::int32_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  const std::int32_t in_year = in_era - (365 * y + y / 4 - y / 100);
  const std::int32_t m = (5 * in_year + 2) / 153;
  carillon_civil civil{};
  civil.month = static_cast<std::uint8_t>(m < 10 ? m + 3 : m - 9);
  civil.day = static_cast<std::uint8_t>(in_year - (153 * m + 2) / 5 + 1);
  civil.year = era * 400 + y + (civil.month <= 2 ? 1 : 0);
  return civil;
}

std::int32_t second_of_day(const carillon_civil &civil) {
  return (civil.hour * 60 + civil.minute) * 60 + civil.second;
}

// ---- The definition. The host has checked it against the schema already. ----

struct Definition {
  std::string title;
  std::int32_t first;  // number of the first day
  std::int32_t every;
  int hour, minute;

  explicit Definition(carillon_str text) {
    const host::Document document(text);
    title = document.text("/title").value_or("");
    first = read_day(document.text("/from").value_or(""));
    const double days = document.number("/every").value_or(0);
    if (!(days >= 1 && days <= every_most)) throw host::Violation("/every", "range", "must be 1 to 3660");
    every = static_cast<std::int32_t>(days);
    const std::string at = document.text("/at").value_or("09:00");
    const bool is_time = std::sscanf(at.c_str(), "%2d:%2d", &hour, &minute) == 2;
    if (!is_time || hour < 0 || hour > 23 || minute < 0 || minute > 59)
      throw host::Violation("/at", "time", "is no time of day");
  }

  // The number of the first ring's day that comes after the cursor; a start counts itself.
  std::int32_t first_after(const carillon_cursor &after) const {
    const std::int32_t day = day_number(after.civil);
    if (day < first) return first;
    if (const std::int32_t rest = (day - first) % every) return day + every - rest;
    const std::int32_t ring = (hour * 60 + minute) * 60, now = second_of_day(after.civil);
    // Of two equal local times, when clocks go back, the ring is the first.
    const bool is_start = (after.flags & CARILLON_CURSOR_START) != 0 && after.civil.fold == 0;
    return ring > now || (ring == now && is_start) ? day : day + every;
  }

  // The number of a day in the series, from 1.
  int number_of(std::int32_t day) const { return day < first ? 1 : (day - first) / every + 1; }

 private:
  static std::int32_t read_day(const std::string &text) {
    int year = 0, month = 0, day = 0;
    const int fields = std::sscanf(text.c_str(), "%4d-%2d-%2d", &year, &month, &day);
    const bool is_day = fields == 3 && year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
    if (!is_day) throw host::Violation("/from", "date", "is no day of the calendar");
    return day_number(year, month, day);
  }
};

// ---- When. ----

// False once the host wants no more.
bool emit_after(const carillon_next_request &request, std::size_t index, carillon_emit_occurrence emit, void *context) {
  const Definition definition(request.definition_json);
  std::int32_t day = definition.first_after(*request.after);
  for (std::uint32_t i = 0; i < request.max; i++, day += definition.every) {
    carillon_occurrence one{};
    one.struct_size = sizeof one;
    one.kind = CARILLON_OCCURRENCE_CIVIL;
    one.civil = civil_of(day);
    if (one.civil.year > year_most) break;  // the series has ended
    one.civil.hour = static_cast<std::uint8_t>(definition.hour);
    one.civil.minute = static_cast<std::uint8_t>(definition.minute);
    one.ordinal = request.after->ordinal + i + 1;
    std::array<char, 32> key{};  // the day: the same though the hour or the zone changes
    std::snprintf(key.data(), key.size(), "%04d-%02d-%02d", one.civil.year, one.civil.month, one.civil.day);
    one.key = host::borrow(key.data());
    if (emit(context, index, &one) != CARILLON_OK) return false;
  }
  return true;
}

carillon_status next(carillon_instance *, const carillon_next_request *const *requests, std::size_t count,
                     carillon_emit_occurrence emit, void *context, carillon_error *error) {
  return host::guarded(error, [&] {
    for (std::size_t i = 0; i < count; i++)
      if (!emit_after(*requests[i], i, emit, context)) return;
  });
}

// ---- What it says. ----

carillon_status render(carillon_instance *, const carillon_event *const *events, std::size_t count,
                       carillon_emit_message emit, void *context, carillon_error *error) {
  return host::guarded(error, [&] {
    for (std::size_t i = 0; i < count; i++) {
      const Definition definition(events[i]->definition_json);
      const std::string number = std::to_string(definition.number_of(day_number(events[i]->local)));
      const std::string text = definition.title + " (no. " + number + ")";
      const std::string data = "{\"number\":" + number + "}";
      carillon_message message{};
      message.struct_size = sizeof message;
      message.title = host::borrow(definition.title);
      message.text = host::borrow(text);
      message.content_type = host::borrow("application/json");
      message.data = host::borrow(data);
      if (emit(context, i, &message) != CARILLON_OK) return;
    }
  });
}

// ---- The rest of the interface. ----

carillon_status create(carillon_str, carillon_str, carillon_instance **instance, carillon_error *) {
  static char nothing;  // there is nothing to keep, but NULL would be no instance
  *instance = reinterpret_cast<carillon_instance *>(&nothing);
  return CARILLON_OK;
}

carillon_status validate(carillon_instance *, carillon_str document, carillon_error *error) {
  return host::guarded(error, [&] { Definition{document}; });
}

void destroy(carillon_instance *) {}

const carillon_event_type_1 event_type_table = {
    sizeof(carillon_event_type_1), CARILLON_PARALLEL, create, validate, next, render, destroy};

// ---- The entry. ----

void stop() {}

const void *interface(const char *id) {
  return std::strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type_table : nullptr;
}

const carillon_plugin plugin = {
    sizeof(carillon_plugin), CARILLON_ABI_MAJOR, CARILLON_ABI_MINOR, 0, manifest.json, host::start, stop, interface};

}  // namespace

extern "C" const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }

"""##),
    TemplateFile(part: "shared", path: ".gitignore", text: ##"""
*.so
manifest.inc

"""##),
    TemplateFile(part: "shared", path: "Makefile", text: ##"""
# make            builds libcarillon-__NAME__.so; needs pkg-config and the headers of an installed Carillon
# make check      the checks that every plugin must pass
# make run        shows what it does, without an agent
# make install    into the folder where the agent of that installation looks for plugins
CXXFLAGS ?= -O2 -g
CTL ?= ctl
PLUGIN = libcarillon-__NAME__.so

$(PLUGIN): plugin.cpp host.hpp manifest.inc exports.map
	headers=$$(pkg-config --cflags carillon-plugin) && \
	$(CXX) -std=c++17 -Wall -Wextra -Werror $(CXXFLAGS) $$headers -fPIC -fvisibility=hidden -shared \
		-fvisibility-inlines-hidden -Wl,--version-script=exports.map -o $@ plugin.cpp $(LDFLAGS)

# The manifest as a string literal, line by line.
manifest.inc: manifest.json
	sed -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' manifest.json >$@

check: $(PLUGIN)
	$(CTL) plugin check ./$(PLUGIN)__CHECK__

run: $(PLUGIN)
	$(CTL) plugin run ./$(PLUGIN) __RUN__

FOLDER = $(shell pkg-config --variable=plugindir carillon-plugin)

install: $(PLUGIN)
	@test -n "$(FOLDER)" || { echo "pkg-config finds no carillon-plugin: set PKG_CONFIG_PATH" >&2; exit 1; }
	install -D -m 644 $(PLUGIN) "$(DESTDIR)$(FOLDER)/$(PLUGIN)"

clean:
	rm -f $(PLUGIN) manifest.inc

.PHONY: check run install clean

"""##),
    TemplateFile(part: "shared", path: "exports.map", text: ##"""
{ global: carillon_plugin_v1; local: *; };

"""##),
    TemplateFile(part: "shared", path: "host.hpp", text: ##"""
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

"""##),
    TemplateFile(part: "sink", path: "README.md", text: ##"""
# __NAME__

In C++17: a sink that appends each message to a file, as a line of JSON. It is a beginning: change what `deliver` does.

- Needs: make, pkg-config, a C++17 compiler, and an installed Carillon.
- Start reading at `manifest.json`, then `plugin.cpp` from its end; `host.hpp` is what the host offers.

## Build, check, try

```
make            # where pkg-config finds no Carillon: export PKG_CONFIG_PATH=PREFIX/lib/pkgconfig
make check      # ctl plugin check: what every plugin must pass
make run        # ctl plugin run: what it does, without an agent
make install
```

| member of its configuration | what | when absent |
|---|---|---|
| `path` | the file, by its absolute path; it is made when it is not there, its folder is not | it must be there |
| `max_bytes` | the file grows up to this size, 1,024 or more; what does not fit is tried again later | 10 MiB |

## Install

`make install` copies the library into the folder where the agent of that installation looks for plugins. Then tell the
agent of it, and send something:

```
ctl plugin load libcarillon-__NAME__.so
ctl sink create my-__NAME__ --plugin __NAME__ --config @config.json
ctl sink test my-__NAME__
```

## Debug

`make run` tells when the plugin crashes, and the command that shows where:

```
gdb -ex run -ex bt --args ctl plugin run --here ./libcarillon-__NAME__.so __RUN__
```

With AddressSanitizer:

```
make clean && make CXXFLAGS="-O1 -g -fsanitize=address" LDFLAGS=-fsanitize=address
LD_PRELOAD=$(g++ -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 make run
```

## What it shows

- **It completes inside `deliver`**: the file is written, then every ticket is completed, then `deliver` returns. That is
  right for what takes milliseconds. What waits for a network takes a thread of its own: `deliver` copies what it needs
  into a bounded queue (`CARILLON_BUSY` when that is full) and returns; the thread completes. Then `cancel` marks what
  the thread has not begun, `drain` waits until nothing is open, and `deactivate` ends the thread.
- **Outcomes**: *delivered* when the disk has it; *retry* when the file is full or cannot be written; *unknown* when it
  was written and the disk did not confirm it. Whoever reads the file tells a repeated line by its `key`.
- **The manifest** asks for the permission `files`. What the schema cannot say is checked in the configuration's reader,
  which answers with the place of the fault.
- **Exceptions** stop in `host::guarded`, which every function of the boundary that may throw is inside of.

"""##),
    TemplateFile(part: "sink", path: "config.json", text: ##"""
{"path": "/tmp/__NAME__.jsonl", "max_bytes": 1048576}

"""##),
    TemplateFile(part: "sink", path: "events.jsonl", text: ##"""
{"title": "Ada is 36 today", "text": "Happy birthday, Ada!"}
{"title": "Stand-up", "text": "In five minutes.\nBring coffee.", "key": "standup-2026-03-02"}

"""##),
    TemplateFile(part: "sink", path: "manifest.json", text: ##"""
{
  "id": "org.example.__NAME__",
  "name": "__NAME__",
  "version": "0.1.0",
  "vendor": "Example",
  "license": "0BSD",
  "summary": "Appends each message to a file, as a line of JSON.",
  "provides": ["carillon.sink/1"],
  "requires": ["carillon.host.delivery/1", "carillon.host.json/1"],
  "reads": [],
  "permissions": ["files"],
  "schemas": {
    "configuration": {
      "type": "object",
      "required": ["path"],
      "additionalProperties": false,
      "properties": {
        "path": {
          "description": "The file, by its absolute path. It is made when it is not there; its folder is not.",
          "type": "string",
          "pattern": "^/",
          "maxLength": 1024
        },
        "max_bytes": {
          "description": "The file grows up to this size; what does not fit is tried again later. 10 MiB when absent.",
          "type": "integer",
          "minimum": 1024,
          "maximum": 1099511627776
        }
      },
      "examples": [{"path": "/tmp/__NAME__.jsonl"}, {"path": "/tmp/__NAME__.jsonl", "max_bytes": 1048576}]
    }
  }
}

"""##),
    TemplateFile(part: "sink", path: "plugin.cpp", text: ##"""
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

"""##),
  ]
}
