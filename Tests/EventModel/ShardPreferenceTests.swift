import EventModel
import Testing

@Suite struct ShardPreferenceTests {
  private let berlin = Shard(zoneGroup: "europe", slot: 7)
  private let rome = Shard(zoneGroup: "europe", slot: 8)
  private let tokyo = Shard(zoneGroup: "asia", slot: 7)

  /// Patterns, and whether they match Berlin's, Rome's and Tokyo's shard.
  private static let table: [([String], [Bool])] = [
    (["europe/07"], [true, false, false]), (["europe/7"], [true, false, false]), (["europe/*"], [true, true, false]),
    (["Europe/*", "asia/07"], [true, true, true]), (["africa/*"], [false, false, false]),
    (["all"], [false, false, false]), ([], [false, false, false]),
  ]

  @Test("patterns match what they name", arguments: table)
  func matches(patterns: [String], expected: [Bool]) throws {
    let preference = try ShardPreference(patterns: patterns)
    #expect([berlin, rome, tokyo].map(preference.matches) == expected)
    #expect(preference.isEmpty == (patterns.isEmpty || patterns == ["all"]))
  }

  @Test("the fewest patterns that say the same are shown, and read back as the same")
  func canonical() throws {
    let preference = try ShardPreference(patterns: ["europe/07", "asia/3", "EUROPE/*", "asia/03"])
    #expect(preference.patterns == ["asia/03", "europe/*"])
    #expect(preference.description == "asia/03, europe/*")
    #expect(try ShardPreference(patterns: preference.patterns) == preference)
    #expect(try ShardPreference(patterns: ["all", "all"]).description == "all")
  }

  @Test(
    "what is no pattern is refused by its words",
    arguments: [
      "", "europe", "europe/", "/07", "*/07", "*/*", "*", "europe/16", "europe/-1", "europe/007", "europe/07/1",
      "europe/٧", "europa mia/1", "ALL", String(repeating: "e", count: 33) + "/*",
    ])
  func refused(pattern: String) {
    let error = #expect(throws: ModelError.self) { try ShardPreference(patterns: ["asia/*", pattern], field: "f") }
    #expect(error?.violations.map(\.field) == ["f"])
    #expect(error?.description.contains("must be all, a zone group such as europe/*") == true)
    #expect(error.map { $0.description.utf8.count < 200 } == true)
  }

  @Test("every fault is told at once, and \"all\" stands alone")
  func faults() {
    let two = #expect(throws: ModelError.self) { try ShardPreference(patterns: ["x", "asia/*", "y/99"]) }
    #expect(two?.violations.count == 2)
    let mixed = #expect(throws: ModelError.self) { try ShardPreference(patterns: ["all", "asia/*"]) }
    #expect(mixed?.description.contains("stands alone") == true)
  }

  @Test("64 patterns are allowed, 65 are not")
  func bound() throws {
    let many = (0..<65).map { "g\($0)/*" }
    #expect(try ShardPreference(patterns: Array(many.prefix(64))).zoneGroups.count == 64)
    let error = #expect(throws: ModelError.self) { try ShardPreference(patterns: many) }
    #expect(error?.description.contains("at most 64 patterns, not 65") == true)
  }

  @Test("a union prefers what either does")
  func union() throws {
    let both = try ShardPreference(patterns: ["europe/07"]).union(ShardPreference(patterns: ["europe/*", "asia/07"]))
    #expect(both.patterns == ["asia/07", "europe/*"])
    #expect(both.union(.none) == both)
  }
}
