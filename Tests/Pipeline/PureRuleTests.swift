import EventModel
import Testing

@testable import Pipeline

@Suite struct OutcomeRuleTests {
  typealias Verdict = DeliveryResult.Verdict

  static func attempt(_ number: Int32, onUnknown: Sink.OnUnknown = .resend) -> OutcomeRules.Attempt {
    OutcomeRules.Attempt(
      number: number, hop: 4, retry: RetryPolicy(attempts: 3, base: .seconds(10), cap: .minutes(1)),
      onUnknown: onUnknown)
  }

  struct Row {
    var verdict: Verdict
    var attempt: Int32
    var onUnknown = Sink.OnUnknown.resend
    var isEnding = false
    var outcome: Outcome
    var next: (attempt: Int32, hop: Int32)?
    var failed: Bool?
  }

  static let table: [Row] = [
    Row(verdict: .delivered, attempt: 1, outcome: .delivered, failed: false),
    Row(verdict: .delivered, attempt: 3, outcome: .delivered, failed: false),
    Row(verdict: .retry, attempt: 1, outcome: .retry, next: (2, 0), failed: true),
    Row(verdict: .retry, attempt: 2, outcome: .retry, next: (3, 0), failed: true),
    Row(verdict: .retry, attempt: 3, outcome: .dead, failed: true),
    Row(verdict: .permanent, attempt: 1, outcome: .dead, failed: false),
    Row(verdict: .throttled, attempt: 1, outcome: .deferred, next: (1, 5)),
    Row(verdict: .throttled, attempt: 3, outcome: .deferred, next: (3, 5)),
    Row(verdict: .cancelled, attempt: 1, outcome: .retry, next: (2, 0), failed: true),
    Row(verdict: .cancelled, attempt: 3, outcome: .dead, failed: true),
    Row(verdict: .cancelled, attempt: 3, isEnding: true, outcome: .deferred, next: (3, 5)),
    Row(verdict: .endpointDisabled, attempt: 1, outcome: .dead, failed: false),
    Row(verdict: .sinkDisabled, attempt: 1, outcome: .dead, failed: true),
    Row(verdict: .unknown, attempt: 1, outcome: .retry, next: (2, 0), failed: true),
    Row(verdict: .unknown, attempt: 3, outcome: .dead, failed: true),
    Row(verdict: .unknown, attempt: 1, onUnknown: .park, outcome: .dead, failed: true),
  ]

  @Test(arguments: table.indices) func everyVerdictHasItsOutcome(index: Int) {
    let row = Self.table[index]
    let judgement = OutcomeRules.judge(
      DeliveryResult(id: 1, verdict: row.verdict), Self.attempt(row.attempt, onUnknown: row.onUnknown),
      isEnding: row.isEnding, fraction: 0.5)
    #expect(judgement.outcome == row.outcome)
    #expect((judgement.wait == nil) == (row.next == nil))
    if let next = row.next {
      #expect(judgement.nextAttempt == next.attempt)
      #expect(judgement.nextHop == next.hop)
    }
    #expect(judgement.failed == row.failed)
    #expect(judgement.disablesSink == (row.verdict == .sinkDisabled))
    #expect(judgement.code.isEmpty == (row.verdict == .delivered))
  }

  @Test func aNamedWaitIsNeverShortened() {
    for verdict in [Verdict.retry, .throttled] {
      for fraction in [0, 0.5, 0.999] {
        let judgement = OutcomeRules.judge(
          DeliveryResult(id: 1, verdict: verdict, retryAfter: .minutes(7)), Self.attempt(1), isEnding: false,
          fraction: fraction)
        #expect((judgement.wait ?? .zero) >= .minutes(7))
        #expect((judgement.wait ?? .zero) < .minutes(8))
      }
    }
  }

  @Test func deferralsDoubleUpToTheirCap() {
    let waits = (0..<20).map { OutcomeRules.deferral(hop: Int32($0), named: nil, fraction: 0) }
    #expect(waits.first == .milliseconds(2_500))
    #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(waits.last == .minutes(5))
  }
}

@Suite struct StartRuleTests {
  static let due = Timestamp(seconds: 1_800_000_000)

  static func event(
    attempt: Int32 = 1, hop: Int32 = 0, mode: CatchUp.Mode = .all, superseded: Bool = false, paused: Bool = false
  ) -> LoadedEvent {
    LoadedEvent(
      ref: EventRef(bucket: BucketID(rawValue: 1), sequence: 0),
      identity: EventIdentity(schedule: ScheduleNumber(rawValue: 1), key: "k"), namespace: "default",
      eventType: "birthday", scheduleID: "s", definitionJSON: "{}", timeZone: "UTC", user: nil, queue: "critical",
      dueAt: due, runAt: due, attempt: attempt, hop: hop, sink: .all,
      catchUp: CatchUp(mode: mode, window: .hours(12)), isSuperseded: superseded, isPaused: paused)
  }

  static let table: [(LoadedEvent, TimeSpan, Outcome?, String)] = [
    (event(), .zero, nil, ""),
    (event(), .hours(-1), nil, ""),
    (event(mode: .skip), .seconds(59), nil, ""),
    (event(mode: .skip), .seconds(60), .skipped, "missed"),
    (event(mode: .latest), .hours(1), nil, ""),
    (event(mode: .latest, superseded: true), .hours(1), .skipped, "superseded"),
    (event(mode: .merge, superseded: true), .hours(1), .merged, "catch-up-merge"),
    (event(mode: .all), .hours(13), .skipped, "outside-catch-up-window"),
    (event(mode: .all), .hours(25), .expired, "expired"),
    (event(attempt: 2, mode: .skip), .hours(1), nil, ""),
    (event(hop: 1, mode: .skip), .hours(1), nil, ""),
    (event(attempt: 2), .hours(25), .expired, "expired"),
    (event(paused: true), .zero, .skipped, "paused"),
  ]

