import EventModel
import Store
import Synchronization
import Testing

@testable import StorePostgreSQL
@testable import StoreTesting

/// Several stores on one database, and everybody at once: agents that claim, deliver, fail, restart and fall silent; planners;
/// people who add, change, cancel, move and erase; somebody who deletes a queue that others put events into. What each was
/// told is held against the ledger at the end.
final class Mill: Sendable {
  /// What everybody knows.
  struct Told: Sendable {
    var now = Scene.start
    var schedules = 0
    var events: [EventIdentity] = []
    var cancelled: Set<EventIdentity> = []
    var erased: Set<ScheduleNumber> = []
    var asked: [Int64] = []
    var recorded = 0
    var fenced = 0
  }

  static let queues = ["critical", "normal", "side"]
  static let actor = Actor(name: "mill")

  let scenes: [Scene]
  let told = Mutex(Told())

  init(_ stores: [PostgresStore]) {
    scenes = stores.map { Scene(store: $0, reopen: { $0 }) }
  }

  /// Time goes on a little with everything that is done.
  func tick(_ milliseconds: Int64 = 40) -> Timestamp {
    told.withLock {
      $0.now = $0.now + .milliseconds(milliseconds)
      return $0.now
    }
  }

  func anEvent() -> EventIdentity? { told.withLock { $0.events.randomElement() } }

  func run(steps: Int) async throws {
    try await putSide(scenes[0])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, scene) in scenes.enumerated() {
        group.addTask { try await self.agent(scene, "agent-\(index)", steps: steps) }
        group.addTask { try await self.agent(scene, "twin-\(index)", steps: steps) }
        group.addTask { try await self.planner(scene, steps: steps) }
        group.addTask { try await self.people(scene, steps: steps) }
        group.addTask { try await self.callers(scene, "store-\(index)", steps: steps) }
      }
      group.addTask { try await self.queueKeeper(self.scenes[0], steps: steps / 2) }
      try await group.waitForAll()
    }
    try await settle(scenes[0])
  }

  func putSide(_ scene: Scene) async throws {
    var queue = Queue.normal
    queue.name = "side"
    try await scene.commit(.putQueue(queue, .none), at: tick())
  }

  private func queueKeeper(_ scene: Scene, steps: Int) async throws {
    for _ in 0..<steps {
      try await scene.commit(.deleteQueue(name: "side", moveTo: "normal", .none), at: tick())
      try await putSide(scene)
    }
  }
}

// MARK: - At the end

extension Mill {
  /// Delivers all that is left, and holds the ledger against what was told.
  private func settle(_ scene: Scene) async throws {
    let now = tick(3_600_000)
    try await planOnce(scene, at: now)
    let last = try await scene.store.openAgent(name: "last", version: "1", leaseFor: .hours(1), now: now)
    while true {
      let events = try await scene.take(last, Self.queues, at: now)
      if events.isEmpty { break }
      let (cancelled, erased) = told.withLock { ($0.cancelled, $0.erased) }
      #expect(events.allSatisfy { !cancelled.contains($0.identity) }, "a cancelled event was loaded")
      #expect(events.allSatisfy { !erased.contains($0.identity.schedule) }, "an erased person's event was loaded")
      try await scene.deliver(events, last, at: now)
    }
    let check = try await scene.audit()
    #expect(check.open == 0)
    let told = told.withLock { $0 }
    #expect(told.recorded > 0)
    #expect(check.rows > told.schedules / 2)
    for event in told.events where !told.erased.contains(event.schedule) {
      let state = try await scene.state(event)
      #expect(state != .pending && state != .processing, "\(event.text) is \(state)")
      if told.cancelled.contains(event) { #expect(state == .cancelled, "\(event.text) is \(state)") }
    }
    for command in told.asked { #expect(try await scene.store.commandAnswer(command) != .open) }
  }
}
