import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite("Changes of many events") struct BulkTests {
  private static var limits: ControlPlaneLimits {
    var limits = ControlPlaneLimits()
    limits.commandPauseCap = .milliseconds(5)
    limits.bulkCommandWait = .milliseconds(50)
    return limits
  }

  private static func all(
    _ response: StreamingClientResponse<Carillon_V1_BulkProgress>
  ) async throws -> [Carillon_V1_BulkProgress] {
    try await response.messages.reduce(into: []) { $0.append($1) }
  }

  /// Events of these ids, due in an hour.
  private static func seed(_ rig: Rig, _ count: Int, queue: String = "low", prefix: String = "e") async throws {
    for number in 0..<count {
      var request = Sample.createEvent("\(prefix)\(number)")
      request.queue = "queues/\(queue)"
      request.dueTime = .init(seconds: rig.clock.now.seconds + 3_600)
      _ = try await rig.events.createEvent(request)
    }
  }

  private static func purge(
    _ rig: Rig, _ request: Carillon_V1_PurgeQueueRequest
  ) async throws -> [Carillon_V1_BulkProgress] {
    try await rig.queues.purgeQueue(request) { try await all($0) }
  }

  private static func move(
    _ rig: Rig, _ request: Carillon_V1_MoveEventsRequest
  ) async throws -> [Carillon_V1_BulkProgress] {
    try await rig.events.moveEvents(request) { try await all($0) }
  }

  @Test func aPurgeCancelsAllThatIsPendingWithItsReason() async throws {
    try await withRig { rig in
      try await Self.seed(rig, 5)
      try await Self.seed(rig, 2, queue: "high", prefix: "h")
      let progress = try await Self.purge(
        rig,
        .with {
          $0.name = "queues/low"
          $0.reason = "wrong import"
        })
      let last = try #require(progress.last)
      #expect(last.done && last.matched == 5 && last.changed == 5 && last.refused == 0)
      #expect(progress.dropLast().allSatisfy { !$0.done })
      let events = try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events
      #expect(events.count { $0.state == .cancelled } == 5 && events.count { $0.state == .pending } == 2)
      let gone = try #require(events.first { $0.state == .cancelled })
      let steps = try await rig.events.explainEvent(.with { $0.name = gone.name }).steps
      #expect(steps.last?.detail == "wrong import", "\(steps)")
      // Nothing is left to do.
      #expect(try await Self.purge(rig, .with { $0.name = "queues/low" }).last?.matched == 0)
    }
  }

  @Test func whatFallsDueLaterIsLeftAlone() async throws {
    try await withRig { rig in
      try await Self.seed(rig, 3)
      let before = Google_Protobuf_Timestamp(seconds: rig.clock.now.seconds + 3_600)
      let request = Carillon_V1_PurgeQueueRequest.with {
        $0.name = "queues/low"
        $0.dueBefore = before
      }
      #expect(try await Self.purge(rig, request).last?.matched == 0)
    }
  }

  @Test func whatMatchesIsMovedToAnotherQueue() async throws {
    try await withRig { rig in
      try await Self.seed(rig, 4)
      try await Self.seed(rig, 2, queue: "normal", prefix: "n")
      let last = try await Self.move(
        rig,
        .with {
          $0.parent = Rig.parent
          $0.queue = "queues/critical"
          $0.fromQueue = "queues/low"
          $0.eventType = "notification"
        }
      ).last
      #expect(last?.done == true && last?.matched == 4 && last?.changed == 4)
      let events = try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events
      #expect(events.count { $0.queue == "critical" } == 4 && events.allSatisfy { $0.state == .pending })
      #expect(events.count { $0.queue == "normal" } == 2)
    }
  }

  @Test func ownersAreAskedAndTheirAnswersCount() async throws {
    try await withRig(limits: Self.limits) { rig in
      _ = try await rig.events.createEvent(Sample.createEvent("now"))
      let owner = try await Owner(rig)
      // Nobody answers in time: it is asked for, and nothing is claimed of it.
      let unanswered = try await Self.purge(rig, .with { $0.name = "queues/low" }).last
      #expect(unanswered?.done == true && unanswered?.matched == 1)
      #expect(unanswered?.changed == 0 && unanswered?.refused == 0)
      let command = try await owner.nextCommand()
      try await owner.finish(.cancelled, command: command.id)
      #expect(try await Self.purge(rig, .with { $0.name = "queues/low" }).last?.matched == 0)
    }
  }

  @Test func anOwnersRefusalIsCounted() async throws {
    var limits = Self.limits
    limits.bulkCommandWait = .seconds(30)
    try await withRig(limits: limits) { rig in
      _ = try await rig.events.createEvent(Sample.createEvent("now"))
      let owner = try await Owner(rig)
      async let purged = Self.purge(rig, .with { $0.name = "queues/low" })
      _ = try await owner.nextCommand()
      // Its send had begun.
      try await owner.finish(.delivered)
      let last = try await purged.last
      #expect(last?.done == true && last?.changed == 0 && last?.refused == 1)
    }
  }

  @Test func faultsChangeNothing() async throws {
    try await withRig { rig in
      try await Self.seed(rig, 1)
      try await refused(.invalidArgument, fields: ["queue"]) {
        try await Self.move(rig, .with { $0.parent = Rig.parent })
      }
      try await refused(.invalidArgument, fields: ["queue", "from_queue", "user", "reason"]) {
        try await Self.move(
          rig,
          .with {
            $0.parent = Rig.parent
            $0.queue = "queues/hihg"
            $0.fromQueue = "queues/lwo"
            $0.user = "ada"
            $0.reason = String(repeating: "x", count: 501)
          })
      }
      try await refused(.invalidArgument, fields: ["from_queue"]) {
        try await Self.move(
          rig,
          .with {
            $0.parent = Rig.parent
            $0.queue = "queues/low"
            $0.fromQueue = "queues/low"
          })
      }
      try await refused(.notFound) { try await Self.purge(rig, .with { $0.name = "queues/none" }) }
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.map(\.state) == [.pending])
    }
  }

  @Test func deadLettersAreReplayedTheOldestFirstAtABoundedRate() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      let sink = try await rig.store.sink(namespace: "test", name: "hook").number
      for key in ["a", "b", "c"] {
        _ = try await rig.events.createEvent(Sample.createEvent(key))
        try await Owner(rig).die(at: sink)
        rig.clock.advance(by: .seconds(10))
      }
      let request = Carillon_V1_ReplayDeadLettersRequest.with {
        $0.parent = Rig.parent
        $0.sink = "\(Rig.parent)/sinks/hook"
        $0.code = "http-410"
        $0.diedBefore = .init(seconds: TestClock.start.seconds + 15)
        $0.ratePerSecond = 20
      }
      let clock = ContinuousClock()
      let start = clock.now
      let progress = try await rig.deadLetters.replayDeadLetters(request) { try await Self.all($0) }
      let last = try #require(progress.last)
      #expect(last.done && last.matched == 2 && last.changed == 2 && last.refused == 0)
      // The second comes after a twentieth of a second at the earliest.
      #expect(clock.now - start >= .milliseconds(50))
      #expect(try await rig.deadLetters.listDeadLetters(.with { $0.parent = Rig.parent }).deadLetters.count == 1)
      for rate in [-1, 1_001, .infinity, .nan] {
        try await refused(.invalidArgument, fields: ["rate_per_second"]) {
          try await rig.deadLetters.replayDeadLetters(
            .with {
              $0.parent = Rig.parent
              $0.ratePerSecond = rate
            }
          ) { try await Self.all($0) }
        }
      }
    }
  }
}
