import EventModel
import Store

extension Scene {
  /// All steps of a move; holds that each keeps its limit.
  fileprivate func moveAll(
    _ filter: MoveFilter, to queue: String, limit: Int, at time: Timestamp? = nil
  ) async throws -> BulkStep {
    try await steps(limit: limit) {
      try await self.store.moveEvents(
        filter, to: queue, reason: "why", after: $0, limit: limit, actor: Actor(name: "test"), now: time ?? self.now)
    }
  }

  fileprivate func purgeAll(_ queue: String, dueBefore: Timestamp? = nil, limit: Int) async throws -> BulkStep {
    try await steps(limit: limit) {
      try await self.store.purge(
        queue: queue, dueBefore: dueBefore, reason: "flood", after: $0, limit: limit, actor: Actor(name: "test"),
        now: self.now)
    }
  }

  private func steps(limit: Int, _ step: (String) async throws -> BulkStep) async throws -> BulkStep {
    var sum = BulkStep()
    for _ in 0..<1_000 {
      let next = try await step(sum.next)
      try expect(next.matched <= limit, "expected at most \(limit) rows, found \(next.matched)")
      try expectEqual(next.matched, next.changed + next.commands.count + next.refused, "rows of a step")
      sum.matched += next.matched
      sum.changed += next.changed
      sum.commands += next.commands
      sum.refused += next.refused
      sum.next = next.next
      if sum.next.isEmpty { return sum }
    }
    throw ConformanceFailure(description: "expected the steps to end")
  }

  fileprivate func keys(_ queue: String) async throws -> [String] {
    var keys: [String] = []
    for event in try await store.events(
      namespace: "default", filter: EventFilter(states: [.pending]), page: PageRequest(size: 100)
    ).items where event.queue == queue { keys.append(event.identity.key) }
    return keys.sorted()
  }
}

