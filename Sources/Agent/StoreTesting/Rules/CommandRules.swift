import EventModel
import Store

extension Scene {
  fileprivate func cancel(_ identity: EventIdentity) async throws -> InterventionResult {
    try await store.cancel(identity, reason: "no cake", actor: Actor(name: "test"), now: now)
  }

  fileprivate func move(
    _ identity: EventIdentity, to due: Timestamp?, queue: String? = nil
  ) async throws -> InterventionResult {
    try await store.move(identity, dueAt: due, queue: queue, actor: Actor(name: "test"), now: now)
  }

  /// One event, owned.
  fileprivate func owned() async throws -> (lease: AgentLease, event: LoadedEvent) {
    try await crowd(1, due: now)
    let lease = try await agent()
    let rows = try await take(lease, at: now)
    return (lease, try require(rows.first, "a row"))
  }

  fileprivate func asked(_ result: InterventionResult) throws -> Int64 {
    guard case .asked(let command) = result else {
      throw ConformanceFailure(description: "expected the owner to be asked, found \(result)")
    }
    return command
  }

  fileprivate func commands(_ lease: AgentLease) async throws -> [Command] {
    try await store.renew(lease, leaseFor: .seconds(10), now: now).commands
  }
}

let commandRules: [ConformanceRule] = [
  ConformanceRule("an unowned event is cancelled at once, and its bucket is partial or closed") { scene in
    let number = try await scene.planned("s", [Scene.event("a", due: scene.now), Scene.event("b", due: scene.now)])
    let identity = EventIdentity(schedule: number, key: "a")
    try expectEqual(try await scene.cancel(identity), .done, "cancel")
    try expectEqual(try await scene.cancel(identity), .settled(.cancelled), "cancel again")
    let lease = try await scene.agent()
    let buckets = try await scene.claim(lease, at: scene.now)
    try expectEqual(buckets.map(\.isPartial), [true], "partial buckets")
    let left = try await scene.store.load(buckets[0].id, lease: lease, now: scene.now)
    try expectEqual(left.map(\.identity.key), ["b"], "rows left")
    try await scene.deliver(left, lease, at: scene.now)
    try expectEqual(try await scene.claim(lease, at: scene.now).count, 0, "buckets left")
    try expectEqual(try await scene.audit().outcomes, [.cancelled: 1, .delivered: 1], "receipts")
    try await expectRefusal(.notFound, "an event that is not there") {
      try await scene.cancel(EventIdentity(schedule: number, key: "none"))
    }
  },
  ConformanceRule("the owner of an event is asked until it answers, and the answer is told") { scene in
    let (lease, event) = try await scene.owned()
    let command = try scene.asked(try await scene.cancel(event.identity))
    try expectEqual(try scene.asked(try await scene.cancel(event.identity)), command, "the same wish again")
    for _ in 0..<2 {
      let commands = try await scene.commands(lease)
      try expectEqual(commands.map(\.id), [command], "commands of a renewal")
      try expectEqual(commands.first?.ref, event.ref, "row")
      try expectEqual(commands.first?.kind, .cancel(reason: "no cake"), "wish")
    }
    try expectEqual(try await scene.store.commandAnswer(command), .open, "answer before")
    let receipt = Scene.receipt(event, .cancelled, sink: 0, command: command)
    _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
    try expectEqual(try await scene.store.commandAnswer(command), .done, "answer after")
    try expectEqual(try await scene.commands(lease).count, 0, "commands left")
    try await expectRefusal(.notFound, "an unknown command") { try await scene.store.commandAnswer(command + 99) }
  },
  ConformanceRule("a command that comes after the send is answered as too late, with the outcome") { scene in
    let (lease, event) = try await scene.owned()
    let command = try scene.asked(try await scene.cancel(event.identity))
    try await scene.deliver([event], lease, at: scene.now)
    try expectEqual(try await scene.store.commandAnswer(command), .tooLate(.delivered), "answer")
    try expectEqual(try await scene.cancel(event.identity), .settled(.delivered), "cancel after the end")
  },
  ConformanceRule("a cancel that meets a failed attempt is done to the retry") { scene in
    let (lease, event) = try await scene.owned()
    let command = try scene.asked(try await scene.cancel(event.identity))
    let retry = Scene.receipt(event, .retry, followUp: Scene.retry(event, at: scene.now + .minutes(1)))
    let answer = try await scene.store.record([retry], lease: lease, now: scene.now)
    try expectEqual(answer.earliestFollowUp, nil, "follow-ups that may start")
    try expectEqual(try await scene.store.commandAnswer(command), .done, "answer")
    try expectEqual(try await scene.state(event.identity), .cancelled, "state")
    try await scene.audit()
  },
  ConformanceRule("no cancel is lost with its owner: the store does it when the bucket is taken over") { scene in
    let (lease, event) = try await scene.owned()
    let command = try scene.asked(try await scene.cancel(event.identity))
    let after = scene.now + .seconds(11)
    let heir = try await scene.agent("heir", at: after)
    try expectEqual(try await scene.take(heir, at: after).count, 0, "rows for the heir")
    try expectEqual(try await scene.store.commandAnswer(command), .done, "answer")
    let late = try await scene.store.record([Scene.receipt(event)], lease: lease, now: after)
    try expectEqual(late.fenced, [event.ref.bucket], "buckets fenced")
    try expectEqual(try await scene.state(event.identity), .cancelled, "state")
  },
  ConformanceRule("no cancel is lost at a restart, a release or a give-back") { scene in
    for way in 0..<3 {
      try await scene.crowd(1, due: scene.now, prefix: "way-\(way)")
      let lease = try await scene.agent()
      let event = try require(try await scene.take(lease, at: scene.now).first, "a row")
      let command = try scene.asked(try await scene.cancel(event.identity))
      switch way {
      case 0: _ = try await scene.agent()
      case 1: try await scene.store.release(lease, now: scene.now)
      default: try await scene.store.giveBack([event.ref.bucket], lease: lease, now: scene.now)
      }
      try expectEqual(try await scene.store.commandAnswer(command), .done, "answer, way \(way)")
      try expectEqual(try await scene.take(try await scene.agent(), at: scene.now).count, 0, "rows left, way \(way)")
    }
  },
  ConformanceRule("an unowned event moves to another time and queue, under the same identity") { scene in
    let number = try await scene.planned("s", [Scene.event("k", due: scene.now)])
    let identity = EventIdentity(schedule: number, key: "k")
    let due = scene.now + .hours(1)
    try await expectRefusal(.invalid, field: "queue", "an unknown queue") {
      try await scene.move(identity, to: due, queue: "nowhere")
    }
    try expectEqual(try await scene.move(identity, to: due, queue: "high"), .done, "move")
    let lease = try await scene.agent()
    try expectEqual(try await scene.claim(lease, ["critical", "high"], at: scene.now).count, 0, "buckets at once")
    let later = try await scene.agent(at: due)
    let rows = try await scene.take(later, ["critical", "high"], at: due)
    try expectEqual(rows.map(\.identity), [identity], "rows at the new time")
    try expectEqual(rows.map(\.dueAt), [due], "due time")
    let page = try await scene.store.events(
      namespace: "default", filter: EventFilter(), page: PageRequest(size: 10))
    try expectEqual(page.items.map(\.dueAt), [due], "events listed, each once")
    try await scene.audit()
  },
  ConformanceRule("an owned event moves when its owner answers") { scene in
    let (lease, event) = try await scene.owned()
    let due = scene.now + .hours(1)
    let command = try scene.asked(try await scene.move(event.identity, to: due))
    let asked = try await scene.commands(lease)
    try expectEqual(asked.map(\.kind), [.move(dueAt: due, queue: "critical")], "wish")
    let followUp = FollowUp(runAt: due, dueAt: due, queue: "critical", attempt: 1, hop: 0, sink: .all)
    let receipt = Scene.receipt(event, .moved, sink: 0, followUp: followUp, command: command)
    let answer = try await scene.store.record([receipt], lease: lease, now: scene.now)
    try expectEqual(answer.earliestFollowUp, due, "follow-up")
    try expectEqual(try await scene.store.commandAnswer(command), .done, "answer")
    try expectEqual(try await scene.store.event(namespace: "default", identity: event.identity).dueAt, due, "due time")
  },
  ConformanceRule("a cancel beats a move that was asked before it") { scene in
    let (lease, event) = try await scene.owned()
    let due = scene.now + .hours(1)
    let move = try scene.asked(try await scene.move(event.identity, to: due))
    let cancel = try scene.asked(try await scene.cancel(event.identity))
    let followUp = FollowUp(runAt: due, dueAt: due, queue: "critical", attempt: 1, hop: 0, sink: .all)
    let receipt = Scene.receipt(event, .moved, sink: 0, followUp: followUp, command: move)
    _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
    try expectEqual(try await scene.store.commandAnswer(move), .done, "the move's answer")
    try expectEqual(try await scene.store.commandAnswer(cancel), .done, "the cancel's answer")
    try expectEqual(try await scene.state(event.identity), .cancelled, "state")
  },
  ConformanceRule("of a fan-out that is being cancelled no sink is tried again") { scene in
    let (lease, event) = try await scene.owned()
    let command = try scene.asked(try await scene.cancel(event.identity))
    let retry = Scene.receipt(
      event, .retry, sink: 1, closes: false, followUp: Scene.retry(event, at: scene.now + .seconds(30)))
    _ = try await scene.store.record([retry], lease: lease, now: scene.now)
    try expectEqual(try await scene.store.commandAnswer(command), .open, "answer while the row is open")
    let receipt = Scene.receipt(event, .cancelled, sink: 0, command: command)
    _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
    try expectEqual(try await scene.store.commandAnswer(command), .done, "answer")
    let later = try await scene.agent(at: scene.now + .seconds(30))
    try expectEqual(try await scene.take(later, at: scene.now + .seconds(30)).count, 0, "rows to try again")
    try expectEqual(try await scene.state(event.identity), .cancelled, "state")
  },
  ConformanceRule("an owned row that a re-plan moves gets its new zone with the owner's answer") { scene in
    let (lease, event) = try await scene.owned()
    _ = try await scene.store.markForReplan(timeZones: ["UTC"], now: scene.now)
    let item = try await scene.item(event.scheduleID)
    let due = scene.now + .hours(1)
    let move = SchedulePlan.Move(
      key: event.identity.key, dueAt: due, runAt: due, queue: "critical", timeZone: "Asia/Tokyo")
    _ = try await scene.store.commitPlan([Scene.plan(item, moves: [move])], now: scene.now)
    let command = try require(try await scene.commands(lease).first, "a command")
    let followUp = FollowUp(runAt: due, dueAt: due, queue: "critical", attempt: 1, hop: 0, sink: .all)
    let receipt = Scene.receipt(event, .moved, sink: 0, followUp: followUp, command: command.id)
    _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
    let moved = try await scene.store.event(namespace: "default", identity: event.identity)
    try expectEqual(moved.timeZone, "Asia/Tokyo", "zone")
    try expectEqual(moved.dueAt, due, "due time")
  },
]
