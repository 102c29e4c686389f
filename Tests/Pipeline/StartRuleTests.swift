import EventModel
import Testing

@testable import Pipeline

@Suite struct StartRuleTests {
  static let due = Timestamp(seconds: 1_800_000_000)

  static func event(
    attempt: Int32 = 1, hop: Int32 = 0, mode: CatchUp.Mode = .all, superseded: Bool = false, paused: Bool = false,
    expiresFrom: Timestamp? = nil
  ) -> LoadedEvent {
    LoadedEvent(
      ref: EventRef(bucket: BucketID(rawValue: 1), sequence: 0),
      identity: EventIdentity(schedule: ScheduleNumber(rawValue: 1), key: "k"), namespace: "default",
      eventType: "birthday", scheduleID: "s", definitionJSON: "{}", timeZone: "UTC", user: nil, queue: "critical",
      dueAt: due, runAt: due, attempt: attempt, hop: hop, sink: .all,
      catchUp: CatchUp(mode: mode, window: .hours(12)), isSuperseded: superseded, isPaused: paused,
      expiresFrom: expiresFrom)
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
    // A replayed dead letter: its expiry counts from the replay, and it is late, not missed.
    (event(mode: .skip, expiresFrom: due + .hours(100)), .hours(101), nil, ""),
    (event(mode: .latest, superseded: true, expiresFrom: due + .hours(100)), .hours(124), nil, ""),
    (event(expiresFrom: due + .hours(100)), .hours(125), .expired, "expired"),
    (event(paused: true, expiresFrom: due + .hours(100)), .hours(101), .skipped, "paused"),
  ]

  @Test func expiryCountsFromTheReplayWhenASendStarts() {
    let replayed = Self.event(expiresFrom: Self.due + .hours(100))
    #expect(StartRules.onStart(replayed, queue: .critical, now: Self.due + .hours(124)) == .send)
    #expect(StartRules.onStart(replayed, queue: .critical, now: Self.due + .hours(125)) != .send)
    #expect(StartRules.onStart(Self.event(), queue: .critical, now: Self.due + .hours(25)) != .send)
  }

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
