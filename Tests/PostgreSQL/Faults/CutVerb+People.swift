import EventModel
import Store
import Testing

@testable import StoreTesting

private let actor = Actor(name: "test")

let interventionVerbs = [
  CutVerb("cancel") { world, turn in
    let now = world.direct.now
    let schedule = try await world.direct.planned("p-\(turn)", [Scene.event("k", due: now)])
    let event = EventIdentity(schedule: schedule, key: "k")
    let result = try await world.cutting { try await $0.store.cancel(event, reason: "no", actor: actor, now: now) }
    #expect(result == .done)
    #expect(try await world.direct.audit().outcomes == [.cancelled: Int(turn)])
    #expect(try await world.number("SELECT count(*) FROM audit WHERE action = 'event.cancel'") == turn)
  },
  CutVerb("move") { world, turn in
    let now = world.direct.now
    let schedule = try await world.direct.planned("p-\(turn)", [Scene.event("k", due: now)])
    let event = EventIdentity(schedule: schedule, key: "k")
    let result = try await world.cutting {
      try await $0.store.move(event, dueAt: now + .hours(1), queue: nil, actor: actor, now: now)
    }
    #expect(result == .done)
    let check = try await world.direct.audit()
    #expect(check.outcomes == [.moved: Int(turn)])
    #expect(check.rows == 2 * Int(turn))
  },
  CutVerb("ask an owner to cancel") { world, turn in
    let now = world.direct.now
    let schedule = try await world.direct.planned("p-\(turn)", [Scene.event("k", due: now)])
    let lease = try await world.direct.longAgent("one")
    _ = try await world.direct.take(lease, at: now)
    let event = EventIdentity(schedule: schedule, key: "k")
    let result = try await world.cutting { try await $0.store.cancel(event, reason: "no", actor: actor, now: now) }
    guard case .asked(let command) = result else {
      Issue.record("not asked: \(result)")
      return
    }
    #expect(try await world.direct.store.commandAnswer(command) == .open)
    #expect(try await world.number("SELECT count(*) FROM command") == turn)
  },
  CutVerb("erase") { world, turn in
    let now = world.direct.now
    let id = "u-\(turn)"
    try await world.direct.commit(.putUser(User(namespace: "default", id: id), .none))
    try await world.direct.planned("p-\(turn)", [Scene.event("k", due: now)], user: id)
    let erasure = try await world.cutting { try await $0.erase(id) }
    #expect(erasure.schedules == 1)
    #expect(try await world.direct.audit().outcomes == [.cancelled: Int(turn)])
    #expect(try await world.number("SELECT count(*) FROM \"user\"") == 0)
    #expect(try await world.number("SELECT count(*) FROM audit WHERE action = 'user.erase'") == turn)
  },
]

let upkeepVerbs = [
  CutVerb("expire") { world, turn in
    let now = world.direct.now
    try await world.direct.planned("p-\(turn)", [Scene.event("k", due: now - .hours(48), run: now)])
    let closed = try await world.cutting { try await $0.store.expire(now: now + .seconds(1)) }
    #expect(closed == 1)
    #expect(try await world.direct.audit().outcomes == [.expired: Int(turn)])
  },
  CutVerb("drop history") { world, turn in
    let now = world.direct.now
    let later = now + .hours(24 * 10)
    try await world.direct.crowd(1, due: now, prefix: "c-\(turn)")
    let lease = try await world.direct.longAgent("one")
    try await world.deliverAll(lease, at: now)
    try await world.cutting { scene in
      // Taking a partition off is no transaction: what was cut is finished by the next call.
      do {
        _ = try await scene.store.dropHistory(before: later, deadLettersBefore: later)
      } catch let error as StoreError {
        #expect(error.code == .unavailable)
        _ = try await scene.store.dropHistory(before: later, deadLettersBefore: later)
      }
    }
    let day = BucketDayName.of(now)
    let tables = "'event\(day)', 'receipt\(day)'"
    #expect(try await world.number("SELECT count(*) FROM pg_class WHERE relname IN (\(tables))") == 0)
    #expect(try await world.number("SELECT count(*) FROM bucket") == 0)
    #expect(try await world.direct.audit().rows == 0)
  },
]
