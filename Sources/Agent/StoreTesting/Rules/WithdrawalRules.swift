import EventModel
import Store

extension Scene {
  /// One schedule with one event, and what a re-plan that withdraws it leaves.
  fileprivate func withdrawn(_ identity: EventIdentity, at time: Timestamp) async throws {
    _ = try await replan(withdrawals: [identity.key], at: time)
  }

  /// Plans schedule `s` anew.
  fileprivate func replan(
    _ events: [PlannedEvent] = [], withdrawals: [String] = [], moves: [SchedulePlan.Move] = [], at time: Timestamp
  ) async throws -> PlanAnswer {
    _ = try await store.markForReplan(timeZones: ["UTC"], now: time)
    let plan = Self.plan(try await item("s"), events, withdrawals: withdrawals, moves: moves)
    let answer = try await store.commitPlan([plan], now: time)
    try expectEqual(answer.planned, 1, "schedules planned anew")
    return answer
  }

  /// What a re-plan of schedule `s` would be told.
  fileprivate func settledKeys() async throws -> [String] {
    _ = try await store.markForReplan(timeZones: ["UTC"], now: now)
    return try await item("s").settledKeys
  }

  fileprivate func listed() async throws -> [EventSummary] {
    try await store.events(namespace: "default", filter: EventFilter(), page: PageRequest(size: 10)).items
  }

  fileprivate func commands(_ lease: AgentLease) async throws -> [Command] {
    try await store.renew(lease, leaseFor: .seconds(10), now: now).commands
  }

  /// What an owner answers that did as the planner asked.
  fileprivate static func withdrawal(_ event: LoadedEvent, _ command: Int64) -> Receipt {
    receipt(event, .cancelled, sink: 0, code: SkipReason.withdrawn.rawValue, command: command)
  }

  /// Schedule `s` with one owned event, and the open command to withdraw it.
  fileprivate func asked() async throws -> (lease: AgentLease, event: LoadedEvent, command: Command) {
    try await planned("s", [Self.event("k", due: now)])
    let lease = try await agent()
    let event = try require(try await take(lease, at: now).first, "a row")
    try await withdrawn(event.identity, at: now)
    return (lease, event, try require(try await commands(lease).first, "a command"))
  }

  fileprivate func cancel(_ identity: EventIdentity) async throws -> InterventionResult {
    try await store.cancel(identity, reason: "no cake", actor: Actor(name: "test"), now: now)
  }
}

