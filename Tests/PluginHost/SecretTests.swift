import CPluginAPI
import Testing

@testable import PluginHost

@Suite("Which secrets an instance may ask for")
struct SecretTests {
  private static let table = SecretTable(
    resolver: SecretResolver(environment: { ["TOKEN": "t", "OTHER": "o", "TOKEN2": "2"][$0] }))

  private static func status(_ table: SecretTable, _ instance: String, _ reference: String) -> Int32 {
    table.resolve(instance, reference) { _ in }.status
  }

  private static func configuration(_ text: String) throws -> JSONValue { try JSONParser.parse(text) }

  @Test("Those that stand as whole strings in its own configuration, at any depth, and no others")
  func own() throws {
    let table = Self.table
    let a = try Self.configuration(
      #"{"token": "env:TOKEN", "text": "use env:OTHER here", "env:TOKEN2": 1, "deep": [{"x": ["env:UNSET"]}]}"#)
    let b = try Self.configuration(#"{"token": "env:OTHER"}"#)
    _ = table.allow("own-a", configuration: a)
    _ = table.allow("own-b", configuration: b)
    #expect(Self.status(table, "own-a", "env:TOKEN") == CARILLON_OK)
    #expect(Self.status(table, "own-a", "env:UNSET") == CARILLON_NOT_FOUND)
    // Another instance's; a part of a string; a member's name; a beginning; of nobody.
    for (instance, reference) in [
      ("own-a", "env:OTHER"), ("own-b", "env:TOKEN"), ("own-a", "env:TOKEN2"), ("own-a", "env:TOKE"),
      ("own-c", "env:TOKEN"), ("", "env:TOKEN"),
    ] {
      #expect(Self.status(table, instance, reference) == CARILLON_DENIED, "\(instance) \(reference)")
    }
  }

  @Test("After it ended none; one of the same name that lives keeps its own")
  func ended() throws {
    let table = Self.table
    let first = table.allow("ended", configuration: try Self.configuration(#"["env:TOKEN", "env:OTHER"]"#))
    let second = table.allow("ended", configuration: try Self.configuration(#"["env:TOKEN"]"#))
    table.forget("ended", first)
    #expect(Self.status(table, "ended", "env:TOKEN") == CARILLON_OK)
    #expect(Self.status(table, "ended", "env:OTHER") == CARILLON_DENIED)
    table.forget("ended", second)
    table.forget("ended", second)
    #expect(Self.status(table, "ended", "env:TOKEN") == CARILLON_DENIED)
  }

  @Test("A sink that was destroyed, or never made, has none")
  func destroyed() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder)
    let registry = try await Fixture.registry(folder, environment: ["TOKEN": "t"])
    let configuration = #"{"mode":"secret","token":"env:TOKEN"}"#
    let sink = try await registry.makeSink(plugin: "test-sink", name: "x", configurationJSON: configuration)
    let secrets = sink.plugin.secrets
    #expect(Self.status(secrets, "x", "env:TOKEN") == CARILLON_OK)
    await sink.destroy()
    #expect(Self.status(secrets, "x", "env:TOKEN") == CARILLON_DENIED)
    await registry.stop()
  }
}