  @Test(arguments: table.indices) func whatIsMissedPausedOrExpiredIsClosedAsSuch(index: Int) {
    let (event, late, outcome, code) = Self.table[index]
    switch StartRules.onLoad(event, queue: .critical, now: Self.due + late) {
    case .send: #expect(outcome == nil)
    case .close(let closed, let closedCode, _):
      #expect(closed == outcome)
      #expect(closedCode == code)
    }
  }
}

@Suite struct RouterTests {
  static func user(_ attributes: String) -> UserSnapshot {
    UserSnapshot(
      id: "ada", displayName: "Ada", givenName: "", familyName: "", nickname: "", locale: "", timeZone: "UTC",
      datesJSON: "{}", addressesJSON: #"{"email":"ada@example.org"}"#, attributesJSON: attributes, paused: false)
  }

  static func event(
    type: String = "birthday", namespace: String = "default", user: UserSnapshot? = user(#"{"team":"a"}"#)
  )
    -> LoadedEvent
  {
    var event = StartRuleTests.event()
    event.eventType = type
    event.namespace = namespace
    event.user = user
    return event
  }

  static func router(_ rows: [(type: String, filter: [String: String], sink: Int64)]) -> Router {
    Router(
      Routing(
        revision: 7,
        routes: rows.enumerated().map { index, row in
          Routing.Route(
            subscription: Subscription(
              namespace: "default", id: "s\(index)", eventType: row.type, sink: "sink-\(row.sink)", filter: row.filter),
            sink: SinkNumber(rawValue: row.sink))
        }))
  }

  static let table: [(filter: [String: String], matches: Bool)] = [
    ([:], true), (["user": "ada"], true), (["user": "bob"], false), (["schedule": "s"], true),
    (["schedule": "t"], false), (["queue": "critical"], true), (["queue": "low"], false),
    (["attributes.team": "a"], true), (["attributes.team": "b"], false), (["attributes.none": ""], false),
    (["user": "ada", "attributes.team": "a", "queue": "critical"], true),
    (["user": "ada", "attributes.team": "b"], false), (["colour": "red"], false),
  ]

  @Test(arguments: table.indices) func aFilterMatchesWhenAllOfItDoes(index: Int) {
    let (filter, matches) = Self.table[index]
    let targets = Self.router([("birthday", filter, 1)]).targets(of: Self.event()) { _ in true }
    #expect(targets.isEmpty == !matches)
  }

  @Test func everySinkIsNamedOnceAndOnlyWhereTypeQueueAndNamespaceAllow() {
    let router = Self.router([
      ("birthday", [:], 3), ("*", [:], 1), ("*", ["user": "ada"], 3), ("reminder", [:], 2), ("*", [:], 4),
    ])
    func numbers(_ event: LoadedEvent) -> [Int64] {
      router.targets(of: event) { $0 != "sink-4" }.map(\.rawValue)
    }
    #expect(numbers(Self.event()) == [3, 1])
    #expect(numbers(Self.event(type: "reminder", user: nil)) == [1, 2])
    #expect(numbers(Self.event(namespace: "test")) == [])
  }

  @Test func anAddressIsThePersonsTheSinksOrMissing() {
    var sink = Sink(namespace: "default", name: "mail", plugin: "mail", configurationJSON: "{}")
    #expect(Address(of: Self.event(), for: sink) == .configured)
    sink.addressKind = "email"
    #expect(Address(of: Self.event(), for: sink) == .personal("ada@example.org"))
    sink.addressKind = "webhook"
    #expect(Address(of: Self.event(), for: sink) == .missing)
    #expect(Address(of: Self.event(user: nil), for: sink) == .missing)
  }
}

@Suite struct FlatJSONTests {
  @Test(arguments: [
    [:], ["a": "b"], ["": ""], ["quote\"": "back\\slash", "line\n": "tab\t\u{1}"], ["日本": "🎂", "é": "\u{7f}"],
  ])
  func whatIsWrittenIsReadBack(map: [String: String]) {
    let json = FlatJSON.object(map)
    for (name, value) in map { #expect(FlatJSON.value(name, in: json) == value) }
    #expect(FlatJSON.value("not there", in: json) == nil)
  }

  @Test(arguments: [
    ("{\"a\" : \"\\u00e9\\ud83c\\udf82\"}", "é🎂"), (" {\n\"b\":\"x\",\"a\":\"\\/\\b\\f\"} ", "/\u{8}\u{c}"),
  ])
  func escapesAndSpaceAreUnderstood(json: String, value: String) { #expect(FlatJSON.value("a", in: json) == value) }

  @Test(arguments: [
    "", "{", "[]", "{\"a\"", "{\"a\":", "{\"a\":1}", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":\"\\u12\"}",
    "{\"b\":\"c\" \"a\":\"d\"}",
  ])
  func whatIsMalformedAnswersNothing(json: String) { #expect(FlatJSON.value("a", in: json) == nil) }
}
