import Foundation
import Testing

@testable import PluginHost

@Suite("The copy of a plugin's file in memory")
struct IsolatedImageTests {
  /// The file that a descriptor stands for: numbers are used again, these are not while anybody has it open.
  private static func file(of descriptor: Int32) -> ino_t? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status.st_ino : nil
  }

  @Test("is closed with a plugin that ran in processes of its own, so that a reload costs no descriptor")
  func closed() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder)
    let registry = try await Fixture.registry(folder, options: { Isolated.options(&$0) })
    let (descriptor, file) = try await Self.loadAndDiscard(registry)
    #expect(await Isolated.eventually { Self.file(of: descriptor) != file })
    await registry.stop()
  }

  /// Loads a second version, and ends it: nobody holds it when this returns.
  private static func loadAndDiscard(_ registry: PluginRegistry) async throws -> (Int32, ino_t) {
    let plugin = try await registry.prepare(try registry.find("sink.so"), as: "test-sink")
    let file = try #require(Self.file(of: plugin.image.descriptor))
    await registry.discard(plugin)
    return (plugin.image.descriptor, file)
  }
}
