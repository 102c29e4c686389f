import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("Loading: a bad plugin is told clearly, and stops nothing but itself")
struct LoadingTests {
  @Test("A good plugin loads, starts, and says what it is")
  func good() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try await Fixture.build("event_type", into: folder)
    let lines = LogLines()
    let registry = try await Fixture.registry(folder, lines: lines)
    #expect(registry.problems.isEmpty, "\(registry.problems)")
    let plugin = try #require(registry.plugin(named: "yearly"))
    #expect(plugin.manifest.version == "1.2.3" && plugin.manifest.vendor == "Tests" && plugin.file.hasSuffix(file))
    #expect(registry.eventTypeNames == ["yearly"])
    #expect(lines.all.contains("warning up and running instance=one plugin=yearly"), "\(lines.all)")
    await registry.stop()
  }

  @Test(
    "What is wrong is named, with the file, and the good plugin beside it loads",
    arguments: [
      (["MAJOR=7"], .wrongVersion, "version 7 of the plugin ABI; this host has version 0"),
      (["SIZE=40"], .malformedPlugin, "struct_size of 40; at least 48"),
      (["SIZE=4"], .malformedPlugin, "struct_size of 4"),
      (["TABLE_SIZE=40"], .malformedPlugin, "carillon.event-type/1 lacks destroy"),
      (["SYMBOL=carillon_plugin_v2"], .missingSymbol, "does not export carillon_plugin_v1"),
      (["START=CARILLON_FAILED"], .failed, "not today"),
      ([Fixture.manifest("{")], .malformedPlugin, "the manifest is malformed: JSON, line 1, column 2"),
      ([Fixture.manifest("{\"id\":\"x\"}")], .malformedPlugin, "/name: is required"),
      (
        [
          Fixture.manifest("{\"id\":\"a.b\",\"name\":\"n\",\"version\":\"1\",\"provides\":[\"carillon.event-type/1\"]}")
        ],
        .malformedPlugin, "/version: must match"
      ),
      (
        [Fixture.manifest("{\"id\":\"a.b\",\"name\":\"n\",\"version\":\"1.0.0\",\"provides\":[\"carillon.tea/1\"]}")],
        .missingInterface, "provides carillon.tea/1"
      ),
      (
        [
          Fixture.manifest(
            "{\"id\":\"a.b\",\"name\":\"n\",\"version\":\"1.0.0\",\"provides\":[\"carillon.sink/1\"]}")
        ], .malformedPlugin, "answers NULL for it"
      ),
      (
        [
          Fixture.manifest(
            "{\"id\":\"a.b\",\"name\":\"n\",\"version\":\"1.0.0\",\"provides\":[\"carillon.event-type/1\"],"
              + "\"requires\":[\"carillon.host.log/1\",\"carillon.host.tea/1\"]}")
        ], .missingInterface, "requires carillon.host.tea/1, which this host does not have"
      ),
      (
        [
          Fixture.manifest(
            "{\"id\":\"a.b\",\"name\":\"n\",\"version\":\"1.0.0\",\"provides\":[\"carillon.event-type/1\"],"
              + "\"schemas\":{\"definition\":{\"contains\":{}}}}")
        ], .unsupportedSchema, "manifest's definition schema, /contains: the keyword \"contains\" is not supported"
      ),
    ] as [([String], PluginHostError.Code, String)])
  func bad(defines: [String], code: PluginHostError.Code, message: String) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("event_type", into: folder, as: "a-bad", defines)
    try await Fixture.build("sink", into: folder)
    let registry = try await Fixture.registry(folder)
    let problem = try #require(registry.problems.first)
    #expect(registry.problems.count == 1 && problem.file.hasSuffix("/a-bad.so") && problem.code == code, "\(problem)")
    #expect(problem.message.contains(message), "\(problem.message)")
    #expect(problem.message.contains("a-bad.so"))
    #expect(registry.plugins.map(\.manifest.name) == ["test-sink"])
    #expect(registry.plugins.map(\.disabledReason) == [nil] && problem.description.contains(message))
    await registry.stop()
  }

  @Test("A plugin of a newer minor version, with larger structures, loads")
  func larger() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    // The host must not read beyond what it knows, whatever the plugin says its structures have.
    try await Fixture.build("event_type", into: folder, ["SIZE=4096", "TABLE_SIZE=4096"])
    let registry = try await Fixture.registry(folder)
    #expect(registry.problems.isEmpty && registry.eventTypeNames == ["yearly"], "\(registry.problems)")
    await registry.stop()
  }

  @Test("A library cut short anywhere is told, and never touched by the loader")
  func cutShort() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let library = try await Fixture.build("event_type", into: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: library))
    let file = folder.url.appendingPathComponent("cut.so")
    var lengths = Array(stride(from: 0, to: whole.count, by: 97)) + [1, 3, 4, 63, 64, 65, whole.count - 1]
    lengths.append(contentsOf: [4_095, 4_096, 4_097, 8_192, 12_288].filter { $0 < whole.count })
    for length in lengths {
      try whole.prefix(length).write(to: file)
      let error = #expect(throws: PluginHostError.self) { try PluginImage.open(file.path, allowsUnsafe: false) }
      #expect(error?.code == .notALibrary, "\(length) bytes: \(String(describing: error))")
      #expect(error?.message.contains(file.path) == true)
    }
  }

  @Test("A library with any one damaged byte in its headers is loaded or refused, and the host lives on")
  func damaged() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let library = try await Fixture.build("event_type", into: folder)
    let whole = try Data(contentsOf: URL(fileURLWithPath: library))
    let file = folder.url.appendingPathComponent("damaged.so")
    for place in 0..<64 {
      for value in [UInt8(0), 0x7f, 0xff] {
        var bytes = whole
        bytes[place] = value
        try bytes.write(to: file)
        let descriptor = open(file.path, O_RDONLY)
        defer { close(descriptor) }
        // Only the check: what passes it may still be nonsense to the loader, which says so itself.
        do throws(PluginHostError) { _ = try ELFFile.read(descriptor, path: file.path) } catch {
          #expect([.notALibrary, .missingSymbol].contains(error.code))
        }
      }
    }
  }

  @Test("What is no library at all is told")
  func noLibrary() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try Data("#!/bin/sh\n".utf8).write(to: folder.url.appendingPathComponent("script.so"))
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("folder.so"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appendingPathComponent("dangling.so").path, withDestinationPath: "/nowhere")
    try Data().write(to: folder.url.appendingPathComponent("notes.txt"))
    let registry = try await Fixture.registry(folder)
    #expect(registry.problems.map(\.code) == [.unsafeFile, .unsafeFile, .notALibrary], "\(registry.problems)")
    await registry.stop()
  }

  @Test("A missing folder is told, the others are used")
  func missingFolder() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder)
    let registry = try await Fixture.registry(folder, options: { $0.folders.insert("/nowhere/plugins", at: 0) })
    #expect(registry.problems.map(\.code) == [.unsafeFolder] && registry.plugins.count == 1)
    await registry.stop()
  }

  @Test("The first folder wins, and the other file is told")
  func firstFolderWins() async throws {
    let first = try TemporaryFolder()
    let second = try TemporaryFolder()
    defer {
      first.remove()
      second.remove()
    }
    let wins = try await Fixture.build("event_type", into: first, as: "z")
    try await Fixture.build("event_type", into: second, as: "a")
    let lines = LogLines()
    let registry = try await Fixture.registry(first, second, first, lines: lines)
    #expect(registry.plugins.map(\.file).allSatisfy { $0.hasSuffix(wins) } && registry.plugins.count == 1)
    #expect(registry.problems.map(\.code) == [.duplicateName])
    #expect(lines.all.contains { $0.hasPrefix("notice plugin not used") && $0.contains("loaded from") }, "\(lines.all)")
    await registry.stop()
  }

  @Test("A file or folder that others can change is refused, unless that is allowed in so many words")
  func writableByOthers() async throws {
    for mode in [0o775, 0o757] {
      let folder = try TemporaryFolder()
      defer { folder.remove() }
      let file = try await Fixture.build("sink", into: folder)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      #expect(try await Fixture.registry(folder).problems.map(\.code) == [.unsafeFile])
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.url.path)
      #expect(try await Fixture.registry(folder).problems.map(\.code) == [.unsafeFolder])
      let allowed = try await Fixture.registry(folder, options: { $0.allowsUnsafeFiles = true })
      #expect(allowed.problems.isEmpty && allowed.plugins.count == 1)
      await allowed.stop()
    }
  }

  @Test("Two registries in one process each have a copy of their own")
  func twoRegistries() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("event_type", into: folder)
    let first = try await Fixture.registry(folder)
    let second = try await Fixture.registry(folder)
    for registry in [first, second] {
      #expect(registry.problems.isEmpty, "\(registry.problems)")
      let results = await registry.eventType(named: "yearly")?.next([Sample.request()])
      #expect(results?.first?.value?.map(\.key) == ["2026", "2027", "2028"])
    }
    await first.stop()
    await second.stop()
  }
}
