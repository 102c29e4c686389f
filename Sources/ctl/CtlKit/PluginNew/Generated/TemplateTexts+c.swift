// swift-format-ignore-file
// Written by deploy/templates.sh (make templates) from Sources/ctl/PluginTemplates/c. Do not edit.

extension TemplateTexts {
  static let c: [TemplateFile] = [
    TemplateFile(part: "event-type", path: "README.md", text: ##"""
# __NAME__

In C: an event type that rings every so many days, from a day on. It is a beginning: change when it rings, and what it
says.

- Needs: make, pkg-config, a C compiler, and an installed Carillon.
- Start reading at `manifest.json`, then `plugin.c` from its end.

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
make clean && make CFLAGS="-O1 -g -fsanitize=address" LDFLAGS=-fsanitize=address
LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 make run
```

## What it shows

- **Local time**: it answers in local time, and the agent converts, also where clocks are put forward or back.
- **Pure**: `next` goes on from the cursor that it is handed and keeps nothing, so that the same question has the same
  answer on every machine. Its calls may overlap.
- **Keys** are days: the same though the hour or the zone changes, so that nothing rings twice.
- **Faults** of a definition are told with their place, such as `/from`.
- **Nothing is caught**: a fault in C ends the process that it is in. An agent runs the plugin in a process of its own,
  unless it is told otherwise.

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
    TemplateFile(part: "event-type", path: "plugin.c", text: ##"""
/* __NAME__: an event type in C. It rings every so many days, from a day on:
 *
 *   {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
 *
 * It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so that
 * they may overlap, and the same question always has the same answer. */
#include <carillon/carillon.h>
#include <stdio.h>
#include <string.h>

enum { TITLE_BYTES = 801, TEXT_BYTES = 900, KEY_BYTES = 32, YEAR_MOST = 9999 };

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

static const carillon_host *host;
static const carillon_host_json_1 *json;

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* ---- Days: the Gregorian calendar, numbered from 0000-03-01, so that a leap day is a year's last. ---- */

static int days_in(int32_t year, int month) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && is_leap ? 29 : lengths[month - 1];
}

static int32_t day_number(int32_t year, int month, int day) {
  int32_t y = month > 2 ? year : year - 1;
  int32_t m = month > 2 ? month - 3 : month + 9;
  return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static carillon_civil civil_of(int32_t number) {
  int32_t era = number / 146097, in_era = number % 146097;
  int32_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
  int32_t in_year = in_era - (365 * y + y / 4 - y / 100);
  int32_t m = (5 * in_year + 2) / 153;
  carillon_civil civil = {.month = (uint8_t)(m < 10 ? m + 3 : m - 9)};
  civil.day = (uint8_t)(in_year - (153 * m + 2) / 5 + 1);
  civil.year = era * 400 + y + (civil.month <= 2);
  return civil;
}

static int32_t second_of_day(const carillon_civil *civil) {
  return (civil->hour * 60 + civil->minute) * 60 + civil->second;
}

/* ---- The definition. The host has checked it against the schema already. ---- */

struct definition {
  char title[TITLE_BYTES];
  int32_t first; /* number of the first day */
  int32_t every;
  uint8_t hour, minute;
};

struct buffer {
  char *bytes;
  size_t room; /* with the NUL */
};

static void copy(void *context, carillon_str text) {
  struct buffer *to = context;
  size_t count = text.len < to->room ? text.len : to->room - 1;
  if (count > 0) memcpy(to->bytes, text.ptr, count);
  to->bytes[count] = '\0';
}

/* The text at a pointer, cut to its room; what is absent leaves `otherwise` there. */
static carillon_status read_text(carillon_str document, const char *pointer, struct buffer to, const char *otherwise,
                                 carillon_error *error) {
  carillon_status status = json->text(json->context, document, str(pointer), copy, &to, error);
  if (status != CARILLON_NOT_FOUND) return status;
  copy(&to, str(otherwise));
  return CARILLON_OK;
}

static carillon_status violate(carillon_error *error, const char *pointer, const char *code, const char *message) {
  host->violation(error, str(pointer), str(code), str(message));
  return CARILLON_INVALID;
}

static carillon_status read_first(const char *from, struct definition *to, carillon_error *error) {
  int year = 0, month = 0, day = 0;
  int fields = sscanf(from, "%4d-%2d-%2d", &year, &month, &day);
  int is_day = fields == 3 && year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
  if (!is_day) return violate(error, "/from", "date", "is no day of the calendar");
  to->first = day_number(year, month, day);
  return CARILLON_OK;
}

static carillon_status read_definition(carillon_str document, struct definition *to, carillon_error *error) {
  char from[16] = "", at[8] = "";
  unsigned hour = 0, minute = 0;
  carillon_json every = {.struct_size = sizeof every};
  *to = (struct definition){.every = 1};
  carillon_status status = read_text(document, "/title", (struct buffer){to->title, sizeof to->title}, "", error);
  if (status == CARILLON_OK) status = read_text(document, "/from", (struct buffer){from, sizeof from}, "", error);
  if (status == CARILLON_OK) status = read_text(document, "/at", (struct buffer){at, sizeof at}, "09:00", error);
  if (status == CARILLON_OK) status = json->get(json->context, document, str("/every"), &every, error);
  if (status != CARILLON_OK) return status;
  if (!(every.number >= 1 && every.number <= 3660)) return violate(error, "/every", "range", "must be 1 to 3660");
  if (sscanf(at, "%2u:%2u", &hour, &minute) != 2 || hour > 23 || minute > 59)
    return violate(error, "/at", "time", "is no time of day");
  to->every = (int32_t)every.number;
  to->hour = (uint8_t)hour;
  to->minute = (uint8_t)minute;
  return read_first(from, to, error);
}

/* ---- When. ---- */

/* Number of the first ring's day that comes after the cursor; a start counts itself. */
static int32_t first_after(const struct definition *wanted, const carillon_cursor *after) {
  int32_t day = day_number(after->civil.year, after->civil.month, after->civil.day);
  if (day <= wanted->first - 1) return wanted->first;
  int32_t rest = (day - wanted->first) % wanted->every;
  if (rest != 0) return day + wanted->every - rest;
  int32_t ring = (wanted->hour * 60 + wanted->minute) * 60, now = second_of_day(&after->civil);
  /* Of two equal local times, when clocks go back, the ring is the first. */
  int is_start = (after->flags & CARILLON_CURSOR_START) != 0 && after->civil.fold == 0;
  int is_ahead = ring > now || (ring == now && is_start);
  return is_ahead ? day : day + wanted->every;
}

static carillon_status next_of(const carillon_next_request *request, size_t index, carillon_emit_occurrence emit,
                               void *context, carillon_error *error, int *is_enough) {
  struct definition wanted;
  carillon_status status = read_definition(request->definition_json, &wanted, error);
  if (status != CARILLON_OK) return status;
  int32_t day = first_after(&wanted, request->after);
  for (uint32_t i = 0; i < request->max && !*is_enough; i++, day += wanted.every) {
    carillon_civil civil = civil_of(day);
    if (civil.year > YEAR_MOST) break; /* the series has ended */
    civil.hour = wanted.hour;
    civil.minute = wanted.minute;
    char key[KEY_BYTES]; /* the day: the same though the hour or the zone changes */
    snprintf(key, sizeof key, "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
    carillon_occurrence one = {.struct_size = sizeof one, .kind = CARILLON_OCCURRENCE_CIVIL, .civil = civil,
                               .ordinal = request->after->ordinal + i + 1, .key = str(key)};
    *is_enough = emit(context, index, &one) != CARILLON_OK;
  }
  return CARILLON_OK;
}

static carillon_status next(carillon_instance *instance, const carillon_next_request *const *requests, size_t count,
                            carillon_emit_occurrence emit, void *context, carillon_error *error) {
  (void)instance;
  carillon_status status = CARILLON_OK;
  int is_enough = 0;
  for (size_t i = 0; i < count && status == CARILLON_OK && !is_enough; i++)
    status = next_of(requests[i], i, emit, context, error, &is_enough);
  return status;
}

/* ---- What it says. ---- */

static carillon_status render(carillon_instance *instance, const carillon_event *const *events, size_t count,
                              carillon_emit_message emit, void *context, carillon_error *error) {
  (void)instance;
  for (size_t i = 0; i < count; i++) {
    struct definition wanted;
    carillon_status status = read_definition(events[i]->definition_json, &wanted, error);
    if (status != CARILLON_OK) return status;
    const carillon_civil *local = &events[i]->local;
    int32_t days = day_number(local->year, local->month, local->day) - wanted.first;
    int number = days < 0 ? 1 : (int)(days / wanted.every) + 1;
    char text[TEXT_BYTES], data[KEY_BYTES];
    snprintf(text, sizeof text, "%s (no. %d)", wanted.title, number);
    snprintf(data, sizeof data, "{\"number\":%d}", number);
    carillon_message message = {.struct_size = sizeof message, .title = str(wanted.title), .text = str(text),
                                .content_type = str("application/json"), .data = str(data)};
    if (emit(context, i, &message) != CARILLON_OK) break;
  }
  return CARILLON_OK;
}

/* ---- The rest of the interface. ---- */

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  static char nothing; /* there is nothing to keep, but NULL would be no instance */
  (void)name, (void)config, (void)error;
  *instance = (carillon_instance *)&nothing;
  return CARILLON_OK;
}

static carillon_status validate(carillon_instance *instance, carillon_str document, carillon_error *error) {
  (void)instance;
  struct definition wanted;
  return read_definition(document, &wanted, error);
}

static void destroy(carillon_instance *instance) { (void)instance; }

static const carillon_event_type_1 event_type_table = {
  .struct_size = sizeof event_type_table,
  .thread_model = CARILLON_PARALLEL,
  .create = create,
  .validate = validate,
  .next = next,
  .render = render,
  .destroy = destroy,
};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  if (json != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent has no " CARILLON_HOST_JSON_1));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) {
  return strcmp(id, CARILLON_EVENT_TYPE_1) == 0 ? &event_type_table : NULL;
}

static const carillon_plugin plugin = {
  .struct_size = sizeof plugin,
  .abi_major = CARILLON_ABI_MAJOR,
  .abi_minor = CARILLON_ABI_MINOR,
  .manifest_json = manifest.json,
  .start = start,
  .stop = stop,
  .interface = interface,
};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }

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
CFLAGS ?= -O2 -g
CTL ?= ctl
PLUGIN = libcarillon-__NAME__.so

$(PLUGIN): plugin.c manifest.inc exports.map
	headers=$$(pkg-config --cflags carillon-plugin) && \
	$(CC) -std=c11 -Wall -Wextra -Werror $(CFLAGS) $$headers -fPIC -fvisibility=hidden -shared \
		-Wl,--version-script=exports.map -o $@ plugin.c $(LDFLAGS)

# The manifest as a string of C, line by line.
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
    TemplateFile(part: "sink", path: "README.md", text: ##"""
# __NAME__

In C: a sink that appends each message to a file, as a line of JSON. It is a beginning: change what `deliver` does.

- Needs: make, pkg-config, a C compiler, and an installed Carillon.
- Start reading at `manifest.json`, then `plugin.c` from its end.

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
make clean && make CFLAGS="-O1 -g -fsanitize=address" LDFLAGS=-fsanitize=address
LD_PRELOAD=$(gcc -print-file-name=libasan.so) ASAN_OPTIONS=detect_leaks=0 make run
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
- **Nothing is caught**: a fault in C ends the process that it is in. An agent runs the plugin in a process of its own,
  unless it is told otherwise.

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
    TemplateFile(part: "sink", path: "plugin.c", text: ##"""
/* __NAME__: a sink in C. It appends each message to a file, as a line of JSON:
 *
 *   {"path": "/var/lib/__NAME__/messages.jsonl", "max_bytes": 10485760}
 *
 * `deliver` writes and completes before it returns, so that nothing is under way between two calls: there is nothing
 * to cancel, to wait for or to clean up. README.md says when that is not enough. */
#define _POSIX_C_SOURCE 200809L
#include <carillon/carillon.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, DETAIL_BYTES = 256, RECEIPT_BYTES = 24 };
static const int64_t MAX_BYTES_USUAL = 10 * 1024 * 1024;

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery;
static const carillon_host_json_1 *json;
static const carillon_host_log_1 *logger; /* NULL when the agent has none */

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* ---- The configuration. The host has checked it against the schema already. ---- */

struct carillon_instance {
  char path[PATH_BYTES];
  int64_t max_bytes;
};

static carillon_status refuse_path(carillon_error *error, const char *code, const char *message) {
  host->violation(error, str("/path"), str(code), str(message));
  return CARILLON_INVALID;
}

struct path_reader {
  char *path;
  const char *fault; /* NULL while there is none */
};

static void take_path(void *context, carillon_str text) {
  struct path_reader *reader = context;
  if (text.len == 0) reader->fault = "is empty; it must be an absolute path";
  else if (text.len >= PATH_BYTES) reader->fault = "has more than 4095 bytes";
  else if (memchr(text.ptr, '\0', text.len) != NULL) reader->fault = "has a NUL in it";
  else if (text.ptr[text.len - 1] == '/') reader->fault = "names a folder; it must name a file";
  else memcpy(reader->path, text.ptr, text.len);
}

static carillon_status read_configuration(carillon_str document, carillon_instance *to, carillon_error *error) {
  struct path_reader reader = {to->path, NULL};
  carillon_status status = json->text(json->context, document, str("/path"), take_path, &reader, error);
  if (status != CARILLON_OK) return status;
  if (reader.fault != NULL) return refuse_path(error, "path", reader.fault);
  carillon_json most = {.struct_size = sizeof most};
  status = json->get(json->context, document, str("/max_bytes"), &most, error);
  to->max_bytes = status == CARILLON_OK ? (int64_t)most.number : MAX_BYTES_USUAL;
  return status == CARILLON_NOT_FOUND ? CARILLON_OK : status;
}

/* ---- The file. ---- */

struct file {
  int descriptor;
  off_t end; /* where the next line goes */
};

static carillon_status fail(carillon_error *error, const carillon_instance *sink, int code) {
  char text[PATH_BYTES + DETAIL_BYTES];
  snprintf(text, sizeof text, "%s: %s", sink->path, strerror(code));
  host->fail(error, CARILLON_FAILED, str(text));
  return CARILLON_FAILED;
}

/* Opened for each batch, so that the file may be moved away (logrotate) at any time. */
static carillon_status open_file(const carillon_instance *sink, struct file *file, carillon_error *error) {
  int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  file->descriptor = open(sink->path, flags, S_IRUSR | S_IWUSR);
  if (file->descriptor < 0) return fail(error, sink, errno);
  struct stat status;
  int code = fstat(file->descriptor, &status) != 0 ? errno : S_ISREG(status.st_mode) ? 0 : EINVAL;
  if (code != 0) {
    close(file->descriptor);
    return fail(error, sink, code);
  }
  file->end = status.st_size;
  return CARILLON_OK;
}

/* All of it or nothing: half a line would spoil the next one. Answers 0, or errno. */
static int append(struct file *file, const char *bytes, size_t count) {
  size_t done = 0;
  while (done < count) {
    ssize_t written = write(file->descriptor, bytes + done, count - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int code = written < 0 ? errno : EIO;
      if (done > 0 && ftruncate(file->descriptor, file->end) != 0) code = errno;
      return code;
    }
    done += (size_t)written;
  }
  file->end += (off_t)count;
  return 0;
}

/* ---- A line. ---- */

struct line {
  char *bytes;
  size_t count, room;
  int is_lost; /* there was no memory for all of it */
};

static void add(void *context, carillon_str text) {
  struct line *line = context;
  if (line->is_lost || text.len == 0) return;
  if (line->room - line->count < text.len) {
    size_t room = (line->count + text.len) * 2;
    char *bytes = realloc(line->bytes, room);
    if (bytes == NULL) {
      line->is_lost = 1;
      return;
    }
    line->bytes = bytes;
    line->room = room;
  }
  memcpy(line->bytes + line->count, text.ptr, text.len);
  line->count += text.len;
}

static void add_member(struct line *line, const char *name, carillon_str value) {
  add(line, str(line->count == 0 ? "{\"" : ",\""));
  add(line, str(name));
  add(line, str("\":"));
  if (json->quote(json->context, value, add, line) != CARILLON_OK) add(line, str("null"));
}

/* The key is the same on every attempt: who reads the file can tell a line that came twice. */
static void write_line(struct line *line, const carillon_delivery *one) {
  line->count = 0;
  add_member(line, "key", one->idempotency_key);
  add_member(line, "type", one->event->type);
  add_member(line, "title", one->message->title);
  add_member(line, "text", one->message->text);
  add(line, str("}\n"));
}

/* ---- Delivering. ---- */

struct attempt {
  carillon_result result;
  char detail[DETAIL_BYTES], receipt[RECEIPT_BYTES];
};

static void end(struct attempt *attempt, int32_t outcome, const char *code, const char *detail) {
  snprintf(attempt->detail, sizeof attempt->detail, "%s", detail);
  attempt->result.outcome = outcome;
  attempt->result.code = str(code);
  attempt->result.detail = str(attempt->detail);
}

static void deliver_one(const carillon_instance *sink, struct file *file, struct line *line,
                        const carillon_delivery *one, struct attempt *attempt) {
  attempt->result.struct_size = sizeof attempt->result;
  write_line(line, one);
  if (line->is_lost) {
    line->is_lost = 0;
    end(attempt, CARILLON_RETRY, "no-memory", "there is no memory for the line");
  } else if ((int64_t)line->count > sink->max_bytes - file->end) {
    end(attempt, CARILLON_RETRY, "file-full", "the file has reached max_bytes; move it away");
  } else {
    snprintf(attempt->receipt, sizeof attempt->receipt, "byte %lld", (long long)file->end);
    int code = append(file, line->bytes, line->count);
    if (code != 0) {
      end(attempt, CARILLON_RETRY, "write-failed", strerror(code));
    } else {
      attempt->result.outcome = CARILLON_DELIVERED;
      attempt->result.receipt = str(attempt->receipt);
    }
  }
}

/* What was written and perhaps never reached the disk is neither delivered nor certain to be missing. */
static void sync_file(struct file *file, struct attempt *attempts, size_t count) {
  if (fdatasync(file->descriptor) == 0) return;
  int code = errno;
  for (size_t i = 0; i < count; i++) {
    if (attempts[i].result.outcome != CARILLON_DELIVERED) continue;
    end(&attempts[i], CARILLON_UNKNOWN, "sync-failed", strerror(code));
  }
}

static carillon_status deliver(carillon_instance *sink, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  struct file file;
  if (count == 0) return CARILLON_OK;
  carillon_status status = open_file(sink, &file, error);
  if (status != CARILLON_OK) return status; /* none was taken */
  struct attempt *attempts = calloc(count, sizeof *attempts);
  carillon_ticket *tickets = calloc(count, sizeof *tickets);
  const carillon_result **results = calloc(count, sizeof *results);
  if (attempts == NULL || tickets == NULL || results == NULL) {
    status = CARILLON_BUSY;
  } else {
    struct line line = {0};
    for (size_t i = 0; i < count; i++) {
      tickets[i] = deliveries[i]->ticket;
      results[i] = &attempts[i].result;
      deliver_one(sink, &file, &line, deliveries[i], &attempts[i]);
    }
    sync_file(&file, attempts, count);
    delivery->complete(delivery->context, tickets, results, count);
    free(line.bytes);
  }
  close(file.descriptor);
  free(attempts);
  free(tickets);
  free(results);
  return status;
}

/* ---- The rest of the interface. ---- */

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name;
  carillon_instance *made = calloc(1, sizeof *made);
  if (made == NULL) return CARILLON_FAILED;
  carillon_status status = read_configuration(config, made, error);
  if (status == CARILLON_OK) *instance = made;
  else free(made);
  return status;
}

/* Better an error now than at the first delivery. */
static carillon_status activate(carillon_instance *sink, carillon_error *error) {
  struct file file;
  carillon_status status = open_file(sink, &file, error);
  if (status != CARILLON_OK) return status;
  close(file.descriptor);
  if (logger != NULL) logger->write(logger->context, CARILLON_LOG_INFO, str(""), str("the file can be written"));
  return CARILLON_OK;
}

static void cancel(carillon_instance *sink, const carillon_ticket *tickets, size_t count) {
  (void)sink, (void)tickets, (void)count; /* `deliver` ends each ticket soon, as it ends */
}

static carillon_status drain(carillon_instance *sink, uint64_t timeout_ms) {
  (void)sink, (void)timeout_ms; /* nothing is under way: calls do not overlap */
  return CARILLON_OK;
}

static void deactivate(carillon_instance *sink) { (void)sink; }

static void destroy(carillon_instance *sink) { free(sink); }

static const carillon_sink_1 sink_table = {
  .struct_size = sizeof sink_table,
  .thread_model = CARILLON_SERIAL,
  .create = create,
  .activate = activate,
  .deliver = deliver,
  .cancel = cancel,
  .drain = drain,
  .deactivate = deactivate,
  .destroy = destroy,
};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  delivery = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  logger = host->interface(host->context, CARILLON_HOST_LOG_1);
  if (delivery != NULL && json != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent lacks an interface that the manifest requires"));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink_table : NULL; }

static const carillon_plugin plugin = {
  .struct_size = sizeof plugin,
  .abi_major = CARILLON_ABI_MAJOR,
  .abi_minor = CARILLON_ABI_MINOR,
  .manifest_json = manifest.json,
  .start = start,
  .stop = stop,
  .interface = interface,
};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }

"""##),
  ]
}
