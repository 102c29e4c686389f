import EventModel
import Foundation
import Logging
import PluginHost
import Testing

/// A plugin that `ctl plugin new` made and its own Makefile built, with headers as they are installed.
struct Made {
  enum Kind: String, CaseIterable, Sendable {
    case sink
    case eventType = "event-type"
  }

  let scratch: Scratch
  let tool: Tool
  let name: String
  /// Where its sources are, and its library.
  let folder: String
  var library: String { "libcarillon-\(name).so" }
  var file: String { "\(folder)/\(library)" }

  /// Makes, and hands it to `change` before it is built.
  init(
    _ language: String, _ kind: Kind, in scratch: Scratch, name: String = "pager-2",
    make: [String] = [], change: (Scratch) throws -> Void = { _ in }
  ) async throws {
    self.scratch = scratch
    self.name = name
    folder = "\(scratch.path)/\(name)"
    var tool = Tool(scratch: scratch)
    tool.environment["PKG_CONFIG_PATH"] = "\(scratch.path)/prefix/lib/pkgconfig"
    tool.environment["CTL"] = Place.ctl
    self.tool = tool
    try await Self.installHeaders(tool, "\(scratch.path)/prefix")
    let new = try await tool(Place.ctl, "plugin", "new", "--lang", language, "--kind", kind.rawValue, name)
    try #require(new.status == 0, "\(new.errors)")
    try change(scratch)
    let built = try await tool.run(["make"] + make, in: name)
    try #require(built.status == 0, "\(built.output)\(built.errors)")
  }

  private init(_ other: Made, in scratch: Scratch) {
    (self.scratch, name, folder) = (scratch, other.name, other.folder)
    tool = Tool(scratch: scratch, environment: other.tool.environment)
  }

  /// The same plugin, for a test with another scratch folder.
  func lent(to scratch: Scratch) -> Made { Made(self, in: scratch) }

  /// Once in a scratch folder: what is built of it stays up to date.
  private static func installHeaders(_ tool: Tool, _ prefix: String) async throws {
    guard !FileManager.default.fileExists(atPath: prefix) else { return }
    let headers = try await tool("\(Place.root.path)/deploy/install-headers.sh", prefix)
    try #require(headers.status == 0, "\(headers.errors)")
  }

  /// The plugin in a host, as an agent has it.
  func hosted(_ body: (PluginRegistry) async throws -> Void) async throws {
    let time = TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })
    let registry = PluginRegistry(
      options: PluginHostOptions(folders: [folder]),
      services: HostServices(logger: Logger(label: "test"), time: time))
    try await registry.start()
    #expect(registry.problems.isEmpty, "\(registry.problems)")
    #expect(registry.plugins.map(\.manifest.name) == [name])
    try await body(registry)
    await registry.stop()
  }

  /// `make check`, `make install` and `make run`; answers what was printed.
  func checkInstallAndRun(_ make: [String]) async throws -> String {
    let all = try await tool.run(["make", "check", "install", "run"] + make, in: name)
    #expect(all.status == 0, "\(all.output)\(all.errors)")
    let installed = "\(scratch.path)/prefix/lib/carillon/plugins/\(library)"
    #expect(FileManager.default.fileExists(atPath: installed))
    let symbols = try await tool("nm", "-D", "--defined-only", file)
    let exported = symbols.output.split(separator: "\n").compactMap { $0.split(separator: " ").last }
    #expect(exported == ["carillon_plugin_v1"])
    return all.output
  }
}
