// swift-format-ignore-file
// Written by deploy/templates.sh (make templates) from Sources/ctl/PluginTemplates/swift. Do not edit.

extension TemplateTexts {
  static let swift: [TemplateFile] = [
    TemplateFile(part: "event-type", path: "README.md", text: ##"""
# __NAME__

In Swift: an event type that rings every so many days, from a day on. It is a beginning: change when it rings, and what it
says.

- Needs: make, pkg-config, swift 6.3 or later, and an installed Carillon.
- Start reading at `manifest.json`, then `Sources/Plugin/EventType.swift`.

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

## What it shows

- **Local time**: it answers in local time, and the agent converts, also where clocks are put forward or back.
- **Pure**: `next` goes on from the cursor that it is handed and keeps nothing, so that the same question has the same
  answer on every machine. Its calls may overlap.
- **Keys** are days: the same though the hour or the zone changes, so that nothing rings twice.
- **Faults** of a definition are told with their place, such as `/from`.
- **Errors** are thrown as `PluginError`, which PluginKit hands to the agent. A trap (an index out of range) ends the
  process that it is in; an agent runs the plugin in a process of its own, unless it is told otherwise.
- **The runtime** is linked statically and hidden, so that the plugin loads whatever the agent was built with.

"""##),
    TemplateFile(part: "event-type", path: "Sources/Plugin/Definition.swift", text: ##"""
import PluginKit0

/// What a schedule wants. The host has checked it against the schema already; the rest is checked here.
struct Definition {
  let title: String
  let first: CivilDate
  /// Days from one to the next, 1 or more.
  let every: Int
  let time: CivilTimeOfDay

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "definition")
    var faults: [PluginError.Violation] = []
    let first = Self.date(object["from"]?.string ?? "")
    if first == nil { faults.append(.init(pointer: "/from", code: "date", message: "is no day of the calendar")) }
    let time = Self.time(object["at"]?.string ?? "09:00")
    if time == nil { faults.append(.init(pointer: "/at", code: "time", message: "is no time of day")) }
    let every = Int(object["every"]?.integer ?? 0)
    if every < 1 { faults.append(.init(pointer: "/every", code: "range", message: "must be at least 1")) }
    guard let first, let time, faults.isEmpty else { throw PluginError(violations: faults) }
    (self.first, self.time, self.every) = (first, time, every)
    title = object["title"]?.string ?? ""
  }

  /// The number of a date in the series, from 1.
  func number(of date: CivilDate) -> Int { max(0, date.dayNumber - first.dayNumber) / every + 1 }

  private static func date(_ text: String) -> CivilDate? {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return parts.count == 3 ? CivilDate(year: parts[0], month: parts[1], day: parts[2]) : nil
  }

  private static func time(_ text: String) -> CivilTimeOfDay? {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    return parts.count == 2 ? CivilTimeOfDay(hour: parts[0], minute: parts[1]) : nil
  }
}

"""##),
    TemplateFile(part: "event-type", path: "Sources/Plugin/Entry.swift", text: ##"""
public import CPluginAPI
import Manifest__TYPE__
import PluginKit0

private let entry = PluginEntry(manifest: String(cString: plugin_manifest()), eventType: __TYPE__EventType.self)

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The one symbol that the library exports.
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }

"""##),
    TemplateFile(part: "event-type", path: "Sources/Plugin/EventType.swift", text: ##"""
import PluginKit0

/// An event type that rings every so many days, from a day on:
///
///     {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
///
/// It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so that
/// they may overlap, and the same question always has the same answer.
struct __TYPE__EventType: EventTypePlugin {
  static let threadModel = ThreadModel.parallel

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {}

  func validate(_ definition: JSONText) throws(PluginError) { _ = try Definition(definition) }

