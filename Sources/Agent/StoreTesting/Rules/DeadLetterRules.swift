import EventModel
import Store

extension Scene {
  static let words = Message(title: "Happy birthday", text: "Zoë 🎂", html: "<b>Zoë</b>", contentType: "t/x", data: "1")

  /// One event that died at a sink; answers its dead letter.
  func died(
    _ id: String = "s", user: String? = nil, at sink: SinkNumber, code: String = "code", queue: String = "critical",
    on time: Timestamp? = nil
  ) async throws -> DeadLetter {
    let time = time ?? now
    try await planned(id, [Self.event("k", due: time, queue: queue)], user: user)
    let lease = try await agent("killer", at: time)
    let rows = try await take(lease, [queue], at: time)
    let row = try require(rows.first { $0.scheduleID == id }, "the row of \(id)")
    var dead = Self.receipt(row, .dead, sink: sink.rawValue, code: code, dead: Self.words)
    dead.doneAt = time
    _ = try await store.record([dead], lease: lease, now: time)
    return try require(try await letters().first, "a dead letter")
  }

  func letters(_ filter: DeadLetterFilter = DeadLetterFilter()) async throws -> [DeadLetter] {
    try await store.deadLetters(namespace: "default", filter: filter, page: PageRequest(size: 100)).items
  }

  @discardableResult
  func replay(_ letter: DeadLetter, at time: Timestamp) async throws -> [ChangeResult] {
    try await commit(.replayDeadLetter(namespace: "default", id: letter.id), at: time)
  }
}

