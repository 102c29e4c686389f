import EventModel
import Glibc
import Store
import Testing

@testable import StoreMove
@testable import StoreTesting

@Suite struct RestoreTests {
  /// Restores as at a moment.
  private static func restore(
    _ place: MovingPlace, into target: StoreAddress, at moment: Timestamp
  ) async throws -> StoreMove.Report {
    let descriptor = try BackupFile.open(reading: place.file("backup"))
    defer { close(descriptor) }
    let store = try await OpenStore.open(target)
    let report = try await StoreMove.take(
      LentReader(try BackupReader(descriptor)), into: store, as: .restored(moment: moment)
    ) { _ in }
    await store.close()
    return report
  }

  private static func backedUp(_ fill: @Sendable (Scene) async throws -> Void) async throws -> MovingPlace {
    let place = try MovingPlace()
    try await place.sqlite().use(fill)
    _ = try await StoreMove.backup(of: place.sqlite(), to: place.file("backup"), version: "test")
    return place
  }

  private static func each(_ body: @Sendable (MovingPlace, StoreAddress) async throws -> Void) async throws {
    try await MovingPlace.withDatabase { place, database in
      try await body(place, place.sqlite("restored.db"))
      try await body(place, database)
    }
  }

  @Test("what was to start before the restore is closed with a reason, retries too; what comes later is sent, once")
  func skips() async throws {
    let source = try await Self.backedUp { try await Furnished.fill($0) }
    try await Self.each { _, target in
      let report = try await Self.restore(source, into: target, at: Scene.start + .hours(3))
      // Of six of today one is delivered, one dead, one has a retry, one is half sent, one is cancelled, one was held.
      #expect(report.skipped == 3 && report.open > 3)
      try await target.use { scene in
        let today = try await Furnished.number("today", scene)
        for (key, state) in [
          ("t0", EventState.completed), ("t1", .failed), ("t2", .skipped), ("t3", .completed), ("t4", .cancelled),
          ("t5", .skipped),
        ] {
          #expect(try await scene.state(EventIdentity(schedule: today, key: key)) == state, "\(key)")
        }
        let steps = try await scene.store.history(
          namespace: "default", identity: EventIdentity(schedule: today, key: "t5"))
        let reasons = steps.compactMap { step -> String? in
          if case .receipt(.skipped, SkipReason.restored.rawValue, let detail, _, _, _, _) = step.kind {
            detail
          } else {
            nil
          }
        }
        #expect(reasons.count == 1 && reasons[0].contains("may have been sent since the backup of 20"))
        #expect(try await scene.audit().closedTwice == 0)
        let lease = try await scene.agent("new", at: scene.now + .hours(48))
        let rows = try await scene.take(lease, at: scene.now + .hours(48))
        #expect(rows.map(\.identity.key).contains("m") && rows.allSatisfy { $0.runAt >= scene.now + .hours(3) })
        #expect(
          try await scene.store.deadLetters(
            namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10)
          ).items.count == 1)
      }
    }
  }

  @Test("what was due since the moment that somebody names is sent all the same")
  func resend() async throws {
    let source = try await Self.backedUp { scene in
      try await scene.planned("s", (0..<4).map { Scene.event("k\($0)", due: scene.now + .hours(Int64($0))) })
    }
    try await Self.each { _, target in
      let report = try await Self.restore(source, into: target, at: Scene.start + .hours(2))
      #expect(report.skipped == 2 && report.open == 4)
      try await target.use { scene in
        let rows = try await scene.take(
          try await scene.agent("new", at: scene.now + .hours(5)), at: scene.now + .hours(5))
        #expect(rows.map(\.identity.key).sorted() == ["k2", "k3"])
      }
    }
  }

  @Test("a series begins anew at the restore: what fell between is not missed; one that comes later is left alone")
  func series() async throws {
    let source = try await Self.backedUp { scene in
      try await scene.planned("daily", [Scene.event("d", due: scene.now)])
      for (id, next) in [("soon", Int64(1)), ("far", 24 * 30)] {
        try await scene.commit(.putSchedule(Scene.schedule(id), .none))
        let item = try await scene.item(id)
        _ = try await scene.store.commitPlan([Scene.plan(item, nextDue: scene.now + .hours(next))], now: scene.now)
      }
    }
    let moment = Scene.start + .hours(24)
    try await Self.each { _, target in
      #expect(try await Self.restore(source, into: target, at: moment).series == 1)
      try await target.use { scene in
        let soon = try await scene.item("soon")
        #expect(soon.startAt == moment && soon.cursor == nil)
        let far = try await scene.item("far")
        #expect(far.startAt == Scene.start && far.cursor != nil)
      }
    }
  }

  @Test("nothing that is numbered after the restore has a number that may have been given after the backup")
  func numbers() async throws {
    let source = try await Self.backedUp { scene in
      try await scene.commit(.putSchedule(Scene.schedule("old"), .none))
    }
    try await Self.each { _, target in
      _ = try await Self.restore(source, into: target, at: Scene.start)
      try await target.use { scene in
        let old = try await Furnished.number("old", scene)
        try await scene.commit(.putSchedule(Scene.schedule("new"), .none))
        let new = try await Furnished.number("new", scene)
        #expect(new.rawValue >> 32 > old.rawValue >> 32 && new.rawValue & 0xffff_ffff == 1)
        // The ledger takes rows with them.
        try await scene.planned("more", [Scene.event("k", due: scene.now)])
        let lease = try await scene.longAgent("one")
        try await scene.deliver(try await scene.take(lease, at: scene.now), lease, at: scene.now)
        #expect(try await scene.audit().open == 0)
      }
    }
  }

  @Test("what was to be relayed when the backup was taken is not relayed again; what happens from now on is")
  func relays() async throws {
    let source = try await Self.backedUp { try await Furnished.fill($0) }
    try await Self.each { _, target in
      _ = try await Self.restore(source, into: target, at: Scene.start + .hours(24 * 365))
      try await target.use { scene in
        func read(_ kind: DomainEvent.Kind) async throws -> [String] {
          let relay = try #require(try await scene.store.relays().first { $0.kind == kind })
          return try await scene.store.changes(
            namespace: "default", kinds: [kind], after: relay.cursor, limit: 100
          ).items.map { $0.userID ?? $0.id }
        }
        for kind in [DomainEvent.Kind.userCreated, .eventScheduled, .eventCompleted] {
          #expect(try await read(kind) == [], "\(kind)")
        }
        try await scene.commit(.putUser(User(namespace: "default", id: "eve", displayName: ""), .none))
        let deadline = ContinuousClock.now + .seconds(60)
        while try await read(.userCreated).isEmpty, .now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try await read(.userCreated) == ["eve"])
      }
    }
  }

  @Test("a moment to come cannot have been lost, and a store with anything in it is refused")
  func refused() async throws {
    let source = try await Self.backedUp { try await Furnished.fill($0) }
    await #expect(throws: StoreError.self) {
      try await StoreMove.restore(
        from: source.file("backup"), into: source.sqlite("new.db"), resendSince: Timestamp(microseconds: .max / 2))
    }
    await #expect(throws: StoreError.self) {
      try await StoreMove.restore(from: source.file("backup"), into: source.sqlite())
    }
  }
}