  func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try Definition(request.definition)
    var day = Self.firstDay(of: definition, after: request.after)
    for place in 1...max(1, request.max) {
      guard let date = CivilDate(dayNumber: day) else { return }  // past the year 9999: the series has ended
      // The key is the day: the same though the hour or the zone changes.
      let occurrence = Occurrence(
        .civil(Civil(date, definition.time)), ordinal: request.after.ordinal + UInt64(place), key: "\(date)")
      guard emit(occurrence) == .more else { return }
      day += definition.every
    }
  }

  func render(_ event: Event) throws(PluginError) -> Message {
    let definition = try Definition(event.definition)
    let number = definition.number(of: event.local.date)
    var data = JSONObject()
    data["number"] = .integer(Int64(number))
    return Message(title: definition.title, text: "\(definition.title) (no. \(number))", data: data)
  }

  /// The number of the first day that comes after the cursor; a start counts itself.
  private static func firstDay(of definition: Definition, after cursor: Cursor) -> Int {
    let (first, day) = (definition.first.dayNumber, cursor.civil.date.dayNumber)
    guard day >= first else { return first }
    let rest = (day - first) % definition.every
    guard rest == 0 else { return day + definition.every - rest }
    let (ring, now) = (definition.time, cursor.civil.time)
    // Of two equal local times, when clocks go back, the ring is the first.
    let isStart = cursor.isStart && cursor.civil.fold == 0
    return ring > now || (ring == now && isStart) ? day : day + definition.every
  }
}

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
  "requires": [],
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
    TemplateFile(part: "shared", path: ".gitignore", text: ##"""
.build/
*.so

"""##),
    TemplateFile(part: "shared", path: "Makefile", text: ##"""
# make            builds libcarillon-__NAME__.so; needs pkg-config and the headers of an installed Carillon
# make check      the checks that every plugin must pass
# make run        shows what it does, without an agent
# make install    into the folder where the agent of that installation looks for plugins
CTL ?= ctl
SWIFT ?= swift
SWIFTFLAGS ?= -c release
PLUGIN = libcarillon-__NAME__.so

# Folders too, for what is gone from them; the last one is new when another version of PluginKit was installed.
SOURCES := Package.swift manifest.json exports.map $(shell find Sources) \
	$(wildcard $(shell pkg-config --variable=pluginkit carillon-plugin)/Package.swift)

$(PLUGIN): $(SOURCES)
	kit=$$(pkg-config --variable=pluginkit carillon-plugin) && export CARILLON_PLUGINKIT="$$kit" && \
		$(SWIFT) build $(SWIFTFLAGS) && \
		install -m 755 "$$($(SWIFT) build $(SWIFTFLAGS) --show-bin-path)/$(PLUGIN)" $(PLUGIN)

check: $(PLUGIN)
	$(CTL) plugin check ./$(PLUGIN)__CHECK__

run: $(PLUGIN)
	$(CTL) plugin run ./$(PLUGIN) __RUN__

FOLDER = $(shell pkg-config --variable=plugindir carillon-plugin)

install: $(PLUGIN)
	@test -n "$(FOLDER)" || { echo "pkg-config finds no carillon-plugin: set PKG_CONFIG_PATH" >&2; exit 1; }
	install -D -m 644 $(PLUGIN) "$(DESTDIR)$(FOLDER)/$(PLUGIN)"

clean:
	rm -rf $(PLUGIN) .build

.PHONY: check run install clean

"""##),
    TemplateFile(part: "shared", path: "Package.swift", text: ##"""
// swift-tools-version: 6.2
// `make` sets CARILLON_PLUGINKIT, from pkg-config; without it an installation in /usr/local is taken.

import PackageDescription

let kit = Context.environment["CARILLON_PLUGINKIT"] ?? "/usr/local/share/carillon/PluginKit"
let kitProduct: Target.Dependency = .product(name: "PluginKit0", package: "PluginKit")

/// One symbol is exported, `carillon_plugin_v1`. The plugin brings its own Swift runtime, so that it loads in every
/// agent and in the isolated runner, whatever they were built with.
let pluginLinker: [LinkerSetting] = [
  // lld: the standard linker leaves local symbols in the dynamic table.
  .unsafeFlags([
    "-static-stdlib", "-use-ld=lld", "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.map",
  ])
]

let package = Package(
  name: "__NAME__",
  products: [.library(name: "carillon-__NAME__", type: .dynamic, targets: ["Plugin__TYPE__"])],
  dependencies: [.package(path: kit)],
  targets: [
    .target(name: "Manifest__TYPE__", dependencies: [kitProduct], path: "Sources/Manifest"),
    .target(
      name: "Plugin__TYPE__", dependencies: [kitProduct, "Manifest__TYPE__"], path: "Sources/Plugin",
      swiftSettings: [.treatAllWarnings(as: .error)], linkerSettings: pluginLinker),
  ],
  cLanguageStandard: .c2x
)

"""##),
    TemplateFile(part: "shared", path: "Sources/Manifest/include/manifest.h", text: ##"""
/* The manifest, from manifest.json: NUL-terminated, static. It stands in the library's ELF note. */
const char *plugin_manifest(void);

"""##),
    TemplateFile(part: "shared", path: "Sources/Manifest/manifest.c", text: ##"""
#include "manifest.h"
#include <carillon/manifest.h>

enum {
  manifest_bytes = sizeof((const char[]){
#embed "../../manifest.json" suffix(, 0)
  })
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#embed "../../manifest.json" suffix(, 0)
CARILLON_MANIFEST_END;

const char *plugin_manifest(void) { return manifest.json; }

"""##),
    TemplateFile(part: "shared", path: "exports.map", text: ##"""
{ global: carillon_plugin_v1; local: *; };

"""##),
    TemplateFile(part: "sink", path: "README.md", text: ##"""
# __NAME__

In Swift: a sink that appends each message to a file, as a line of JSON. It is a beginning: change what `deliver` does.

- Needs: make, pkg-config, swift 6.3 or later, and an installed Carillon.
- Start reading at `manifest.json`, then `Sources/Plugin/Sink.swift`.

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

## What it shows

- **It completes inside `deliver`**: the file is written, then every ticket is completed, then `deliver` returns. That is
  right for what takes milliseconds. What waits for a network takes a thread of its own: `deliver` copies what it needs
  into a bounded queue (`CARILLON_BUSY` when that is full) and returns; the thread completes. Then `cancel` marks what
  the thread has not begun, `drain` waits until nothing is open, and `deactivate` ends the thread.
- **Outcomes**: *delivered* when the disk has it; *retry* when the file is full or cannot be written; *unknown* when it
  was written and the disk did not confirm it. Whoever reads the file tells a repeated line by its `key`.
- **The manifest** asks for the permission `files`. What the schema cannot say is checked in the configuration's reader,
  which answers with the place of the fault.
- **Errors** are thrown as `PluginError`, which PluginKit hands to the agent. A trap (an index out of range) ends the
  process that it is in; an agent runs the plugin in a process of its own, unless it is told otherwise.
- **The runtime** is linked statically and hidden, so that the plugin loads whatever the agent was built with.

"""##),
    TemplateFile(part: "sink", path: "Sources/Plugin/Configuration.swift", text: ##"""
import PluginKit0

/// What the sink was told. The host has checked it against the schema already; the rest is checked here.
struct Configuration: Sendable {
  /// How large the file grows unless the configuration says otherwise.
  static let usualMaxBytes: Int64 = 10 * 1024 * 1024
  /// Longest path, in bytes, as the system has it.
  static let maxPathBytes = 4095

  let path: String
  let maxBytes: Int64

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "configuration")
    path = object["path"]?.string ?? ""
    maxBytes = object["max_bytes"]?.integer ?? Self.usualMaxBytes
    if let fault = Self.fault(path) {
      throw PluginError(violations: [.init(pointer: "/path", code: "path", message: fault)])
    }
  }

  private static func fault(_ path: String) -> String? {
    if !path.hasPrefix("/") { return "must be an absolute path" }
    if path.hasSuffix("/") { return "names a folder; it must name a file" }
    if path.utf8.count > maxPathBytes { return "has more than \(maxPathBytes) bytes" }
    if path.utf8.contains(0) { return "has a NUL in it" }
    return nil
  }
}

