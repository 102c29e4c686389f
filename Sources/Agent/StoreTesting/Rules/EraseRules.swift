import EventModel
import Store

extension Scene {
  @discardableResult
  func erase(
    _ user: String = "ada", _ precondition: Precondition = .none, dryRun: Bool = false, at time: Timestamp? = nil
  ) async throws -> Erasure {
    try await store.erase(
      namespace: "default", user: user, precondition, actor: Actor(name: "test"), dryRun: dryRun, now: time ?? now)
  }

  /// Ada and Bob, each with a schedule of these keys, due now.
  fileprivate func people(_ keys: [String]) async throws -> [String: ScheduleNumber] {
    var numbers: [String: ScheduleNumber] = [:]
    for id in ["ada", "bob"] {
      try await commit(.putUser(User(namespace: "default", id: id, displayName: id), .none))
      numbers[id] = try await planned("s-\(id)", keys.map { Self.event($0, due: now) }, user: id)
    }
    return numbers
  }

  fileprivate func receipts(_ identity: EventIdentity) async throws -> [EventStep.Kind] {
    try await store.history(namespace: "default", identity: identity).map(\.kind).filter {
      if case .receipt = $0 { true } else { false }
    }
  }

  fileprivate func messages(_ user: String) async throws -> [StoredMessage] {
    try await store.storedMessages(namespace: "default", user: user, page: PageRequest(size: 100)).items
  }
}

/// A receipt of the store's history with nothing in it that quotes.
private func blank(_ outcome: Outcome, _ code: String, _ row: LoadedEvent) -> EventStep.Kind {
  .receipt(
    outcome: outcome, code: code, detail: "", externalID: "", attempt: row.attempt, hop: row.hop,
    startedAt: row.runAt)
}