let deadLetterRules: [ConformanceRule] = [
  ConformanceRule("dead letters are listed by sink, code, user and time, the newest first, in pages") { scene in
    let hook = try await scene.sink("hook")
    let mail = try await scene.sink("mail")
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    let hour = scene.now + .hours(1)
    let a = try await scene.died("a", user: "ada", at: hook)
    let b = try await scene.died("b", at: mail, code: "http-410")
    let c = try await scene.died("c", at: hook, on: hour)
    try expectEqual(try await scene.letters(), [c, b, a], "all")
    try expectEqual([c.userID, a.userID], [nil, "ada"], "users")
    try expectEqual(a.message, Scene.words, "message")
    let cases: [(DeadLetterFilter, [String])] = [
      (DeadLetterFilter(sink: "hook"), ["c", "a"]), (DeadLetterFilter(code: "http-410"), ["b"]),
      (DeadLetterFilter(userID: "ada"), ["a"]), (DeadLetterFilter(diedFrom: hour), ["c"]),
      (DeadLetterFilter(diedBefore: hour), ["b", "a"]), (DeadLetterFilter(sink: "mail", code: "code"), []),
      (DeadLetterFilter(sink: "hook", userID: "ada"), ["a"]), (DeadLetterFilter(userID: "nobody"), []),
    ]
    for (filter, wanted) in cases {
      try expectEqual(try await scene.letters(filter).map(\.scheduleID), wanted, "letters by \(filter)")
    }
    var pages: [[String]] = []
    var token = ""
    repeat {
      let page = try await scene.store.deadLetters(
        namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 2, token: token))
      pages.append(page.items.map(\.scheduleID))
      token = page.next
    } while !token.isEmpty
    try expectEqual(pages, [["c", "b"], ["a"]], "pages")
    try expectEqual(try await scene.store.deadLetter(namespace: "default", id: b.id), b, "one")
    try await expectRefusal(.notFound, "one of another namespace") {
      try await scene.store.deadLetter(namespace: "staging", id: b.id)
    }
  },
  ConformanceRule("a replay is a first attempt at the sink that failed, with the message as it was, at once") { scene in
    let hook = try await scene.sink("hook")
    let letter = try await scene.died(at: hook)
    try expectEqual(try await scene.state(letter.identity), .failed, "state before")
    let later = scene.now + .hours(24 * 30)
    try expectEqual(try await scene.replay(letter, at: later).map(\.effect), [.deleted], "effect")
    try expectEqual(try await scene.letters().count, 0, "dead letters left")
    try expectEqual(try await scene.state(letter.identity), .pending, "state after")
    let lease = try await scene.agent(at: later)
    try expect(
      try await scene.store.nextClaimable(now: later).map { $0 <= later } == true, "expected it to be claimable at once"
    )
    let row = try require(try await scene.take(lease, at: later).first, "the row")
    try expectEqual(row.identity, letter.identity, "identity")
    try expectEqual(row.attempt, 1, "attempt")
    try expectEqual(row.hop, 0, "hop")
    try expectEqual(row.sink, hook, "sink")
    try expectEqual(row.rendered, Scene.words, "message")
    try expectEqual(row.dueAt, letter.dueAt, "due")
    try expectEqual(row.runAt, later, "start")
    try expectEqual(row.expiresFrom, later, "what its expiry counts from")
    try expectEqual(row.timeZone, "Europe/Berlin", "zone")
    try expectEqual(row.isSuperseded, false, "whether it counts as missed")
    try expectEqual(try await scene.state(letter.identity), .processing, "state while it is owned")
    _ = try await scene.store.record([Scene.receipt(row, sink: hook.rawValue)], lease: lease, now: later)
    try expectEqual(try await scene.state(letter.identity), .completed, "state at the end")
    let check = try await scene.audit()
    try expectEqual(check.closedOnce, 2, "rows closed")
    try expectEqual(check.outcomes, [.dead: 1, .delivered: 1], "receipts")
    try expectEqual(
      try await scene.store.history(namespace: "default", identity: letter.identity).count, 6, "steps of the history")
  },
  ConformanceRule("a replayed event is listed once, also when the ledger has dropped what it was before") { scene in
    let hook = try await scene.sink("hook")
    func listed(_ filter: EventFilter = EventFilter()) async throws -> [EventSummary] {
      let page = try await scene.store.events(namespace: "default", filter: filter, page: PageRequest(size: 10))
      return page.items
    }
    for (id, dropsHistory) in [("kept", false), ("dropped", true)] {
      let letter = try await scene.died(id, at: hook)
      if dropsHistory {
        _ = try await scene.store.dropHistory(before: scene.now + .hours(25), deadLettersBefore: scene.now)
        try await expectRefusal(.notFound, "the event without its history") { try await scene.state(letter.identity) }
      }
      try await scene.replay(letter, at: scene.now + .hours(26))
      let filter = EventFilter(scheduleID: id)
      try expectEqual(try await listed(filter).map(\.identity), [letter.identity], "events of \(id)")
      try expectEqual(try await listed().filter { $0.scheduleID == id }.map(\.state), [.pending], "state of \(id)")
      let lease = try await scene.agent(at: scene.now + .hours(26))
      let row = try require(try await scene.take(lease, at: scene.now + .hours(26)).first, "the row of \(id)")
      let dead = Scene.receipt(row, .dead, sink: hook.rawValue, dead: Scene.words)
      _ = try await scene.store.record([dead], lease: lease, now: scene.now + .hours(26))
      let again = try require(try await scene.letters().first, "the letter again")
      try expectEqual(try await scene.state(letter.identity), .failed, "state when \(id) died again")
      try await scene.replay(again, at: scene.now + .hours(27))
      try expectEqual(try await listed(filter).map(\.state), [.pending], "state of \(id) in its second replay")
      let next = try await scene.agent(at: scene.now + .hours(27))
      try await scene.deliver(try await scene.take(next, at: scene.now + .hours(27)), next, at: scene.now + .hours(27))
      try expectEqual(try await listed(filter).map(\.state), [.completed], "state of \(id) at the end")
      if !dropsHistory {
        _ = try await scene.store.dropHistory(before: scene.now + .hours(49), deadLettersBefore: scene.now)
      }
    }
  },
  ConformanceRule("what follows a replay expires from the replay, not from its due time") { scene in
    let hook = try await scene.sink("hook")
    let letter = try await scene.died(at: hook)
    let later = scene.now + .hours(24 * 30)
    try await scene.replay(letter, at: later)
    let lease = try await scene.agent(at: later)
    let row = try require(try await scene.take(lease, at: later).first, "the row")
    var retry = Scene.retry(row, at: later + .minutes(1), sink: hook.rawValue)
    retry.expiresFrom = row.expiresFrom
    _ = try await scene.store.record(
      [Scene.receipt(row, .retry, sink: hook.rawValue, followUp: retry)], lease: lease, now: later)
    try await scene.store.release(lease, now: later)
    let expiry = later + Queue.critical.expiresAfter
    try expectEqual(try await scene.store.expire(now: expiry), 0, "rows expired at the bound")
    let next = try await scene.agent(at: expiry)
    try expectEqual(try await scene.take(next, at: expiry).map(\.expiresFrom), [later], "what the retry counts from")
    try await scene.store.release(next, now: expiry)
    try expectEqual(try await scene.store.expire(now: expiry + .seconds(1)), 1, "rows expired after it")
    try expectEqual(try await scene.state(letter.identity), .expired, "state")
  },
  ConformanceRule("a replay goes to the queue it died in, to what that became, or to normal") { scene in
    let hook = try await scene.sink("hook")
    for name in ["bulk", "mass"] {
      var queue = Queue.low
      queue.name = name
      try await scene.commit(.putQueue(queue, .none))
    }
    let letters = [
      try await scene.died("a", at: hook, queue: "high"), try await scene.died("b", at: hook, queue: "bulk"),
      try await scene.died("c", at: hook, queue: "mass"),
    ]
    try await scene.commit(
      .deleteQueue(name: "bulk", moveTo: "low", .none), .deleteQueue(name: "mass", moveTo: nil, .none))
    for letter in letters { try await scene.replay(letter, at: scene.now) }
    let queues = try await scene.store.events(
      namespace: "default", filter: EventFilter(), page: PageRequest(size: 10)
    ).items.sorted { $0.scheduleID < $1.scheduleID }.map(\.queue)
    try expectEqual(queues, ["high", "low", "normal"], "queues")
  },
  ConformanceRule("a replay that nothing could come of is refused, and the letter kept") { scene in
    let hook = try await scene.sink("hook")
    let letter = try await scene.died(at: hook)
    func refused(_ what: String) async throws {
      try await expectRefusal(.failedPrecondition, what) { try await scene.replay(letter, at: scene.now) }
      try expectEqual(try await scene.letters(), [letter], "dead letters of \(what)")
    }
    try await scene.store.disableSink(hook, reason: "gone", now: scene.now)
    try await refused("a disabled sink")
    try await scene.commit(.deleteSink(namespace: "default", name: "hook", .none))
    try await refused("a deleted sink")
    _ = try await scene.sink("hook")
    try await refused("another sink of that name")
    let other = try await scene.died("other", at: try await scene.sink("mail"))
    var paused = Scene.schedule("other")
    paused.state = .paused
    try await scene.commit(.putSchedule(paused, .none))
    try await expectRefusal(.failedPrecondition, "a paused schedule") { try await scene.replay(other, at: scene.now) }
    try await scene.commit(.deleteSchedule(namespace: "default", id: "other", .none))
    try await expectRefusal(.failedPrecondition, "a deleted schedule") { try await scene.replay(other, at: scene.now) }
    try await expectRefusal(.notFound, "a letter that is not there") {
      try await scene.commit(.replayDeadLetter(namespace: "default", id: 99_999))
    }
    try await expectRefusal(.notFound, "a letter of another namespace") {
      try await scene.commit(.replayDeadLetter(namespace: "staging", id: other.id))
    }
  },
  ConformanceRule("of those who replay or discard a letter at once, one does it") { scene in
    let letter = try await scene.died(at: try await scene.sink("hook"))
    let done = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          let change: Change =
            number.isMultiple(of: 2)
            ? .replayDeadLetter(namespace: "default", id: letter.id)
            : .discardDeadLetter(namespace: "default", id: letter.id, reason: "")
          return (try? await scene.commit(change)) != nil
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    try expectEqual(done, 1, "changes made")
    try expectEqual(try await scene.letters().count, 0, "dead letters left")
    try expect(try await scene.audit().rows <= 2, "expected at most one replay")
  },
  ConformanceRule("a discarded letter is gone, its event stays failed, and a dry run discards nothing") { scene in
    let letter = try await scene.died(at: try await scene.sink("hook"))
    let discard = Change.discardDeadLetter(namespace: "default", id: letter.id, reason: "sent by hand")
    try await scene.commit(discard, dryRun: true)
    try await scene.commit(.replayDeadLetter(namespace: "default", id: letter.id), dryRun: true)
    try expectEqual(try await scene.letters(), [letter], "dead letters after a dry run")
    try expectEqual(try await scene.audit().rows, 1, "rows after a dry run")
    try await scene.commit(discard)
    try expectEqual(try await scene.letters().count, 0, "dead letters left")
    try expectEqual(try await scene.state(letter.identity), .failed, "state")
    try await expectRefusal(.notFound, "discarding it again") { try await scene.commit(discard) }
  },
  ConformanceRule("a cancel reaches a replay, and a re-plan does not") { scene in
    let letter = try await scene.died(at: try await scene.sink("hook"))
    try await scene.replay(letter, at: scene.now)
    var changed = Scene.schedule("s")
    changed.definitionJSON = "{}"
    try await scene.commit(.putSchedule(changed, .none))
    let item = try await scene.item("s")
    try expectEqual(item.pending.map(\.key), [], "pending keys")
    try expectEqual(item.settledKeys, ["k"], "settled keys")
    _ = try await scene.store.commitPlan([Scene.plan(item, [Scene.event("k", due: scene.now)])], now: scene.now)
    try expectEqual(try await scene.audit().rows, 2, "rows after the re-plan")
    let result = try await scene.store.cancel(
      letter.identity, reason: "no", actor: Actor(name: "test"), now: scene.now)
    try expectEqual(result, .done, "result of the cancel")
    try expectEqual(try await scene.state(letter.identity), .cancelled, "state")
  },
]
