import EventModel
import Store

/// Single events that come at an even rate for the minute that is worked off, each asked for by a call of its own. As in
/// the agent, what comes while a commit is under way goes into the next, and what is made owned is loaded at once.
struct Arrivals: Sendable {
  let perSecond: Int
  let due: Timestamp
  /// Sets one round's events apart from another's.
  let round: Int
  /// Users to ask for.
  let people: StorePeople

  /// The occurrence key of them all.
  static let key = "once"
  /// As the pipeline's limits have it.
  private static let submitAtOnce = 500

  /// Goes on until the backlog is worked off; answers how many came.
  func run(_ agent: StoreAgent, _ outbox: Outbox) async throws -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    var made = 0
    while outbox.backlogDoneAt == nil {
      let wanted = Int(seconds(clock.now - start) * Double(perSecond))
      guard wanted > made else {
        try await clock.sleep(for: .milliseconds(1))
        continue
      }
      let some = (made..<min(wanted, made + Self.submitAtOnce)).map(oneOff)
      let answer = try await agent.store.submit(some, owner: agent.lease, now: StoreAgent.now)
      for case .refused(let error) in answer.submissions { throw error }
      made += some.count
      for bucket in answer.owned {
        outbox.send(try await agent.store.load(bucket.id, lease: agent.lease, now: StoreAgent.now))
      }
      outbox.claims()
    }
    return made
  }

  /// Commits some that nobody owns yet.
  func submit(_ count: Int, _ agent: StoreAgent) async throws {
    let answer = try await agent.store.submit((0..<count).map(oneOff), owner: nil, now: StoreAgent.now)
    for case .refused(let error) in answer.submissions { throw error }
  }

  private func oneOff(_ number: Int) -> OneOff {
    let id = "n-\(round)-\(number)"
    let schedule = Schedule(
      namespace: "default", id: id, userID: StorePeople.id(number % people.count), eventType: "notification",
      definitionJSON: #"{"title":"Note \#(number)","text":"Hello, this is your note."}"#, startAt: due)
    return OneOff(
      schedule: schedule,
      event: PlannedEvent(
        key: Self.key, dueAt: due, runAt: due, timeZone: StorePeople.timeZone, queue: StorePeople.queue),
      idempotencyKey: id)
  }
}