let eraseRules: [ConformanceRule] = [
  ConformanceRule("messages kept for a person's pending retries are found by event, in pages") { scene in
    let hook = try await scene.sink("hook")
    _ = try await scene.people(["a", "b", "c"])
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now).sorted { $0.identity.key > $1.identity.key }
    let later = scene.now + .minutes(5)
    let receipts = rows.map {
      Scene.receipt($0, .retry, sink: hook.rawValue, followUp: Scene.retry($0, at: later, sink: hook.rawValue))
    }
    _ = try await scene.store.record(receipts, lease: lease, now: scene.now)
    let found = try await scene.messages("ada")
    try expectEqual(found.map(\.identity.key), ["a", "b", "c"], "keys")
    try expectEqual(Set(found.map(\.sink)), ["hook"], "sinks")
    try expectEqual(found.first?.message, receipts.first?.followUp?.rendered, "message")
    var paged: [StoredMessage] = []
    var token = ""
    repeat {
      let page = try await scene.store.storedMessages(
        namespace: "default", user: "ada", page: PageRequest(size: 2, token: token))
      paged += page.items
      token = page.next
    } while !token.isEmpty
    try expectEqual(paged, found, "pages together")
    let next = try await scene.agent(at: later)
    try await scene.deliver(try await scene.take(next, at: later), next, at: later)
    try expectEqual(try await scene.messages("ada"), [], "messages when all is sent")
    try expectEqual(try await scene.messages("nobody"), [], "messages of nobody")
  },
  ConformanceRule("erasing a person takes all that tells who it was, and leaves numbers, keys, times and outcomes") {
    scene in
    let hook = try await scene.sink("hook")
    let numbers = try await scene.people(["delivered", "retried", "dead"])
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let later = scene.now + .minutes(5)
    _ = try await scene.store.record(
      rows.map { row in
        switch row.identity.key {
        case "retried": Scene.receipt(row, .retry, followUp: Scene.retry(row, at: later, sink: hook.rawValue))
        case "dead": Scene.receipt(row, .dead, sink: hook.rawValue, dead: Scene.words)
        default: Scene.receipt(row)
        }
      }, lease: lease, now: scene.now)
    let before = try await scene.audit()
    let erasure = try await scene.erase()
    try expectEqual(
      erasure, Erasure(schedules: 1, messages: 1, deadLetters: 1, receipts: 3, subscriptions: [], owned: 0), "erasure")
    try await expectRefusal(.notFound, "the person") { try await scene.store.user(namespace: "default", id: "ada") }
    try await expectRefusal(.notFound, "the schedule") {
      try await scene.store.schedule(namespace: "default", id: "s-ada")
    }
    let ada = try require(numbers["ada"], "Ada's schedule")
    let states: [(String, EventState)] = [("delivered", .completed), ("retried", .cancelled), ("dead", .failed)]
    for (key, state) in states {
      let event = try await scene.store.event(namespace: "default", identity: EventIdentity(schedule: ada, key: key))
      try expectEqual(event.state, state, "state of \(key)")
      try expectEqual(event.userID, nil, "user of \(key)")
      try expect(!event.scheduleID.contains("ada"), "expected a schedule without a name, found \(event.scheduleID)")
      for case .receipt(_, _, let detail, let externalID, _, _, _) in try await scene.receipts(event.identity) {
        try expectEqual(detail + externalID, "", "what a receipt of \(key) quotes")
      }
    }
    try expectEqual(try await scene.letters().map(\.userID), ["bob"], "dead letters left")
    try expectEqual(try await scene.messages("bob").count, 1, "messages left")
    let bob = EventIdentity(schedule: try require(numbers["bob"], "Bob's schedule"), key: "dead")
    for case .receipt(_, _, let detail, let externalID, _, _, _) in try await scene.receipts(bob) {
      try expectEqual(detail + externalID, "detailexternal", "what Bob's receipt quotes")
    }
    let after = try await scene.audit()
    try expectEqual(after.rows, before.rows, "rows")
    try expectEqual(after.open, before.open - 1, "rows open")
    try expectEqual(
      try await scene.store.schedulesToPlan(dueBefore: scene.now + .hours(1), limit: 10).map(\.id), [], "to plan")
    try await expectRefusal(.notFound, "erasing again") { try await scene.erase() }
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .absent))
    try await scene.commit(.putSchedule(Scene.schedule("s-ada", user: "ada"), .absent))
  },
  ConformanceRule("a dry run of erasing counts, and changes nothing; a wrong revision is a conflict") { scene in
    let hook = try await scene.sink("hook")
    try await scene.commit(
      .putSubscription(
        Subscription(namespace: "default", id: "hers", eventType: "*", sink: "hook", filter: ["user": "ada"]), .none))
    _ = try await scene.people(["k"])
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let user = try await scene.store.user(namespace: "default", id: "ada")
    let schedule = try await scene.store.schedule(namespace: "default", id: "s-ada")
    try await expectRefusal(.conflict, "a wrong revision") { try await scene.erase("ada", .revision(99)) }
    let dry = try await scene.erase(dryRun: true)
    try expectEqual(dry, Erasure(schedules: 1, subscriptions: ["hers"], owned: 1), "what it would erase")
    try expectEqual(try await scene.store.user(namespace: "default", id: "ada"), user, "the person")
    try expectEqual(try await scene.store.schedule(namespace: "default", id: "s-ada"), schedule, "the schedule")
    try expectEqual(
      try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).commands.count, 0, "commands")
    let retries = rows.map {
      Scene.receipt($0, .retry, sink: hook.rawValue, followUp: Scene.retry($0, at: scene.now, sink: hook.rawValue))
    }
    _ = try await scene.store.record(retries, lease: lease, now: scene.now)
    try expectEqual(try await scene.messages("ada").count, 1, "messages after a dry run")
    let real = try await scene.erase("ada", .revision(user.revision))
    try expectEqual(real.subscriptions, ["hers"], "subscriptions that name her")
    try expectEqual(try await scene.messages("bob").count, 1, "messages left")
  },
  ConformanceRule("what an owner records of an erased person is kept without anything that follows or quotes") {
    scene in
    let hook = try await scene.sink("hook")
    let keys = ["dead", "deferred", "delivered", "moved", "paused", "retry", "skipped", "withdrawn"]
    let numbers = try await scene.people(keys)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let erasure = try await scene.erase()
    try expectEqual(erasure.owned, keys.count, "rows owned")
    let commands = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).commands
    try expectEqual(commands.map(\.kind), keys.map { _ in .cancel(reason: "") }, "what the owner is asked")
    let later = scene.now + .minutes(5)
    let receipts = rows.map { row in
      let next = Scene.retry(row, at: later, sink: hook.rawValue)
      return switch row.identity.key {
      case "dead": Scene.receipt(row, .dead, sink: hook.rawValue, dead: Scene.words)
      case "deferred": Scene.receipt(row, .deferred, sink: hook.rawValue, followUp: next)
      case "retry": Scene.receipt(row, .retry, sink: hook.rawValue, followUp: next)
      case "moved": Scene.receipt(row, .moved, sink: 0, followUp: next)
      case "paused": Scene.receipt(row, .skipped, sink: 0, code: SkipReason.paused.rawValue)
      case "skipped": Scene.receipt(row, .skipped, sink: 0)
      case "withdrawn": Scene.receipt(row, .cancelled, sink: 0, code: SkipReason.withdrawn.rawValue)
      default: Scene.receipt(row, sink: hook.rawValue)
      }
    }
    let answer = try await scene.store.record(receipts, lease: lease, now: scene.now)
    try expect(answer.fenced.isEmpty, "expected everything to be kept")
    let wanted: [String: (Outcome, String)] = [
      "dead": (.cancelled, "erased"), "deferred": (.cancelled, "erased"), "delivered": (.delivered, "code"),
      "moved": (.cancelled, "erased"), "paused": (.skipped, "paused"), "retry": (.cancelled, "erased"),
      "skipped": (.skipped, "code"), "withdrawn": (.cancelled, "withdrawn"),
    ]
    let ada = try require(numbers["ada"], "Ada's schedule")
    for row in rows where row.identity.schedule == ada {
      let (outcome, code) = try require(wanted[row.identity.key], "a wish")
      try expectEqual(
        try await scene.receipts(row.identity), [blank(outcome, code, row)], "receipts of \(row.identity.key)")
    }
    try expectEqual(try await scene.letters().map(\.userID), ["bob"], "dead letters")
    try expectEqual(try await scene.messages("bob").count, 3, "messages kept for Bob")
    let next = try await scene.agent(at: later)
    let left = try await scene.take(next, at: later)
    try expect(left.allSatisfy { $0.identity.schedule == numbers["bob"] }, "expected no row of hers to follow")
    try await scene.deliver(left, next, at: later)
    try expectEqual(try await scene.audit().open, 0, "rows open")
  },
  ConformanceRule("rows of an erased person whose owner is lost are nobody's to send") { scene in
    let numbers = try await scene.people(["a", "b"])
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let ada = rows.filter { $0.identity.schedule == numbers["ada"] }
    _ = try await scene.store.record([Scene.receipt(ada[0], sink: 1, closes: false)], lease: lease, now: scene.now)
    try await scene.erase()
    let later = scene.now + .minutes(1)
    let next = try await scene.agent("two", at: later)
    let left = try await scene.take(next, at: later)
    try expectEqual(Set(left.map(\.identity.schedule)), [try require(numbers["bob"], "Bob's")], "rows loaded")
    for row in ada { try expectEqual(try await scene.state(row.identity), .cancelled, "state") }
    try await scene.deliver(left, next, at: later)
    try expectEqual(try await scene.audit().open, 0, "rows open")
  },
  ConformanceRule("erasing reaches one-offs with their keys, exceptions, and schedules that were deleted before") {
    scene in
    let hook = try await scene.sink("hook")
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    let letter = try await scene.died("old", user: "ada", at: hook)
    try await scene.commit(.deleteSchedule(namespace: "default", id: "old", .none))
    try await scene.commit(.putSchedule(Scene.schedule("empty", user: "ada"), .none))
    try await scene.commit(
      .putException(namespace: "default", schedule: "empty", OccurrenceException(key: "k", action: .skip)))
    let one = OneOff(
      schedule: Scene.schedule("one", user: "ada", type: "notification"),
      event: Scene.event("ada-1815", due: scene.now, queue: "low"), idempotencyKey: "ada-1815")
    let answer = try await scene.store.submit([one], owner: nil, now: scene.now)
    guard case .created(let identity) = answer.submissions.first else {
      throw ConformanceFailure(description: "expected an event, found \(answer.submissions)")
    }
    let erasure = try await scene.erase()
    try expectEqual(erasure.schedules, 3, "schedules")
    try expectEqual(erasure.deadLetters, 1, "dead letters")
    try expectEqual(try await scene.letters().count, 0, "dead letters left")
    try await expectRefusal(.notFound, "the one-off by its key") { try await scene.state(identity) }
    let deleted = try await scene.store.schedules(
      namespace: "default", filter: ScheduleFilter(state: .deleted), page: PageRequest(size: 10)
    ).items
    try expect(deleted.allSatisfy { $0.definitionJSON == "{}" && $0.userID == nil }, "expected empty shells")
    try expectEqual(deleted.filter { ["old", "one", "empty"].contains($0.id) }.count, 0, "shells with names")
    try expectEqual(try await scene.state(letter.identity), .failed, "state of the old event")
    try expectEqual(try await scene.audit().open, 0, "rows open")
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .absent))
    let again = try await scene.store.submit([one], owner: nil, now: scene.now)
    guard case .created = again.submissions.first else {
      throw ConformanceFailure(description: "expected a new event for the same key, found \(again.submissions)")
    }
  },
  ConformanceRule("erasing beside owners who record loses nothing and leaves nothing of the erased") { scene in
    let hook = try await scene.sink("hook")
    let count = 24
    var numbers: [ScheduleNumber] = []
    for person in 0..<count {
      try await scene.commit(.putUser(User(namespace: "default", id: "p-\(person)"), .none))
      let events = (0..<4).map { Scene.event("k\($0)", due: scene.now) }
      numbers.append(try await scene.planned("s-\(person)", events, user: "p-\(person)"))
    }
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let later = scene.now + .minutes(5)
    // One after the other on both sides, so that some are recorded before their person is erased and some after.
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for person in stride(from: 0, to: count, by: 2) { try await scene.erase("p-\(person)") }
      }
      group.addTask {
        for (index, row) in rows.enumerated() {
          let receipt =
            index.isMultiple(of: 2)
            ? Scene.receipt(row, .dead, sink: hook.rawValue, dead: Scene.words)
            : Scene.receipt(row, .retry, sink: hook.rawValue, followUp: Scene.retry(row, at: later, sink: 1))
          _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
        }
      }
      try await group.waitForAll()
    }
    let erased = Set(numbers.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element))
    for row in rows where erased.contains(row.identity.schedule) {
      for case .receipt(_, _, let detail, let externalID, _, _, _) in try await scene.receipts(row.identity) {
        try expectEqual(detail + externalID, "", "what a receipt quotes")
      }
    }
    try expect(
      try await scene.letters().allSatisfy { !erased.contains($0.identity.schedule) }, "expected no letter of theirs")
    let next = try await scene.agent(at: later)
    let left = try await scene.take(next, at: later)
    try expect(left.allSatisfy { !erased.contains($0.identity.schedule) }, "expected no row of theirs")
    try await scene.deliver(left, next, at: later)
    try expectEqual(try await scene.audit().open, 0, "rows open")
  },
]
