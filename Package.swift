// swift-tools-version: 6.2
// Carillon. Targets are nested by `path:` so that the compiler keeps the module boundaries
// (see Sources/Agent/README.md for the arrows). Versions are exact: Package.resolved is not committed.

import Foundation
import PackageDescription

let root = Context.packageDirectory

/// What stands in a target's folder and is not Swift: a module's README, test oracles, fixtures.
func notSwift(_ path: String) -> [String] {
  let named = [
    "README.md", "Fixtures", "Frozen", "Support/Fixtures", "Wrong", "hostile_h2.py", "hostile_server.py", "oracle.py",
    "read_mails.py", "schema_oracle.py", "smtp_server.py", "verify.py", "year_oracle.py",
  ]
  .filter { FileManager.default.fileExists(atPath: "\(root)/\(path)/\($0)") }
  // Programs in other languages that a test builds or runs by itself.
  let others = ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(path)")) ?? [])
    .filter { file in [".c", ".cpp", ".h", ".py", ".rs", ".proto"].contains { file.hasSuffix($0) } }
  return Array(Set(named + others)).sorted()
}

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Plugins export one symbol, `carillon_plugin_v1`; the version script hides every other one,
/// the plugin's own copy of PluginKit among them.
let pluginLinker: [LinkerSetting] = [
  // lld, because the toolchain's standard linker leaves local symbols in the dynamic table.
  .unsafeFlags(["-use-ld=lld", "-Xlinker", "--version-script=\(root)/Plugins/Support/exports.map"])
]

/// A program in C is linked like one in Swift, with the whole runtime. Linked statically, and without the code that
/// registers a Swift program, nothing of the runtime is left in it.
let withoutSwift: [LinkerSetting] = [.unsafeFlags(["-static-stdlib", "-nostartfiles"])]

func module(
  _ name: String, _ path: String, _ dependencies: [Target.Dependency] = []
) -> Target {
  .target(name: name, dependencies: dependencies, path: path, exclude: notSwift(path), swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies, path: "Tests/" + name, exclude: notSwift("Tests/" + name),
    swiftSettings: strict)
}

