import EventModel
import Testing

@testable import PluginHost

@Suite("What a plugin gets to know of a user")
struct ReadsTests {
  /// What stands in the JSON of `Sample.user` for each field that a manifest may read.
  private static let words: [(field: String, word: String)] = [
    ("names", "Lovelace"), ("locale", "en-GB"), ("dates", "1990-03-09"), ("addresses", "a@b.example"),
    ("attributes", "team"),
  ]

  @Test(
    "Only what its manifest reads, in every call that has a user",
    arguments: [[], ["names"], ["locale"], ["dates"], ["addresses"], ["attributes"], words.map(\.field)])
  func withheld(reads: [String]) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let list = "[" + reads.map { "\\\"\($0)\\\"" }.joined(separator: ",") + "]"
    try await Fixture.build("reads", into: folder, ["READS=\"\(list)\""])
    let lines = LogLines()
    let registry = try await Fixture.registry(folder, lines: lines)
    let eventType = try #require(registry.eventType(named: "reads"), "\(registry.problems)")
    _ = await eventType.next([Sample.request()])
    _ = await eventType.render([Sample.event()])
    let sink = try await registry.makeSink(plugin: "reads", name: "x", configurationJSON: "{}")
    try await sink.activate()
    let results = Results()
    sink.deliver([Sample.delivery(1)], completion: results.completion)
    _ = await results.wait(1)
    await registry.stop()
    for call in ["next", "render", "deliver"] {
      let line = try #require(lines.all.first { $0.hasPrefix("info \(call) ") }, "\(lines.all)")
      #expect(line.contains(#""id":"ada""#) && line.contains(#""time_zone":"Europe/London""#))
      for (field, word) in Self.words { #expect(line.contains(word) == reads.contains(field), "\(field): \(line)") }
      let locale = call != "next" && reads.contains("locale") ? "en-GB" : ""
      #expect(line.hasPrefix("info \(call) <\(locale)> "))
    }
  }
}