let withdrawalRules: [ConformanceRule] = [
  ConformanceRule("a plan that names an occurrence whose owner was asked to withdraw it takes that back") { scene in
    let (lease, event, _) = try await scene.asked()
    let again = Scene.plan(try await scene.item("s"), [Scene.event("k", due: event.dueAt)])
    try expectEqual(try await scene.store.commitPlan([again], now: scene.now).events, 0, "events beside the open one")
    try expectEqual(try await scene.commands(lease).count, 0, "commands")
    try await scene.deliver([event], lease, at: scene.now)
    try expectEqual(try await scene.state(event.identity), .completed, "state")
    try await scene.audit()
  },
  ConformanceRule("a plan that names a withdrawn occurrence at another time has its owner move it instead") { scene in
    let (lease, event, _) = try await scene.asked()
    let later = event.dueAt + .minutes(30)
    let again = Scene.plan(try await scene.item("s"), [Scene.event("k", due: later)])
    _ = try await scene.store.commitPlan([again], now: scene.now)
    let kinds = try await scene.commands(lease).map(\.kind)
    try expectEqual(kinds, [.move(dueAt: later, queue: "critical")], "commands")
  },
  ConformanceRule("an owner that withdrew while a plan took it back leaves the occurrence pending") { scene in
    let (lease, event, command) = try await scene.asked()
    let again = Scene.plan(try await scene.item("s"), [Scene.event("k", due: event.dueAt)])
    _ = try await scene.store.commitPlan([again], now: scene.now)
    _ = try await scene.store.record([Scene.withdrawal(event, command.id)], lease: lease, now: scene.now)
    try expectEqual(try await scene.state(event.identity), .pending, "state")
    let row = try require(try await scene.take(lease, at: scene.now).first, "the row written once more")
    try await scene.deliver([row], lease, at: scene.now)
    try expectEqual(try await scene.state(event.identity), .completed, "state at the end")
    try await scene.audit()
  },
  ConformanceRule("what the planner withdrew is planned again, and stands as what became of it then") { scene in
    let due = scene.now + .minutes(5)
    let number = try await scene.planned("s", [Scene.event("k", due: due)])
    let identity = EventIdentity(schedule: number, key: "k")
    try await scene.withdrawn(identity, at: scene.now)
    try expectEqual(try await scene.state(identity), .cancelled, "state while withdrawn")
    try expectEqual(try await scene.settledKeys(), [], "settled keys")
    let again = try await scene.replan([Scene.event("k", due: due)], at: scene.now)
    try expectEqual(again.events, 1, "events planned again")
    try expectEqual(try await scene.state(identity), .pending, "state when planned again")
    let third = try await scene.replan([Scene.event("k", due: due)], at: scene.now)
    try expectEqual(third.events, 0, "events beside the open one")
    let lease = try await scene.agent(at: due)
    try await scene.deliver(try await scene.take(lease, at: due), lease, at: due)
    try expectEqual(try await scene.listed().map(\.state), [.completed], "states listed, the event once")
    try expectEqual(try await scene.cancel(identity), .settled(.delivered), "cancel after the end")
    try expectEqual(try await scene.settledKeys(), ["k"], "settled keys after the end")
    let last = try await scene.replan([Scene.event("k", due: due)], at: due)
    try expectEqual(last.events, 0, "events after the end")
    let steps = try await scene.store.history(namespace: "default", identity: identity)
    let codes = steps.compactMap { step in
      if case .receipt(let outcome, let code, _, _, _, _, _) = step.kind { "\(outcome.rawValue) \(code)" } else { nil }
    }
    try expectEqual(codes, ["cancelled withdrawn", "delivered code"], "receipts of its history")
    try expectEqual(try await scene.audit().closedOnce, 2, "rows closed once")
  },
  ConformanceRule("what its owner withdrew is planned again") { scene in
    let (lease, event, command) = try await scene.asked()
    guard case .withdraw = command.kind else {
      throw ConformanceFailure(description: "expected a command to withdraw, found \(command.kind)")
    }
    let stale = try await scene.item("s")
    _ = try await scene.store.record([Scene.withdrawal(event, command.id)], lease: lease, now: scene.now)
    try expectEqual(try await scene.state(event.identity), .cancelled, "state while withdrawn")
    let raced = try await scene.store.commitPlan([Scene.plan(stale)], now: scene.now)
    try expectEqual(raced.conflicts, [stale.schedule], "a plan that took it for pending")
    let again = try await scene.replan([Scene.event("k", due: scene.now)], at: scene.now)
    try expectEqual(again.events, 1, "events planned again")
    let rows = try await scene.take(lease, at: scene.now)
    try await scene.deliver(rows, lease, at: scene.now)
    try expectEqual(try await scene.listed().map(\.state), [.completed], "states listed, the event once")
    try await scene.audit()
  },
  ConformanceRule("a re-plan that wants it again takes an open withdrawal back") { scene in
    let (lease, event, command) = try await scene.asked()
    _ = try await scene.replan(at: scene.now)
    try expectEqual(try await scene.commands(lease).count, 0, "commands left")
    try expectEqual(try await scene.store.commandAnswer(command.id), .tooLate(nil), "answer")
    // The owner had done it already: the row follows anew, since no plan has it.
    let answer = try await scene.store.record(
      [Scene.withdrawal(event, command.id)], lease: lease, now: scene.now)
    try expectEqual(answer.earliestFollowUp, event.runAt, "follow-up")
    let rows = try await scene.take(lease, at: scene.now)
    try expectEqual(rows.map(\.identity), [event.identity], "rows again")
    try await scene.deliver(rows, lease, at: scene.now)
    try expectEqual(try await scene.listed().map(\.state), [.completed], "states listed, the event once")
    try await scene.audit()
  },
  ConformanceRule("a withdrawal that its owner did not answer is done when the bucket is taken over") { scene in
    let (_, event, _) = try await scene.asked()
    let after = scene.now + .seconds(11)
    let heir = try await scene.agent("heir", at: after)
    try expectEqual(try await scene.take(heir, at: after).count, 0, "rows for the heir")
    try expectEqual(
      try await scene.replan([Scene.event("k", due: after)], at: after).events, 1, "events planned again")
    try expectEqual(try await scene.take(heir, at: after).map(\.identity), [event.identity], "rows planned again")
    try await scene.audit()
  },
  ConformanceRule("a person's cancel is for good, before, beside and after a withdrawal") { scene in
    let (lease, event, command) = try await scene.asked()
    _ = try await scene.cancel(event.identity)
    let kinds = try await scene.commands(lease).map(\.kind)
    try expectEqual(kinds, [.cancel(reason: "no cake")], "what the owner is asked")
    _ = try await scene.store.record([Scene.withdrawal(event, command.id)], lease: lease, now: scene.now)
    try expectEqual(try await scene.take(lease, at: scene.now).count, 0, "rows left")
    var events = [Scene.event("k", due: scene.now)]
    try expectEqual(try await scene.replan(events, at: scene.now).events, 0, "events after a cancel beside")

    events = [Scene.event("after", due: scene.now + .hours(1)), Scene.event("before", due: scene.now + .hours(1))]
    try expectEqual(try await scene.replan(events, at: scene.now).events, 2, "new events")
    let (after, before) = (
      EventIdentity(schedule: event.identity.schedule, key: "after"),
      EventIdentity(schedule: event.identity.schedule, key: "before")
    )
    try expectEqual(try await scene.cancel(before), .done, "cancel before")
    _ = try await scene.replan(withdrawals: ["after", "before"], at: scene.now)
    try expectEqual(try await scene.cancel(after), .done, "cancel of what is withdrawn")
    try expectEqual(try await scene.cancel(after), .settled(.cancelled), "cancel again")
    try expectEqual(try await scene.replan(events, at: scene.now).events, 0, "events after a cancel")
    try expectEqual(try await scene.listed().map(\.state), [.cancelled, .cancelled, .cancelled], "states listed")
    try await scene.audit()
  },
  ConformanceRule("of a withdrawal and a move the last wish counts") { scene in
    let (lease, event, command) = try await scene.asked()
    let due = scene.now + .hours(1)
    let asked = try await scene.store.move(
      event.identity, dueAt: due, queue: nil, actor: Actor(name: "test"), now: scene.now)
    try expectEqual(try await scene.commands(lease).map(\.kind), [.move(dueAt: due, queue: "critical")], "wishes")
    _ = try await scene.store.record([Scene.withdrawal(event, command.id)], lease: lease, now: scene.now)
    guard case .asked(let move) = asked else {
      throw ConformanceFailure(description: "expected the owner to be asked, found \(asked)")
    }
    try expectEqual(try await scene.store.commandAnswer(move), .done, "the move's answer")
    let moved = try await scene.store.event(namespace: "default", identity: event.identity)
    try expectEqual(moved.state, .pending, "state")
    try expectEqual(moved.dueAt, due, "due time")
    try await scene.audit()
  },
  ConformanceRule("a row of which a sink has its outcome is cancelled, but neither moved nor withdrawn") { scene in
    for way in 0..<3 {
      try await scene.crowd(1, due: scene.now, prefix: "way-\(way)")
      let lease = try await scene.agent()
      let event = try require(try await scene.take(lease, at: scene.now).first, "a row")
      func move() async throws -> InterventionResult {
        try await scene.store.move(
          event.identity, dueAt: scene.now + .hours(1), queue: nil, actor: Actor(name: "test"), now: scene.now)
      }
      // The first way asks while nothing is settled; the owner never answers.
      let early = way == 0 ? try await move() : nil
      _ = try await scene.store.record([Scene.receipt(event, closes: false)], lease: lease, now: scene.now)
      if way == 1 { try expectEqual(try await move(), .settled(.delivered), "move of an owned row") }
      try await scene.store.release(lease, now: scene.now)
      if case .asked(let command) = early {
        try expectEqual(try await scene.store.commandAnswer(command), .tooLate(nil), "answer to the owner's move")
      }
      try expectEqual(try await move(), .settled(.delivered), "move of an unowned row")
      if way == 2 {
        try expectEqual(try await scene.cancel(event.identity), .done, "cancel")
        try expectEqual(try await scene.state(event.identity), .cancelled, "state after the cancel")
        continue
      }
      let next = try await scene.agent()
      let rows = try await scene.take(next, at: scene.now)
      try expectEqual(rows.map(\.settledSinks), [[SinkNumber(rawValue: 1)]], "sinks that are done")
      _ = try await scene.store.record([Scene.receipt(rows[0], sink: 2)], lease: next, now: scene.now)
    }
    try await scene.audit()
  },
  ConformanceRule("a begun fan-out is not withdrawn, and its key not planned again") { scene in
    try await scene.planned("s", [Scene.event("k", due: scene.now)])
    let lease = try await scene.agent()
    let event = try require(try await scene.take(lease, at: scene.now).first, "a row")
    _ = try await scene.store.record([Scene.receipt(event, closes: false)], lease: lease, now: scene.now)
    _ = try await scene.replan(withdrawals: ["k"], at: scene.now)
    try expectEqual(try await scene.commands(lease).count, 0, "commands")
    _ = try await scene.cancel(event.identity)
    let command = try require(try await scene.commands(lease).first, "a command to cancel")
    _ = try await scene.store.record(
      [Scene.receipt(event, .cancelled, sink: 0, command: command.id)], lease: lease, now: scene.now)
    try expectEqual(
      try await scene.replan([Scene.event("k", due: scene.now)], at: scene.now).events, 0, "events planned again")
    try await scene.audit()
  },
  ConformanceRule("a series that is resumed, by its schedule or its user, begins at that moment") { scene in
    var user = User(namespace: "default", id: "ada")
    try await scene.commit(.putUser(user, .none))
    try await scene.planned("s", [Scene.event("k", due: scene.now + .hours(1))], user: "ada")
    try expect(try await scene.item("s").cursor != nil, "expected the series to stand somewhere")
    user.paused = true
    try await scene.commit(.putUser(user, .none), at: scene.now + .minutes(1))
    try expectEqual(try await scene.item("s").startAt, scene.now, "start while paused")
    user.paused = false
    try await scene.commit(.putUser(user, .none), at: scene.now + .minutes(2))
    let item = try await scene.item("s")
    try expectEqual(item.startAt, scene.now + .minutes(2), "start after the person's pause")
    try expectEqual(item.cursor, nil, "where the series stands")
    var schedule = try await scene.store.schedule(namespace: "default", id: "s")
    schedule.state = .paused
    try await scene.commit(.putSchedule(schedule, .none), at: scene.now + .minutes(3))
    schedule.state = .active
    try await scene.commit(.putSchedule(schedule, .none), at: scene.now + .minutes(4))
    try expectEqual(try await scene.item("s").startAt, scene.now + .minutes(4), "start after the schedule's pause")
    schedule.definitionJSON = #"{"at":"10:00"}"#
    try await scene.commit(.putSchedule(schedule, .none), at: scene.now + .minutes(5))
    try expectEqual(try await scene.item("s").startAt, scene.now + .minutes(4), "start after another change")
  },
  ConformanceRule("what was skipped because of a pause is wanted again if it falls due after the resume") { scene in
    var user = User(namespace: "default", id: "ada")
    user.paused = true
    try await scene.commit(.putUser(user, .none))
    let due = scene.now + .seconds(50)
    try await scene.planned("s", [Scene.event("k", due: due), Scene.event("old", due: scene.now)], user: "ada")
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    try expectEqual(rows.map(\.isPaused), [true, true], "rows of a paused person")
    user.paused = false
    try await scene.commit(.putUser(user, .none), at: scene.now + .seconds(1))
    _ = try await scene.store.record(
      rows.map { Scene.receipt($0, .skipped, sink: 0, code: SkipReason.paused.rawValue) }, lease: lease, now: scene.now)
    let again = try await scene.take(lease, at: scene.now)
    try expectEqual(again.map(\.identity.key), ["k"], "rows again")
    try expectEqual(again.map(\.isPaused), [false], "whether it is paused")
    try await scene.audit()
  },
]
