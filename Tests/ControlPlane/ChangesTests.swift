import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct ChangesTests {
  private static var limits: ControlPlaneLimits {
    var limits = WatchTests.limits
    limits.maximumWatches = 10
    return limits
  }

  private static func watch(
    _ rig: Rig, cursor: String, kinds: [String] = [],
    until enough: @escaping @Sendable ([Carillon_V1_WatchChangesResponse]) -> Bool
  ) async throws -> [Carillon_V1_WatchChangesResponse] {
    try await rig.events.watchChanges(
      .with {
        $0.parent = Rig.parent
        $0.cursor = cursor
        $0.kinds = kinds
      }
    ) { response in
      var seen: [Carillon_V1_WatchChangesResponse] = []
      for try await message in response.messages {
        seen.append(message)
        if enough(seen) { break }
      }
      return seen
    }
  }

  @Test func whatHappensIsToldInOrderAndTheCursorGoesOn() async throws {
    try await withRig(limits: Self.limits) { rig in
      let put = { (zone: String) in
        let user = User(namespace: "test", id: "ada", timeZone: zone)
        _ = try await rig.store.commit([.putUser(user, .none)], actor: .agent, dryRun: false, now: rig.clock.now)
      }
      try await put("Europe/London")
      try await put("Asia/Tokyo")
      let event = try await rig.events.createEvent(Sample.createEvent("a"))
      let all = try await Self.watch(rig, cursor: "oldest") { $0.flatMap(\.changes).count == 3 }
      let changes = all.flatMap(\.changes)
      #expect(changes.map(\.kind) == ["user.created", "user.zone-changed", "event.scheduled"])
      #expect(changes[0].user == Rig.parent + "/users/ada" && changes[0].event.isEmpty)
      #expect(changes[2].event == event.name && changes[2].hasDueTime && !changes[2].schedule.isEmpty)
      let cursor = try #require(all.last).cursor
      try await put("Asia/Seoul")
      let rest = try await Self.watch(rig, cursor: cursor) { !$0.flatMap(\.changes).isEmpty }
      #expect(rest.flatMap(\.changes).map(\.kind) == ["user.zone-changed"])
      let some = try await Self.watch(rig, cursor: "oldest", kinds: ["user.created"]) { $0.count == 2 }
      #expect(some.flatMap(\.changes).map(\.kind) == ["user.created"])
    }
  }

  @Test func silenceIsBrokenByHeartbeatsWithACursor() async throws {
    try await withRig(limits: Self.limits) { rig in
      let beats = try await Self.watch(rig, cursor: "") { $0.count == 3 }
      #expect(beats.allSatisfy { $0.changes.isEmpty && !$0.cursor.isEmpty })
    }
  }

  @Test(arguments: [("x", [String](), "cursor"), ("", ["user.created", "user.gone"], "kinds[1]")])
  func aWatchThatMakesNoSenseIsRefused(cursor: String, kinds: [String], field: String) async throws {
    try await withRig(limits: Self.limits) { rig in
      try await refused(.invalidArgument, fields: [field]) {
        try await Self.watch(rig, cursor: cursor, kinds: kinds) { _ in true }
      }
    }
  }

  @Test func aTopicCanBeSubscribedToAndAnUnknownOneIsToldWhichThereAre() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      func subscribe(_ id: String, to type: String) async throws -> Carillon_V1_Subscription {
        try await rig.subscriptions.createSubscription(
          .with {
            $0.parent = Rig.parent
            $0.subscriptionID = id
            $0.subscription.eventType = type
            $0.subscription.sink = Rig.parent + "/sinks/hook"
          })
      }
      #expect(try await subscribe("a", to: "user.created").eventType == "user.created")
      #expect(try await rig.store.relays().map(\.kind) == [.userCreated])
      for name in ["user.gone", "brithday"] {
        let refusal = try await refused(.invalidArgument, fields: ["subscription.event_type"]) {
          try await subscribe("b", to: name)
        }
        #expect(refusal.message.contains(DomainEvent.Kind.list), "\(refusal.message)")
      }
    }
  }

  @Test func aTopicCannotBeScheduledOrSent() async throws {
    try await withRig { rig in
      var request = Sample.createEvent("a")
      request.eventType = "user.created"
      let create = request
      try await refused(.invalidArgument, fields: ["event_type"]) { try await rig.events.createEvent(create) }
    }
  }

  @Test func aReplanShowsOldAndNewTimesAndChangesNothingUntilItIsAskedFor() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      for (id, user) in [("a", "ada"), ("b", "")] {
        _ = try await rig.schedules.createSchedule(Sample.createSchedule(id, user: user))
        try await PlanInTheMaking(rig, id).commit()
      }
      func replan(
        user: String = "", zone: String = "", size: Int32 = 0, token: String = "", dryRun: Bool = true
      ) async throws -> Carillon_V1_ReplanSchedulesResponse {
        try await rig.schedules.replanSchedules(
          .with {
            $0.parent = Rig.parent
            $0.user = user
            $0.timeZone = zone
            $0.validateOnly = dryRun
            $0.pageSize = size
            $0.pageToken = token
          })
      }
      let ada = try await replan(user: Rig.parent + "/users/ada")
      let change = try #require(ada.changes.first)
      #expect(ada.schedules == 1 && ada.changes.count == 1)
      #expect(change.schedule == Rig.parent + "/schedules/a" && change.user == Rig.parent + "/users/ada")
      #expect(change.occurrenceKey == "day-1" && change.timeZone == "Europe/London")
      #expect(change.newDueTime.seconds - change.oldDueTime.seconds == 3_600)
      #expect(change.oldLocalTime.hasSuffix("13:00:00") && change.newLocalTime.hasSuffix("14:00:00"))
      let first = try await replan(size: 1)
      let second = try await replan(size: 1, token: first.nextPageToken)
      #expect((first.changes + second.changes).map(\.schedule) == ["a", "b"].map { Rig.parent + "/schedules/" + $0 })
      #expect(second.nextPageToken.isEmpty)
      let soon = rig.clock.now + .seconds(1)
      #expect(try await rig.store.schedulesToPlan(dueBefore: soon, limit: 10).isEmpty)
      let kicks = rig.pipeline.kicks
      #expect(try await replan(user: Rig.parent + "/users/ada", dryRun: false).schedules == 1)
      #expect(try await rig.store.schedulesToPlan(dueBefore: soon, limit: 10).map(\.id) == ["a"])
      #expect(rig.pipeline.kicks > kicks)
      try await refused(.invalidArgument, fields: ["user", "time_zone"]) {
        try await replan(user: Rig.parent + "/users/nobody", zone: "Europe/Londn")
      }
      try await refused(.notFound) {
        try await rig.schedules.replanSchedules(
          .with {
            $0.parent = Rig.parent
            $0.schedule = Rig.parent + "/schedules/none"
          })
      }
    }
  }
}
