import EventModel
import Store
import Testing

@testable import StoreTesting

/// A kind of change, and what has to be there before it.
private struct CutChange: Sendable {
  let name: String
  /// Committed before, directly.
  var before: @Sendable (_ name: String) -> [Change] = { _ in [] }
  /// The change, of things of that name. Done twice, it would fail or count twice.
  let change: @Sendable (_ name: String) -> Change
}

private let home = "default"

private func sink(_ name: String) -> Sink {
  Sink(namespace: home, name: name, plugin: "webhook", configurationJSON: "{}")
}

private func queue(_ name: String) -> Queue {
  var queue = Queue.normal
  queue.name = name
  return queue
}

private func subscription(_ name: String) -> Subscription {
  Subscription(namespace: home, id: name, eventType: "birthday", sink: name)
}

private func template(_ name: String) -> MessageTemplate {
  MessageTemplate(namespace: home, id: name, eventType: name, title: "t", text: "t")
}

private func aUser(_ name: String) -> [Change] { [.putUser(User(namespace: home, id: name), .none)] }

private func aSchedule(_ name: String) -> [Change] { [.putSchedule(Scene.schedule(name), .none)] }

private func anException(_ name: String) -> [Change] {
  aSchedule(name) + [.putException(namespace: home, schedule: name, OccurrenceException(key: "k", action: .skip))]
}

private func aSink(_ name: String) -> [Change] { [.putSink(sink(name), .none)] }

private func aSubscription(_ name: String) -> [Change] { aSink(name) + [.putSubscription(subscription(name), .none)] }

private func aQueue(_ name: String) -> [Change] { [.putQueue(queue(name), .none)] }

private func aTemplate(_ name: String) -> [Change] { [.putTemplate(template(name), .none)] }

private func goingOn(_ name: String) -> [Change] { [.resumeAll] }

private func aStop(_ name: String) -> [Change] { [.resumeAll, .stopAll(reason: name)] }

private let changes = [
  CutChange(name: "put a user") { .putUser(User(namespace: home, id: $0), .absent) },
  CutChange(name: "delete a user", before: aUser) { .deleteUser(namespace: home, id: $0, .none) },
  CutChange(name: "put a schedule") { .putSchedule(Scene.schedule($0), .absent) },
  CutChange(name: "delete a schedule", before: aSchedule) { .deleteSchedule(namespace: home, id: $0, .none) },
  CutChange(name: "put an exception", before: aSchedule) {
    .putException(namespace: home, schedule: $0, OccurrenceException(key: "k", action: .skip))
  },
  CutChange(name: "take an exception back", before: anException) {
    .deleteException(namespace: home, schedule: $0, key: "k")
  },
  CutChange(name: "put a sink") { .putSink(sink($0), .absent) },
  CutChange(name: "delete a sink", before: aSink) { .deleteSink(namespace: home, name: $0, .none) },
  CutChange(name: "put a subscription", before: aSink) { .putSubscription(subscription($0), .absent) },
  CutChange(name: "delete a subscription", before: aSubscription) {
    .deleteSubscription(namespace: home, id: $0, .none)
  },
  CutChange(name: "put a queue") { .putQueue(queue($0), .absent) },
  CutChange(name: "delete a queue", before: aQueue) { .deleteQueue(name: $0, moveTo: "normal", .none) },
  CutChange(name: "put a template") { .putTemplate(template($0), .absent) },
  CutChange(name: "delete a template", before: aTemplate) { .deleteTemplate(namespace: home, id: $0, .none) },
  CutChange(name: "create a grant") { .createGrant(Grant(id: $0, identity: "dns:a", role: .viewer)) },
  CutChange(name: "create a denial") { .createDenial(Denial(id: $0, subject: .identity("dns:a"))) },
  CutChange(name: "stop everything", before: goingOn) { .stopAll(reason: $0) },
  CutChange(name: "resume everything", before: aStop) { _ in .resumeAll },
]

/// Every change leaves an audit record, once.
let changeVerbs =
  changes.map { change in
    CutVerb(change.name) { world, turn in
      let name = "x-\(turn)"
      for before in change.before(name) { try await world.direct.commit(before) }
      let records = try await world.number("SELECT count(*) FROM audit")
      let result = try await world.cutting { try await $0.commit(change.change(name)) }
      #expect(result.count == 1)
      #expect(result.first?.effect != .unchanged)
      #expect(try await world.number("SELECT count(*) FROM audit") == records + 1)
    }
  } + [
    CutVerb("replay a dead letter") { world, turn in
      let letter = try await world.deadLetter(turn)
      _ = try await world.cutting { try await $0.replay(letter, at: $0.now) }
      #expect(try await world.number("SELECT count(*) FROM dead_letter") == 0)
      #expect(try await world.number("SELECT count(*) FROM event WHERE expires_from IS NOT NULL") == turn)
    },
    CutVerb("discard a dead letter") { world, turn in
      let letter = try await world.deadLetter(turn)
      _ = try await world.cutting {
        try await $0.commit(.discardDeadLetter(namespace: home, id: letter.id, reason: "no"))
      }
      #expect(try await world.number("SELECT count(*) FROM dead_letter") == 0)
      #expect(try await world.number("SELECT count(*) FROM audit WHERE action = 'dead-letter.discard'") == turn)
    },
    CutVerb("create by request") { world, turn in
      let change = Change.putUser(User(namespace: home, id: "r-\(turn)"), .absent)
      let request = RequestID(id: "r-\(turn)", content: [1])
      for isRepeated in [false, true] {
        let creation = try await world.cutting {
          try await $0.store.create(change, request: request, actor: .agent, dryRun: false, now: $0.now)
        }
        #expect(creation.id == "r-\(turn)" && creation.isRepeated == isRepeated)
      }
      #expect(try await world.number("SELECT count(*) FROM audit") == turn)
    },
    CutVerb("change one by one") { world, turn in
      let records = try await world.number("SELECT count(*) FROM audit")
      let changes = [
        Change.putUser(User(namespace: home, id: "u-\(turn)"), .absent),
        .deleteUser(namespace: home, id: "nobody", .none),
        .putSchedule(Scene.schedule("s-\(turn)"), .absent),
      ]
      let results = try await world.cutting {
        try await $0.store.commitEach(changes, actor: Actor(name: "test"), dryRun: false, now: $0.now)
      }
      #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
      #expect(try await world.number("SELECT count(*) FROM audit") == records + 1)
    },
  ]

extension CutWorld {
  /// A dead letter for a sink that is there.
  fileprivate func deadLetter(_ turn: Int64) async throws -> DeadLetter {
    let now = direct.now
    let sink = try await direct.sink("hook")
    try await direct.crowd(1, due: now, prefix: "c-\(turn)")
    let lease = try await direct.longAgent("one")
    let event = try #require(try await direct.take(lease, at: now).last)
    let message = Message(title: "t", text: "t")
    _ = try await direct.store.record(
      [Scene.receipt(event, .dead, sink: sink.rawValue, dead: message)], lease: lease, now: now)
    return try #require(try await direct.letters().first)
  }
}