"""##),
    TemplateFile(part: "sink", path: "Sources/Plugin/Entry.swift", text: ##"""
public import CPluginAPI
import Manifest__TYPE__
import PluginKit0

private let entry = PluginEntry(manifest: String(cString: plugin_manifest()), sink: __TYPE__Sink.self)

// swift-format-ignore: AlwaysUseLowerCamelCase
/// The one symbol that the library exports.
@c @implementation
public func carillon_plugin_v1() -> UnsafePointer<carillon_plugin>? { entry.table }

"""##),
    TemplateFile(part: "sink", path: "Sources/Plugin/LineFile.swift", text: ##"""
import Glibc
import PluginKit0

/// A file that lines are appended to. Opened for each batch, so that it may be moved away (logrotate) at any time.
struct LineFile: ~Copyable {
  private let descriptor: Int32
  /// Where the next line goes, in bytes from the start.
  private(set) var end: Int64

  private init(descriptor: Int32) {
    self.descriptor = descriptor
    end = 0
  }

  deinit { close(descriptor) }

  /// Opens a regular file, or makes it.
  static func open(_ path: String) throws(PluginError) -> LineFile {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = Glibc.open(path, flags, S_IRUSR | S_IWUSR)
    guard descriptor >= 0 else { throw PluginError(.failed, "\(path): \(Self.reason(errno))") }
    var file = LineFile(descriptor: descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PluginError(.failed, "\(path): is no regular file")
    }
    file.end = Int64(status.st_size)
    return file
  }

