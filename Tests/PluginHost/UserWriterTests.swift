import EventModel
import Testing

@testable import PluginHost

@Suite("A user's JSON, as a plugin gets it")
struct UserWriterTests {
  private static func user(_ name: String) -> UserSnapshot {
    UserSnapshot(
      id: "id", displayName: name, givenName: "", familyName: "", nickname: "", locale: "", timeZone: "UTC",
      datesJSON: "", addressesJSON: "{\"email\":\"a@b.example\"}", attributesJSON: "{}", paused: false)
  }

  private static func write(_ user: UserSnapshot?, _ fields: UserFields) throws -> String {
    try ArenaPool.with { arena throws(PluginHostError) in
      var writer = UserWriter(fields: fields)
      return writer.write(user, in: arena).text(maximumBytes: 1 << 20)
    }
  }

  @Test("Any name at all comes back from the JSON as it was", arguments: [UInt64(1), 2, 3])
  func escaping(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("ab\"\\/\u{0}\u{1f}\u{20}\u{7f}\n\té\u{2028}😀 xyz0123456789".unicodeScalars)
    for length in 0..<300 {
      var name = String.UnicodeScalarView()
      for _ in 0..<length {
        name.append(Bool.random(using: &random) ? "n" : alphabet[Int.random(in: alphabet.indices, using: &random)])
      }
      let text = try Self.write(Self.user(String(name)), .names)
      guard case .object(let object) = try JSONParser.parse(text) else {
        Issue.record("no object: \(text)")
        return
      }
      #expect(object["display_name"] == .string(String(name)), "\(text)")
    }
  }

  @Test(
    "Only what the manifest reads is there; id and zone always are",
    arguments: [
      ([], ["id", "time_zone"]), ([.locale], ["id", "time_zone", "locale"]),
      ([.dates, .attributes], ["id", "time_zone", "dates", "attributes"]),
      ([.addresses], ["id", "time_zone", "addresses"]),
      ([.names], ["id", "time_zone", "display_name", "given_name", "family_name", "nickname"]),
    ] as [(UserFields, [String])])
  func withheld(fields: UserFields, names: [String]) throws {
    guard case .object(let object) = try JSONParser.parse(try Self.write(Self.user("Ada"), fields)) else {
      Issue.record("no object")
      return
    }
    #expect(object.members.map(\.name) == names)
  }

  @Test("Nobody is an empty object")
  func nobody() throws {
    #expect(try Self.write(nil, .names) == "{}")
  }

  @Test("An arena grows to what a batch needs, and gives nothing out twice")
  func arena() throws {
    let arena = Arena()
    for _ in 0..<3 {
      let texts = (0..<2_000).map { String(repeating: "x", count: $0 % 701) + "\($0)" }
      let copies = texts.map { arena.copy($0) }
      for (text, copy) in zip(texts, copies) { #expect(copy.text(maximumBytes: 10_000) == text) }
      arena.reset()
    }
  }
}
