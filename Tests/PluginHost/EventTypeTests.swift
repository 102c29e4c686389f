import EventModel
import Testing

@testable import PluginHost

@Suite("Event types: what a plugin answers is checked before it is believed")
struct EventTypeTests {
  private static func withEventType(
    _ defines: [String] = [], callLimit: Duration = .seconds(20), _ body: (EventTypeInstance) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("event_type", into: folder, defines)
    let registry = try await Fixture.registry(folder, options: { $0.callLimit = callLimit })
    try await body(try #require(registry.eventType(named: "yearly"), "\(registry.problems)"))
    await registry.stop()
  }

  @Test("The occurrences after a cursor, for each request of a batch")
  func next() async throws {
    try await Self.withEventType { type in
      let results = await type.next([Sample.request(), Sample.request(isStart: false), Sample.request("ended")])
      let first = try results[0].get()
      #expect(first.map(\.key) == ["2026", "2027", "2028"] && first.map(\.ordinal) == [1, 2, 3])
      #expect(first[0].when == .civil(Sample.start))
      #expect(results[1].value?.map(\.key) == ["2027", "2028", "2029"])
      #expect(results[2].value?.isEmpty == true)
      let instant = try await type.next([Sample.request("instant", maximum: 1)])[0].get()
      #expect(instant[0].when == .instant(Timestamp(microseconds: 1_773_046_801_000_000)))
    }
  }

  @Test("Alone at a start, an occurrence may be before it; after another one it may not")
  func beforeTheStart() async throws {
    try await Self.withEventType { type in
      let alone = try await type.next([Sample.request("before", maximum: 1)])[0].get()
      #expect(alone.map(\.key) == ["2026"])
      let after = await type.next([Sample.request("before", maximum: 1, isStart: false)])[0].failure
      #expect(after?.message.contains("before what it was to follow") == true, "\(String(describing: after))")
    }
  }

  @Test("More requests than one call takes are all answered, in order")
  func manyRequests() async throws {
    try await Self.withEventType { type in
      let results = await type.next((0..<1_000).map { Sample.request(maximum: $0 % 5 + 1) })
      #expect(results.map { $0.value?.count } == (0..<1_000).map { $0 % 5 + 1 })
    }
  }

  @Test(
    "One bad schedule fails alone, and says what the plugin did",
    arguments: [
      ("refuse", "this schedule is refused"), ("flood", "more than the 3 occurrences"),
      ("bad-key", "the key \"a key\""),
      ("twice", "the key \"same\" twice"), ("before", "before what it was to follow"), ("no-date", "does not exist"),
      ("ordinal", "the ordinal 0 after 0"), ("kind", "the kind 7"), ("stray", "for request 1000 of 1"),
    ])
  func badSchedule(word: String, message: String) async throws {
    try await Self.withEventType { type in
      let results = await type.next([Sample.request(), Sample.request(word), Sample.request()])
      #expect(results[0].value?.count == 3 && results[2].value?.count == 3)
      let error = try #require(results[1].failure)
      #expect(error.message.contains(message) && error.message.contains("plugin yearly"), "\(error)")
      #expect(error.isPermanent)
    }
  }

  @Test("A definition is checked by its schema first, then by the plugin, all faults at once")
  func validate() async throws {
    try await Self.withEventType { type in
      try await type.validate(definitionJSON: "{\"do\":\"fine\"}")
      let schema = await #expect(throws: PluginHostError.self) {
        try await type.validate(definitionJSON: "{\"DO\":1,\"n\":1.5}")
      }
      #expect(
        schema?.violations.map(\.pointer) == ["/do", "/DO", "/n"]
          && schema?.violations[1].message == "is unknown; allowed are do, n", "\(String(describing: schema))")
      let own = await #expect(throws: PluginHostError.self) {
        try await type.validate(definitionJSON: "{\"do\":\"odd\"}")
      }
      #expect(own?.code == .invalidDocument && own?.violations.map(\.code) == ["odd", "range"])
      let malformed = await #expect(throws: PluginHostError.self) { try await type.validate(definitionJSON: "{") }
      #expect(malformed?.code == .malformedJSON)
    }
  }

  @Test("An event's message, with only the user's fields that the manifest reads")
  func render() async throws {
    try await Self.withEventType { type in
      let results = await type.render([Sample.event(), Sample.event(id: "evt_1_2027", user: nil)])
      let message = try results[0].get()
      #expect(message.title == "evt_1_2026" && message.contentType == "application/json")
      let expected =
        "{\"id\":\"ada\",\"time_zone\":\"Europe/London\",\"display_name\":\"Ada \\\"A\\\" L.\\u000a\","
        + "\"given_name\":\"Ada\",\"family_name\":\"Lovelace\",\"nickname\":\"\",\"dates\":{\"birth\":\"1990-03-09\"}}"
      #expect(message.text == expected)
      #expect(throws: Never.self) { try JSONParser.parse(message.text) }
      #expect(results[1].value?.text == "{}" && results[1].value?.title == "evt_1_2027")
    }
  }

  @Test(
    "An event without a proper message is an error of that event alone",
    arguments: [("silent", "no message"), ("long", "a html of 307200 bytes"), ("double", "two messages")])
  func badMessage(word: String, message: String) async throws {
    try await Self.withEventType { type in
      let results = await type.render([Sample.event(), Sample.event(word), Sample.event()])
      #expect(results[0].value?.title == "evt_1_2026" && results[2].value?.title == "evt_1_2026")
      #expect(results[1].failure?.message.contains(message) == true, "\(results[1])")
    }
  }

  @Test("Text that is no UTF-8 is repaired")
  func repaired() async throws {
    try await Self.withEventType { type in
      let results = await type.render([Sample.event("no-utf8")])
      #expect(results[0].value?.text == "a\u{fffd} z")
    }
  }

  @Test("A call that hangs is given up; the next one gets a fresh instance; the fourth disables the plugin")
  func hang() async throws {
    try await Self.withEventType(callLimit: .seconds(1)) { type in
      for strike in 1...PluginHealth.maximumStrikes {
        #expect(await type.next([Sample.request("hang")])[0].failure?.code == .timeLimit)
        let after = await type.next([Sample.request()])[0]
        if strike < PluginHealth.maximumStrikes {
          #expect(after.value?.count == 3)
        } else {
          #expect(after.failure?.code == .pluginDisabled && after.failure?.message.contains("4 calls") == true)
        }
      }
      #expect(type.plugin.disabledReason?.contains("next") == true)
    }
  }

  @Test("A plugin that allows it is called in parallel")
  func parallel() async throws {
    try await Self.withEventType(["MODEL=CARILLON_PARALLEL"]) { type in
      await withTaskGroup(of: Int.self) { group in
        for _ in 0..<50 { group.addTask { await type.next([Sample.request()])[0].failure == nil ? 1 : 0 } }
        #expect(await group.reduce(0, +) == 50)
      }
    }
  }

  @Test("A configuration that `create` refuses keeps the event type out, with the plugin's own words on one line")
  func refusedConfiguration() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("event_type", into: folder)
    let registry = try await Fixture.registry(
      folder, options: { $0.eventTypeConfigurations = ["yearly": "{\"x\":\"broken\"}"] })
    #expect(registry.eventTypeNames.isEmpty)
    #expect(registry.problems.first?.message.hasSuffix("no room for more") == true, "\(registry.problems)")
    await registry.stop()
  }
}