  /// Appends all of a line or nothing: half a line would spoil the next one.
  /// - Returns: what went wrong; nil when nothing did.
  mutating func append(_ line: String) -> String? {
    let bytes = Array(line.utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        let code = written < 0 ? errno : EIO
        return done > 0 && ftruncate(descriptor, off_t(end)) != 0 ? Self.reason(errno) : Self.reason(code)
      }
      done += written
    }
    end += Int64(bytes.count)
    return nil
  }

  /// Waits until the disk has all of it.
  /// - Returns: what went wrong; nil when nothing did.
  func sync() -> String? { fdatasync(descriptor) == 0 ? nil : Self.reason(errno) }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

"""##),
    TemplateFile(part: "sink", path: "Sources/Plugin/Sink.swift", text: ##"""
import PluginKit0

/// A sink that appends each message to a file, as a line of JSON:
///
///     {"path": "/var/lib/__NAME__/messages.jsonl", "max_bytes": 10485760}
///
/// `deliver` writes and completes before it returns, so that nothing is under way between two calls: there is nothing to
/// cancel, to wait for or to clean up. README.md says when that is not enough.
struct __TYPE__Sink: SinkPlugin {
  private let configuration: Configuration
  private let host: Host

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.configuration = try Configuration(configuration)
    self.host = host
  }

  /// Better an error now than at the first delivery.
  func activate() throws(PluginError) {
    _ = try LineFile.open(configuration.path)
    host.log(.info, "the file can be written")
  }

  func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    var file = try LineFile.open(configuration.path)  // an error here: none was taken
    var completions: [Completion] = []
    for delivery in deliveries { completions.append(Completion(delivery.ticket, write(delivery, to: &file))) }
    if let fault = file.sync() {
      // What was written and perhaps never reached the disk is neither delivered nor certain to be missing.
      for index in completions.indices where completions[index].result.outcome == .delivered {
        completions[index].result = DeliveryResult(.unknown, code: "sync-failed", detail: fault)
      }
    }
    host.complete(completions)
  }

  func cancel(_ tickets: [Ticket]) {}  // `deliver` ends each ticket soon, as it ends

  func drain(timeout: Duration) -> Bool { true }  // nothing is under way: calls do not overlap

  func deactivate() {}

  private func write(_ delivery: Delivery, to file: inout LineFile) -> DeliveryResult {
    let line = Self.line(delivery)
    guard Int64(line.utf8.count) <= configuration.maxBytes - file.end else {
      return DeliveryResult(
        .retry, code: "file-full", detail: "the file has reached max_bytes; move it away")
    }
    let start = file.end
    if let fault = file.append(line) { return DeliveryResult(.retry, code: "write-failed", detail: fault) }
    return DeliveryResult(.delivered, receipt: "byte \(start)")
  }

  /// The key is the same on every attempt: who reads the file can tell a line that came twice.
  private static func line(_ delivery: Delivery) -> String {
    var object = JSONObject()
    object["key"] = .string(delivery.idempotencyKey)
    object["type"] = .string(delivery.event.type)
    object["title"] = .string(delivery.message.title)
    object["text"] = .string(delivery.message.text)
    return object.serialized() + "\n"
  }
}

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
  "requires": ["carillon.host.delivery/1"],
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
  ]
}
