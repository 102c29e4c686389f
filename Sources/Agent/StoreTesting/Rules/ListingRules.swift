import EventModel
import Store

let listingRules: [ConformanceRule] = [
  ConformanceRule("pages hold when things are added and deleted between them") { scene in
    for index in 0..<25 {
      let id = "u-\(index < 10 ? "0" : "")\(index)"
      try await scene.commit(.putUser(User(namespace: "default", id: id), .none))
    }
    let first = try await scene.store.users(namespace: "default", page: PageRequest(size: 10))
    try expectEqual(first.items.count, 10, "users of the first page")
    try await scene.commit(
      .deleteUser(namespace: "default", id: "u-03", .none), .deleteUser(namespace: "default", id: "u-09", .none),
      .putUser(User(namespace: "default", id: "u-05a"), .none))
    let second = try await scene.store.users(namespace: "default", page: PageRequest(size: 10, token: first.next))
    let third = try await scene.store.users(namespace: "default", page: PageRequest(size: 10, token: second.next))
    let ids = (first.items + second.items + third.items).map(\.id)
    try expectEqual(ids, (0..<25).map { "u-\($0 < 10 ? "0" : "")\($0)" }, "users of all pages")
    try expectEqual(third.next, "", "token after the last page")
    try await expectRefusal(.invalid, field: "page_size", "an empty page") {
      try await scene.store.users(namespace: "default", page: PageRequest(size: 0))
    }
    try await expectRefusal(.invalid, field: "page_token", "a foreign token") {
      try await scene.store.events(
        namespace: "default", filter: EventFilter(), page: PageRequest(size: 5, token: "what?"))
    }
  },
  ConformanceRule("events are listed by due time, page by page, under their filters") { scene in
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    try await scene.planned("s", (0..<7).map { Scene.event("k\($0)", due: scene.now + .minutes(Int64(7 - $0))) })
    try await scene.planned("t", [Scene.event("x", due: scene.now)], user: "ada", type: "reminder")
    var keys: [String] = []
    var token = ""
    repeat {
      let page = try await scene.store.events(
        namespace: "default", filter: EventFilter(), page: PageRequest(size: 3, token: token))
      keys += page.items.map(\.identity.key)
      token = page.next
    } while !token.isEmpty
    try expectEqual(keys, ["x", "k6", "k5", "k4", "k3", "k2", "k1", "k0"], "keys by due time")
    func listed(_ filter: EventFilter) async throws -> [String] {
      try await scene.store.events(namespace: "default", filter: filter, page: PageRequest(size: 100))
        .items.map(\.identity.key)
    }
    try expectEqual(try await listed(EventFilter(userID: "ada")), ["x"], "a person's events")
    try expectEqual(try await listed(EventFilter(scheduleID: "s")).count, 7, "a schedule's events")
    try expectEqual(try await listed(EventFilter(eventType: "reminder")), ["x"], "an event type's events")
    try expectEqual(
      try await listed(EventFilter(dueFrom: scene.now + .minutes(2), dueBefore: scene.now + .minutes(4))),
      ["k5", "k4"], "a period's events")
    let lease = try await scene.agent()
    try await scene.deliver(try await scene.take(lease, at: scene.now), lease, at: scene.now)
    try expectEqual(try await listed(EventFilter(states: [.completed])), ["x", "k6"], "completed events")
    try expectEqual(try await listed(EventFilter(states: [.pending])).count, 6, "pending events")
  },
  ConformanceRule("schedules are listed under their filters") { scene in
    try await scene.commit(.putUser(User(namespace: "default", id: "ada"), .none))
    var paused = Scene.schedule("p", type: "reminder")
    paused.state = .paused
    try await scene.commit(
      .putSchedule(Scene.schedule("a", user: "ada"), .none), .putSchedule(Scene.schedule("b"), .none),
      .putSchedule(paused, .none))
    func listed(_ filter: ScheduleFilter) async throws -> [String] {
      try await scene.store.schedules(namespace: "default", filter: filter, page: PageRequest(size: 10)).items.map(\.id)
    }
    try expectEqual(try await listed(ScheduleFilter()), ["a", "b", "p"], "all")
    try expectEqual(try await listed(ScheduleFilter(userID: "ada")), ["a"], "a person's")
    try expectEqual(try await listed(ScheduleFilter(eventType: "reminder")), ["p"], "an event type's")
    try expectEqual(try await listed(ScheduleFilter(state: .paused)), ["p"], "paused ones")
    try expectEqual(try await listed(ScheduleFilter(state: .deleted)), [], "deleted ones")
  },
  ConformanceRule("an event's history has every row, claim and receipt, oldest first") { scene in
    try await scene.crowd(1, due: scene.now)
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    let event = try require(rows.first, "a row")
    let later = scene.now + .minutes(2)
    _ = try await scene.store.record(
      [Scene.receipt(event, .retry, followUp: Scene.retry(event, at: later))], lease: lease,
      now: scene.now + .seconds(1))
    let next = try await scene.agent(at: later)
    try await scene.deliver(try await scene.take(next, at: later), next, at: later)
    let steps = try await scene.store.history(namespace: "default", identity: event.identity)
    let kinds = steps.map { step in
      switch step.kind {
      case .row(let attempt, _, _, _, _): "row \(attempt)"
      case .claimed(let agent, _): "claimed by \(agent)"
      case .receipt(let outcome, _, _, _, let attempt, _, _): "\(outcome.rawValue) \(attempt)"
      }
    }
    try expectEqual(
      kinds, ["row 1", "claimed by one", "row 2", "retry 1", "claimed by one", "delivered 2"], "steps")
    try expect(zip(steps, steps.dropFirst()).allSatisfy { $0.at <= $1.at }, "expected steps in order of time")
  },
  ConformanceRule("a watcher skips no receipt of concurrent writers") { scene in
    try await scene.crowd(300, due: scene.now)
    let lease = try await scene.agent()
    let events = try await scene.take(lease, at: scene.now)
    try expectEqual(
      try await scene.store.watch(namespace: "default", after: "", limit: 10).items.count, 0, "receipts before")
    let seen = try await withThrowingTaskGroup(of: [WatchedReceipt].self) { group in
      for lane in 0..<6 {
        group.addTask {
          for index in stride(from: lane, to: events.count, by: 6) {
            try await scene.deliver([events[index]], lease, at: scene.now)
          }
          return []
        }
      }
      group.addTask {
        var seen: [WatchedReceipt] = []
        var cursor = ""
        while seen.count < events.count {
          let page = try await scene.store.watch(namespace: "default", after: cursor, limit: 17)
          seen += page.items
          cursor = page.next
          await Task.yield()
        }
        return seen
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    try expectEqual(seen.count, events.count, "receipts seen")
    try expectEqual(Set(seen.map(\.identity)), Set(events.map(\.identity)), "events seen")
    try await scene.watchersCatchUp()
    let end = try await scene.store.watch(namespace: "default", after: "latest", limit: 10)
    try expectEqual(end.items.count, 0, "receipts at the end")
    try await scene.watchersCatchUp()
    let after = try await scene.store.watch(namespace: "default", after: end.next, limit: 10)
    try expectEqual(after.items.count, 0, "receipts after the end")
  },
]
