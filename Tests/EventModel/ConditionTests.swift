import EventModel
import Testing

/// What a subscription may ask of an event, and what comes of it.
@Suite struct ConditionTests {
  static let facts: [Condition.Field: String] = [
    .eventType: "reminder", .schedule: "standup", .queue: "normal", .key: "2027-01-15", .test: "false",
    .definition("priority"): "7", .definition("title"): "Stand-up", .userID: "ada", .locale: "de-AT",
    .userTimeZone: "Europe/Vienna", .name("given_name"): "Ada", .attribute("team"): "core", .attribute("contains"): "x",
    .attribute("age"): "36", .address("email"): "ada@example.org",
  ]

  static let table: [(text: String, holds: Bool)] = [
    (#"event.type == "reminder""#, true), (#"event.type == 'reminder'"#, true), (#"event.type != "birthday""#, true),
    (#"user.locale.startsWith("de")"#, true), (#"user.locale.endsWith("DE")"#, false),
    (#"user.time_zone.contains("Vienna")"#, true), (#"user.attributes.team in ["ops", "core"]"#, true),
    (#"user.attributes["team"] == "core""#, true), (#"user.attributes["contains"] == "x""#, true),
    (#"user.attributes["team"].startsWith("co")"#, true), (#"user.attributes.age >= 36"#, true),
    (#"user.attributes.age > 36"#, false), (#"user.attributes.age < 100"#, true), ("definition.priority == 7", true),
    ("definition.priority in [1, 7.0]", true), (#"definition.title == "Stand-up""#, true),
    // As texts, the other way round.
    (#"user.attributes.age < "4""#, true), (#"event.key >= "2027-01-01" && event.key < "2027-02-01""#, true),
    ("has(user.addresses.email)", true), ("has(user.addresses.webhook)", false), ("!has(user.nickname)", true),
    ("event.test == false", true), ("event.test == true", false),
    // Nothing is unequal to everything, and fails all else.
    (#"user.nickname == "x""#, false), (#"user.nickname != "x""#, true), (#"user.nickname.startsWith("")"#, false),
    (#"user.nickname in ["x"]"#, false), ("definition.title > 3", false), ("definition.title != 3", true),
    // && binds closer than ||, and ! closer than both.
    (#"event.queue == "low" && event.type == "x" || user.id == "ada""#, true),
    (#"event.queue == "low" && (event.type == "x" || user.id == "ada")"#, false),
    (#"!(user.id == "ada") || user.id == "ada""#, true), (#"!(user.id == "ada" || user.id == "bob")"#, false),
    (#"  event.type=="reminder"&&user.id=='ada'  "#, true), (#"user.id == "a\"b""#, false),
  ]

  @Test(arguments: table) func itHoldsAsItReads(_ text: String, _ holds: Bool) throws {
    #expect(try Condition(text).holds { Self.facts[$0] } == holds)
  }

  static let nonsense = [
    "", " ", "true", "event", "event.", "event.type", "event.colour == \"x\"", "user.attributes == \"x\"", "== \"x\"",
    "event.type = \"x\"", "event.type == x", "event.type == \"x", "event.type == \"x\" event.type == \"y\"",
    "event.type == \"x\" &&", "(event.type == \"x\"", "event.type in []", "event.type in [\"x\"", "has()",
    "has(event.type", "event.type.startsWith(3)", "event.type.matches(\"x\")", "!", "event.type == 1e999", "\u{0}",
    "user.attributes[team] == \"x\"", "user.attributes[\"team\"", "definition.a.b == 1", "event.type == \"x\" || ",
    String(repeating: "(", count: 40) + "event.test == true" + String(repeating: ")", count: 40),
    String(repeating: "!", count: 40) + "has(user.id)",
    "event.type in [" + Array(repeating: "\"x\"", count: 102).joined(separator: ",") + "]",
    "user.id == \"" + String(repeating: "x", count: 2_000) + "\"",
  ]

  @Test(arguments: nonsense) func nonsenseIsRefusedWithTheFieldNamed(_ text: String) {
    #expect {
      _ = try Condition(text)
    } throws: { error in
      (error as? ModelError)?.violations.map(\.field) == ["condition"]
    }
  }

  @Test func theErrorSaysWhereAndWhatIsAllowed() {
    func message(_ text: String) -> String {
      do {
        _ = try Condition(text)
        return ""
      } catch {
        return error.violations.first?.message ?? ""
      }
    }
    #expect(message("event.type = \"x\"").contains("at character 12"))
    #expect(message("event.colour == 1").contains("event.queue"))
    #expect(message("event.type == x").contains("a text in quotes"))
  }

  @Test func randomTextNeverCrashesIt() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "event.type", "user.attributes.a", "==", "&&", "||", "!", "(", ")", "\"x\"", "'", "[", "]", "in", ".", "1", "\\",
      "é",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...12)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(
        separator: " ")
      if let condition = try? Condition(text) { _ = condition.holds { Self.facts[$0] } }
    }
  }
}

@Suite struct QuietHoursTests {
  static let table: [(from: String, until: String, minute: Int32, isQuiet: Bool, endsTomorrow: Bool)] = [
    ("22:00", "07:30", 22 * 60, true, true), ("22:00", "07:30", 0, true, false), ("22:00", "07:30", 449, true, false),
    ("22:00", "07:30", 450, false, true), ("22:00", "07:30", 1_319, false, true), ("13:00", "15:00", 780, true, false),
    ("13:00", "15:00", 900, false, true), ("00:00", "23:59", 0, true, false),
  ]

  @Test(arguments: table)
  func aMinuteIsWithinOrNot(_ from: String, _ until: String, _ minute: Int32, _ isQuiet: Bool, _ tomorrow: Bool) throws
  {
    let quiet = try QuietHours(from: from, until: until)
    #expect(quiet.contains(minuteOfDay: minute) == isQuiet)
    if isQuiet { #expect(quiet.endsTomorrow(minuteOfDay: minute) == tomorrow) }
    #expect(QuietHours.text(ofMinute: quiet.from) == from)
  }

  @Test(arguments: [
    ("24:00", "07:00", "from"), ("7:00", "08:00", "from"), ("", "08:00", "from"), ("07:00", "08:60", "until"),
    ("07:00", "07:00", "until"), ("07:00", "0８:00", "until"), ("ab:cd", "08:00", "from"),
  ])
  func whatIsNoTimeIsRefused(_ from: String, _ until: String, _ field: String) {
    #expect {
      _ = try QuietHours(from: from, until: until)
    } throws: { error in
      (error as? ModelError)?.violations.map(\.field) == ["quiet_hours.\(field)"]
    }
  }
}

@Suite struct SinkLimitTests {
  private func fields(_ change: (inout SinkLimits) -> Void) -> [String] {
    var sink = Sink(namespace: "default", name: "hook", plugin: "webhook", configurationJSON: "{}")
    change(&sink.limits)
    do {
      try sink.check()
      return []
    } catch {
      return error.violations.map(\.field)
    }
  }

  @Test func everyLimitIsBounded() {
    #expect(fields { _ in } == [])
    #expect(fields { $0.maximumWaiting = 0 } == ["limits.max_waiting"])
    #expect(fields { $0.ratePerSecond = 0 } == ["limits.rate_per_second"])
    #expect(fields { $0.ratePerSecond = .nan } == ["limits.rate_per_second"])
    #expect(fields { $0.disableAfter = -1 } == ["limits.disable_after"])
    #expect(fields { $0.breaker.failurePercent = 101 } == ["limits.breaker.failure_percent"])
    #expect(fields { $0.breaker.longestWait = .seconds(1) } == ["limits.breaker.longest_wait"])
    #expect(fields { $0.endpoint.maximumInFlight = 5_000 } == ["limits.endpoint.max_in_flight"])
    #expect(fields { $0.endpoint.breaker.window = .zero } == ["limits.endpoint.breaker.window"])
    #expect(
      fields {
        $0.maximumWaiting = 0
        $0.endpoint.ratePerSecond = -1
      } == ["limits.max_waiting", "limits.endpoint.rate_per_second"], "all at once")
  }
}