func program(_ name: String, _ path: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

/// A plugin is three targets: a library with everything in it, which tests use, its manifest in C, which puts it into an
/// ELF note, and a thin entry that no test links, because two entries in one program would define the same symbol twice.
func plugin(
  _ name: String, _ path: String, _ dependencies: [Target.Dependency]
) -> [Target] {
  [
    .target(
      name: name + "Manifest", dependencies: ["CPluginAPI"], path: path + "/Manifest", exclude: ["manifest.json"]),
    module(name + "Plugin", path + "/Library", dependencies + [.target(name: name + "Manifest")]),
    .target(
      name: name + "Entry", dependencies: [.target(name: name + "Plugin"), "PluginKit0", "CPluginAPI"],
      path: path + "/Entry", swiftSettings: strict, linkerSettings: pluginLinker),
  ]
}

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let grpcCore: Target.Dependency = .product(name: "GRPCCore", package: "grpc-swift-2")
let grpcProtobuf: Target.Dependency = .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let grpcPosix: Target.Dependency = .product(
  name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let grpcInProcess: Target.Dependency = .product(name: "GRPCInProcessTransport", package: "grpc-swift-2")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK: Target.Dependency = .product(name: "NIOHPACK", package: "swift-nio-http2")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")

let agentTargets: [Target] = [
  .target(name: "CPluginAPI", path: "Sources/PluginAPI/CPluginAPI", exclude: ["README.md"]),
  module("PluginKit0", "Sources/PluginAPI/PluginKit", ["CPluginAPI"]),

  module("EventModel", "Sources/Agent/EventModel"),
  module("CivilTime", "Sources/Agent/CivilTime"),
  module("Store", "Sources/Agent/Store", ["EventModel"]),
  module("StoreTesting", "Sources/Agent/StoreTesting", ["EventModel", "Store"]),
  module("StoreSQL", "Sources/Agent/StoreSQL", ["EventModel", "Store", crypto]),
  module("StoreSQLite", "Sources/Agent/StoreSQLite", ["EventModel", "Store", "StoreSQL", grdb]),
  .systemLibrary(
    name: "CPostgreSQL", path: "Sources/Agent/CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
  module(
    "StorePostgreSQL", "Sources/Agent/StorePostgreSQL", ["CPostgreSQL", "EventModel", "Store", "StoreSQL"]),
  module(
    "StoreMove", "Sources/Agent/StoreMove",
    ["EventModel", "Store", "StoreSQL", "StoreSQLite", "StorePostgreSQL", crypto]),
  module("PluginFile", "Sources/PluginAPI/PluginFile", [crypto]),
  module("RunnerProtocol", "Sources/Agent/RunnerProtocol", [protobuf]),
  module(
    "PluginHost", "Sources/Agent/PluginHost",
    ["CPluginAPI", "EventModel", "PluginFile", "RunnerProtocol", log, protobuf]),
  .systemLibrary(
    name: "CProtobufC", path: "Sources/Agent/CProtobufC", pkgConfig: "libprotobuf-c",
    providers: [.apt(["libprotobuf-c-dev"])]),
  .executableTarget(
    name: "carillon-runner", dependencies: ["CPluginAPI", "CProtobufC"], path: "Sources/Agent/Runner",
    exclude: ["README.md", "runner.proto"], linkerSettings: withoutSwift),
  module(
    "Pipeline", "Sources/Agent/Pipeline",
    ["EventModel", "CivilTime", "Store", log, collections, lifecycle]),
  module(
    "ControlPlane", "Sources/Agent/ControlPlane",
    [
      "ControlAPI", "EventModel", "CivilTime", "Store", log, lifecycle,
      grpcCore, grpcProtobuf, grpcPosix, protobuf, nioCore, nioPosix, nioTLS, nioSSL, nioHTTP2, nioHPACK, x509, asn1,
      crypto,
    ]),
  module("Telemetry", "Sources/Agent/Telemetry", ["EventModel", log, lifecycle, hummingbird]),
  module("Certificates", "Sources/Agent/Certificates", ["EventModel", crypto, x509, asn1]),
  module("ControlAPI", "Proto/Generated", [grpcCore, grpcProtobuf, protobuf]),
  module(
    "Daemon", "Sources/Agent/Daemon/Kit",
    [
      "EventModel", "CivilTime", "Store", "StoreSQL", "StoreSQLite", "StorePostgreSQL", "StoreMove", "PluginHost",
      "Pipeline", "ControlPlane", "Certificates", "Telemetry", crypto, log, lifecycle, signals, yaml, arguments,
    ]),
  program("agent", "Sources/Agent/Daemon/Main", ["Daemon", arguments]),
]

let ctlTargets: [Target] = [
  module(
    "CtlKit", "Sources/ctl/CtlKit",
    [
      "AuthorDesk", "ControlAPI", "EventModel", "PluginFile", "PluginTesting", arguments, yaml, crypto, grpcCore,
      grpcProtobuf, grpcPosix, protobuf, nioCore, nioPosix, nioHTTP1, nioSSL, x509, asn1,
    ]),
  .target(name: "CPluginTesting", path: "Sources/PluginAPI/CPluginTesting"),
  module(
    "PluginTesting", "Sources/PluginAPI/PluginTesting",
    ["CPluginAPI", "CPluginTesting", "CivilTime", "EventModel", "PluginHost", log]),
  module("AuthorDesk", "Sources/ctl/AuthorDesk", ["CivilTime", "EventModel", "PluginHost", log]),
  program("ctl", "Sources/ctl/Main", ["CtlKit", arguments]),
]

let pluginTargets: [Target] =
  [
    .target(
      name: "CCurl", path: "Plugins/Support/CCurl", exclude: ["README.md"],
      linkerSettings: [.linkedLibrary("curl")]),
    module("HTTPTransport", "Plugins/Support/HTTPTransport", ["CCurl"]),
    module("SMTPTransport", "Plugins/Support/SMTPTransport", ["CCurl"]),
    module("Occasions", "Plugins/Support/Occasions", ["PluginKit0", mustache]),
    .target(
      name: "CICal", path: "Plugins/Support/CICal", exclude: ["README.md"], linkerSettings: [.linkedLibrary("ical")]),
    module("Recurrence", "Plugins/Support/Recurrence", ["CICal", "PluginKit0"]),
  ]
  + plugin("Birthday", "Plugins/EventTypes/Birthday", ["PluginKit0", "Occasions"])
  + plugin("Anniversary", "Plugins/EventTypes/Anniversary", ["PluginKit0", "Occasions"])
  + plugin("Reminder", "Plugins/EventTypes/Reminder", ["PluginKit0", "Occasions", "Recurrence"])
  + plugin("Notification", "Plugins/EventTypes/Notification", ["PluginKit0", "Occasions"])
  + plugin("Webhook", "Plugins/Sinks/Webhook", ["PluginKit0", "HTTPTransport", "Occasions", crypto])
  + plugin("Discord", "Plugins/Sinks/Discord", ["PluginKit0", "HTTPTransport"])
  + plugin("Email", "Plugins/Sinks/Email", ["PluginKit0", "SMTPTransport", crypto])

/// The plugins behind `ctl plugin check-host`. Nothing of Swift's runtime is in them, which an agent's must not meet twice.
let hostCheckTargets: [Target] = ["Hostile", "Witness"].map { name in
  .target(
    name: name + "Plugin", dependencies: ["CPluginAPI"], path: "Plugins/HostCheck/" + name,
    linkerSettings: pluginLinker + withoutSwift)
}

/// The real programs as child processes, for the end-to-end tests and the benchmarks.
let harnessTargets: [Target] = [
  module(
    "AgentHarness", "Tests/AgentHarness", ["ControlAPI", grpcCore, grpcPosix, protobuf, subprocess, system]),
  .target(name: "CBareLoop", path: "Tests/Benchmarks/BareLoop", linkerSettings: [.linkedLibrary("curl")]),
  program(
    "carillon-bench", "Tests/Benchmarks/Main",
    [
      "AgentHarness", "CivilTime", "CBareLoop", "CPluginAPI", "EventModel", "PluginHost", "ControlAPI", "PluginKit0",
      "Recurrence", "Store", "StorePostgreSQL", log, arguments, grpcCore, grpcPosix, protobuf,
    ]),
  program("plugin-case", "Tests/PluginCase", ["PluginTesting"]),
  program("store-writer", "Tests/StoreWriter", ["EventModel", "Store", "StoreSQL", "StoreSQLite"]),
]

let testTargets: [Target] = [
  tests("CivilTime", ["CivilTime"]),
  tests("EventModel", ["EventModel"]),
  tests("Store", ["Store", "StoreSQL", "StoreSQLite", "StoreTesting", "EventModel", "store-writer", grdb]),
  tests(
    "PostgreSQL",
    [
      "StoreMove", "StorePostgreSQL", "StoreSQLite", "CPostgreSQL", "Store", "StoreSQL", "StoreTesting", "EventModel",
    ]),
  tests(
    "PluginHost", ["PluginHost", "CPluginAPI", "EventModel", "RunnerProtocol", "carillon-runner", log, protobuf]),
  tests("PluginFile", ["PluginFile", crypto]),
  tests("PluginTesting", ["PluginTesting", "ctl", "plugin-case"]),
  tests("PluginTemplates", ["PluginHost", "EventModel", "ctl", log]),
  tests("Examples", ["PluginHost", "EventModel", "carillon-runner", "ctl", log]),
  tests("PluginKit", ["PluginKit0", "CPluginAPI"]),
  tests("EventTypes", ["PluginKit0", "Occasions", "AnniversaryPlugin", "BirthdayPlugin", "NotificationPlugin"]),
  tests("Reminder", ["PluginKit0", "CivilTime", "Recurrence", "ReminderPlugin"]),
  tests("Webhook", ["PluginKit0", "HTTPTransport", "WebhookPlugin"]),
  tests("Discord", ["PluginKit0", "HTTPTransport", "DiscordPlugin"]),
  tests(
    "Pipeline",
    [
      "Pipeline", "EventModel", "CivilTime", "Store", "StoreSQL", "StoreSQLite", "PluginKit0", "AnniversaryPlugin",
      "BirthdayPlugin", "ReminderPlugin", log, lifecycle,
    ]),
  tests(
    "ControlPlane",
    [
      "ControlPlane", "ControlAPI", "EventModel", "CivilTime", "Store", "StoreSQL", "StoreSQLite", log, lifecycle,
      grpcCore, grpcProtobuf, grpcPosix, grpcInProcess, protobuf, nioCore, nioPosix, nioSSL, x509, asn1, crypto,
    ]),
  tests(
    "CtlKit",
    [
      "CtlKit", "ControlAPI", "ctl", arguments, grpcCore, grpcProtobuf, grpcPosix, protobuf, nioCore, nioPosix, x509,
      asn1,
      crypto,
    ]),
  tests("Certificates", ["Certificates", "EventModel"]),
  tests(
    "Daemon",
    [
      "Daemon", "Certificates", "ControlPlane", "EventModel", "Pipeline", "PluginHost", "Telemetry", "carillon-runner",
      log,
    ]),
  tests(
    "EndToEnd",
    ["AgentHarness", "ControlAPI", grpcCore, grpcPosix, protobuf, nioCore, nioPosix, nioHTTP1]),
  tests("Email", ["PluginKit0", "SMTPTransport", "EmailPlugin"]),
  tests("Clients", ["AgentHarness", "ControlAPI", protobuf]),
  tests("CheckHost", ["AgentHarness", "ctl"]),
  tests("Docs", ["AgentHarness"]),
  tests("Servers", ["AgentHarness"]),
]

let package = Package(
  name: "carillon",
  products: [
    .executable(name: "agent", targets: ["agent"]),
    .executable(name: "ctl", targets: ["ctl"]),
    .library(name: "carillon-anniversary", type: .dynamic, targets: ["AnniversaryEntry"]),
    .library(name: "carillon-birthday", type: .dynamic, targets: ["BirthdayEntry"]),
    .library(name: "carillon-discord", type: .dynamic, targets: ["DiscordEntry"]),
    .library(name: "carillon-email", type: .dynamic, targets: ["EmailEntry"]),
    .library(name: "carillon-notification", type: .dynamic, targets: ["NotificationEntry"]),
    .library(name: "carillon-reminder", type: .dynamic, targets: ["ReminderEntry"]),
    .library(name: "carillon-webhook", type: .dynamic, targets: ["WebhookEntry"]),
    .library(name: "hostile-plugin", type: .dynamic, targets: ["HostilePlugin"]),
    .library(name: "witness-plugin", type: .dynamic, targets: ["WitnessPlugin"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
    .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
    .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
  ],
  targets: agentTargets + ctlTargets + pluginTargets + hostCheckTargets + harnessTargets + testTargets,
  cLanguageStandard: .c11
)