let bulkRules: [ConformanceRule] = [
  ConformanceRule("all pending events go to another queue, step by step, with their due times") { scene in
    try await scene.crowd(25, due: scene.now)
    try await scene.crowd(5, due: scene.now + .minutes(30), queue: "high", prefix: "h")
    let sum = try await scene.moveAll(MoveFilter(namespace: "default"), to: "low", limit: 7)
    try expectEqual(sum, BulkStep(matched: 30, changed: 30), "all steps")
    try expectEqual(
      try await scene.moveAll(MoveFilter(namespace: "default"), to: "low", limit: 7), BulkStep(), "again")
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, ["critical", "high", "low"], at: scene.now)
    try expectEqual(rows.count, 25, "rows that are due")
    try expect(rows.allSatisfy { $0.queue == "low" && $0.dueAt == scene.now }, "expected them in the queue low")
    try await scene.deliver(rows, lease, at: scene.now)
    let check = try await scene.audit()
    try expectEqual(check.outcomes, [.moved: 30, .delivered: 25], "receipts")
    try expectEqual(check.open, 5, "open rows")
    try await scene.watchersCatchUp()
    let records = try await scene.store.auditRecords(
      filter: AuditFilter(action: "event.move"), page: PageRequest(size: 100)
    ).items
    try expectEqual(records.map(\.count).reduce(0, +), 30, "events in the audit")
    try expect(records.allSatisfy { $0.reason == "why" && $0.resource == "default" && $0.actor == "test" }, "records")
  },
  ConformanceRule("a move goes by queue, type, schedule, user and due time, in its own namespace") { scene in
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    try await scene.planned(
      "a", [Scene.event("a1", due: scene.now), Scene.event("a2", due: scene.now + .hours(2))], user: "ada")
    try await scene.planned("b", [Scene.event("b1", due: scene.now, queue: "normal")], type: "reminder")
    try await scene.planned("c", [Scene.event("c1", due: scene.now)])
    try await scene.planned("a", [Scene.event("o1", due: scene.now)], namespace: "other")
    let cases: [(MoveFilter, [String])] = [
      (MoveFilter(namespace: "none"), []),
      (MoveFilter(namespace: "default", fromQueue: "normal"), ["b1"]),
      (MoveFilter(namespace: "default", eventType: "reminder"), ["b1"]),
      (MoveFilter(namespace: "default", scheduleID: "c"), ["c1"]),
      (MoveFilter(namespace: "default", userID: "ada"), ["a1", "a2"]),
      (MoveFilter(namespace: "default", userID: "ada", dueFrom: scene.now + .hours(1)), ["a2"]),
      (MoveFilter(namespace: "default", fromQueue: "critical", dueBefore: scene.now + .hours(1)), ["a1", "c1"]),
      (MoveFilter(namespace: "default", scheduleID: "a", userID: "bob"), []),
    ]
    for (filter, keys) in cases {
      let was = try await [scene.keys("critical"), scene.keys("normal")]
      _ = try await scene.moveAll(filter, to: "low", limit: 1)
      try expectEqual(try await scene.keys("low"), keys, "moved by \(filter)")
      // Back to where each was.
      for (queue, keys) in zip(["critical", "normal"], was) {
        for id in ["a", "b", "c"] where keys.contains(where: { $0.hasPrefix(id) }) {
          _ = try await scene.moveAll(
            MoveFilter(namespace: "default", fromQueue: "low", scheduleID: id), to: queue, limit: 10)
        }
      }
    }
    try expectEqual(
      try await scene.store.events(namespace: "other", filter: EventFilter(), page: PageRequest(size: 9)).items.map(
        \.queue), ["critical"], "another namespace")
    for (filter, queue, field) in [
      (MoveFilter(namespace: "default"), "none", "queue"),
      (MoveFilter(namespace: "default", fromQueue: "none"), "low", "from_queue"),
    ] {
      try await expectRefusal(.invalid, field: field, "an unknown queue") {
        try await scene.moveAll(filter, to: queue, limit: 1)
      }
    }
    try await expectRefusal(.invalid, field: "limit", "no rows") {
      try await scene.moveAll(MoveFilter(namespace: "default"), to: "low", limit: 0)
    }
    try await expectRefusal(.invalid, field: "cursor", "a cursor of somebody else") {
      try await scene.store.purge(
        queue: "low", dueBefore: nil, reason: "", after: "x", limit: 1, actor: .agent, now: scene.now)
    }
  },
  ConformanceRule("the owners of rows are asked, and what they answer is counted") { scene in
    try await scene.crowd(3, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let sum = try await scene.moveAll(MoveFilter(namespace: "default"), to: "low", limit: 2)
    try expectEqual(sum.matched, 3, "rows")
    try expectEqual(sum.changed, 0, "changed at once")
    try expectEqual(try await scene.store.commandCounts(sum.commands), CommandCounts(open: 3), "counts before")
    try expectEqual(
      try await scene.moveAll(MoveFilter(namespace: "default"), to: "low", limit: 9).commands.sorted(),
      sum.commands.sorted(), "asked again")
    let commands = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).commands
    try expectEqual(commands.map(\.id).sorted(), sum.commands.sorted(), "commands of the owner")
    let first = try require(commands.first, "a command")
    let row = try require(rows.first { $0.ref == first.ref }, "its row")
    _ = try await scene.store.record([Scene.receipt(row)], lease: lease, now: scene.now)
    try expectEqual(
      try await scene.store.commandCounts(sum.commands), CommandCounts(open: 2, tooLate: 1), "after a send")
    // The rest is done by the store when the owner leaves.
    try await scene.store.release(lease, now: scene.now)
    try expectEqual(
      try await scene.store.commandCounts(sum.commands + [999_999]), CommandCounts(done: 2, tooLate: 2), "at the end")
    try expectEqual(try await scene.keys("low").count, 2, "moved")
    try expectEqual(try await scene.audit().open, 2, "open rows")
  },
  ConformanceRule("a row of which a sink has its outcome cannot be moved, and can be purged") { scene in
    let hook = try await scene.sink("hook")
    try await scene.crowd(2, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    _ = try await scene.store.record(
      [Scene.receipt(rows[0], sink: hook.rawValue, closes: false)], lease: lease, now: scene.now)
    try await scene.store.release(lease, now: scene.now)
    let moved = try await scene.moveAll(MoveFilter(namespace: "default"), to: "low", limit: 10)
    try expectEqual(moved, BulkStep(matched: 2, changed: 1, refused: 1), "moved")
    let purged = try await scene.purgeAll("critical", limit: 10)
    try expectEqual(purged, BulkStep(matched: 1, changed: 1), "purged")
    try expectEqual(try await scene.audit().open, 1, "open rows")
  },
  ConformanceRule("a purge cancels what is pending in one queue, for good, and tells how much") { scene in
    try await scene.crowd(12, due: scene.now)
    try await scene.crowd(4, due: scene.now + .minutes(30), prefix: "later")
    try await scene.crowd(1, due: scene.now, queue: "low", prefix: "low")
    try expectEqual(
      try await scene.purgeAll("critical", dueBefore: scene.now + .minutes(1), limit: 5),
      BulkStep(matched: 12, changed: 12), "those that are due")
    try expectEqual(try await scene.audit().open, 5, "open rows")
    try expectEqual(
      try await scene.purgeAll("critical", limit: 5_000), BulkStep(matched: 4, changed: 4), "the rest")
    let check = try await scene.audit()
    try expectEqual(check.outcomes, [.cancelled: 16], "receipts")
    try expectEqual(check.open, 1, "open rows of another queue")
    try await scene.watchersCatchUp()
    let records = try await scene.store.auditRecords(
      filter: AuditFilter(action: "queue.purge"), page: PageRequest(size: 100)
    ).items
    try expectEqual(records.map(\.count), [4, 2, 5, 5], "events in the audit")
    try expect(records.allSatisfy { $0.reason == "flood" && $0.resource == "critical" }, "records")
    try await expectRefusal(.notFound, "an unknown queue") { try await scene.purgeAll("none", limit: 1) }
    let event = try require(
      try await scene.store.events(
        namespace: "default", filter: EventFilter(states: [.cancelled]), page: PageRequest(size: 1)
      ).items.first, "a cancelled event")
    let steps = try await scene.store.history(namespace: "default", identity: event.identity)
    guard case .receipt(.cancelled, SkipReason.requested.rawValue, "flood", _, _, _, _) = steps.last?.kind else {
      throw ConformanceFailure(description: "expected a receipt that says why, found \(steps)")
    }
  },
]
