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
  var library: String { "libcarillon-\(name).so" }
  var file: String { "\(scratch.path)/\(name)/\(library)" }

  /// Makes, and hands it to `change` before it is built.
  init(
    _ language: String, _ kind: Kind, in scratch: Scratch, name: String = "pager-2",
    make: [String] = [], change: (Scratch) throws -> Void = { _ in }
  ) async throws {
    self.scratch = scratch
    self.name = name
    var tool = Tool(scratch: scratch)
    tool.environment["PKG_CONFIG_PATH"] = "\(scratch.path)/prefix/lib/pkgconfig"
    tool.environment["CTL"] = Place.ctl
    self.tool = tool
    let headers = try await tool("\(Place.root.path)/deploy/install-headers.sh", "\(scratch.path)/prefix")
    try #require(headers.status == 0, "\(headers.errors)")
    let new = try await tool(Place.ctl, "plugin", "new", "--lang", language, "--kind", kind.rawValue, name)
    try #require(new.status == 0, "\(new.errors)")
    try change(scratch)
    let built = try await tool.run(["make"] + make, in: name)
    try #require(built.status == 0, "\(built.output)\(built.errors)")
  }

  /// The plugin in a host, as an agent has it.
  func hosted(_ body: (PluginRegistry) async throws -> Void) async throws {
    let time = TimeService(instant: { _, _, _, _ in nil }, civil: { _, _ in nil })
    let registry = PluginRegistry(
      options: PluginHostOptions(folders: ["\(scratch.path)/\(name)"]),
      services: HostServices(logger: Logger(label: "test"), time: time))
    try await registry.start()
    #expect(registry.problems.isEmpty, "\(registry.problems)")
    #expect(registry.plugins.map(\.manifest.name) == [name])
    try await body(registry)
    await registry.stop()
  }

  /// `make check` and `make install`.
  func checkAndInstall(_ make: [String]) async throws {
    let check = try await tool.run(["make", "check"] + make, in: name)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    let install = try await tool.run(["make", "install"] + make, in: name)
    #expect(install.status == 0, "\(install.errors)")
    let installed = "\(scratch.path)/prefix/lib/carillon/plugins/\(library)"
    #expect(FileManager.default.fileExists(atPath: installed))
    let symbols = try await tool("nm", "-D", "--defined-only", file)
    let exported = symbols.output.split(separator: "\n").compactMap { $0.split(separator: " ").last }
    #expect(exported == ["carillon_plugin_v1"])
  }
}
