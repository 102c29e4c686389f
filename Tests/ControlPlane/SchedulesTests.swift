import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct SchedulesTests {
  @Test func whatIsCreatedCanBeGot() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      var request = Sample.createSchedule("ada-birthday", user: "ada")
      request.schedule.queue = "high"
      request.schedule.timeZone = "Asia/Tokyo"
      request.schedule.gap = .skip
      request.schedule.fold = .both
      request.schedule.catchUp = .with {
        $0.mode = .merge
        $0.window = .init(seconds: 3_600)
      }
      let made = try await rig.schedules.createSchedule(request)
      #expect(made.name == "namespaces/test/schedules/ada-birthday")
      #expect(made.user == "namespaces/test/users/ada")
      #expect(made.state == .active)
      #expect(made.etag == "1")
      #expect(made.definition == request.schedule.definition)
      #expect(made.catchUp == request.schedule.catchUp)
      #expect(made.gap == .skip && made.fold == .both)
      #expect(try await rig.schedules.getSchedule(.with { $0.name = made.name }) == made)
      #expect(rig.pipeline.kicks == 2)
    }
  }

  @Test func wholeNumbersReachTheEventTypeAsIntegers() async throws {
    try await withRig { rig in
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("s"))
      #expect(rig.plugins.definitions == [#"{"at":"09:00","lead_days":7}"#])
    }
  }

  struct BadSchedule: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateScheduleRequest) -> Void
  }

  static let badSchedules: [BadSchedule] = [
    BadSchedule(testDescription: "no id", fields: ["schedule_id"]) { $0.scheduleID = "" },
    BadSchedule(testDescription: "unknown event type", fields: ["schedule.event_type"]) {
      $0.schedule.eventType = "brithday"
    },
    BadSchedule(testDescription: "no event type", fields: ["schedule.event_type"]) { $0.schedule.eventType = "" },
    BadSchedule(testDescription: "a definition against its schema", fields: ["schedule.definition/at"]) {
      $0.schedule.definition = ["at": "25:00"]
    },
    BadSchedule(testDescription: "a number that is none", fields: ["schedule.definition/lead_days"]) {
      $0.schedule.definition = ["lead_days": .init(numberValue: .infinity)]
    },
    BadSchedule(testDescription: "a definition too large", fields: ["schedule.definition"]) {
      $0.schedule.definition = ["text": .init(stringValue: String(repeating: "x", count: 70_000))]
    },
    BadSchedule(testDescription: "a definition too deep", fields: ["schedule.definition"]) {
      var value = Google_Protobuf_Value(numberValue: 1)
      for _ in 0..<40 { value = Google_Protobuf_Value(listValue: .init(values: [value])) }
      $0.schedule.definition = ["deep": value]
    },
    BadSchedule(testDescription: "unknown queue", fields: ["schedule.queue"]) { $0.schedule.queue = "express" },
    BadSchedule(testDescription: "unknown zone", fields: ["schedule.time_zone"]) {
      $0.schedule.timeZone = "Europe/Lodnon"
    },
    BadSchedule(testDescription: "user of another namespace", fields: ["schedule.user"]) {
      $0.schedule.user = "namespaces/other/users/ada"
    },
    BadSchedule(testDescription: "user that does not exist", fields: ["schedule.user"]) {
      $0.schedule.user = "namespaces/test/users/nobody"
    },
    BadSchedule(testDescription: "user not by name", fields: ["schedule.user"]) { $0.schedule.user = "ada" },
    BadSchedule(testDescription: "a state that only the planner sets", fields: ["schedule.state"]) {
      $0.schedule.state = .ended
    },
    BadSchedule(testDescription: "an unknown rule", fields: ["schedule.gap"]) { $0.schedule.gap = .UNRECOGNIZED(9) },
    BadSchedule(testDescription: "a window of no time", fields: ["schedule.catch_up.window"]) {
      $0.schedule.catchUp = .with {
        $0.mode = .all
        $0.window = .init(seconds: 0)
      }
    },
    BadSchedule(
      testDescription: "several faults at once",
      fields: ["schedule_id", "schedule.queue", "schedule.time_zone", "schedule.user", "schedule.state"]
    ) {
      $0.scheduleID = "a b"
      $0.schedule.queue = "Express!"
      $0.schedule.timeZone = "nowhere"
      $0.schedule.user = "x"
      $0.schedule.state = .ended
    },
  ]

  @Test("an event type that cannot be asked now says nothing about a definition: the call may be repeated")
  func anEventTypeThatCannotBeAsked() async throws {
    try await withRig { rig in
      var request = Sample.createSchedule("s")
      request.schedule.definition = ["title": "busy"]
      let refusal = try await refused(.unavailable) { try await rig.schedules.createSchedule(request) }
      #expect(refusal.reason == "PLUGIN_BUSY" && refusal.message.contains("cannot be asked"))
      try await refused(.notFound) {
        try await rig.schedules.getSchedule(.with { $0.name = "namespaces/test/schedules/s" })
      }
    }
  }

  @Test(arguments: badSchedules)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadSchedule) async throws {
    try await withRig { rig in
      var request = Sample.createSchedule("s")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.schedules.createSchedule(request) }
      #expect(try await rig.schedules.listSchedules(.with { $0.parent = Rig.parent }).schedules.isEmpty)
      #expect(rig.pipeline.kicks == 0)
    }
  }

  @Test func whatIsUnknownIsToldWithWhatThereIs() async throws {
    try await withRig { rig in
      var request = Sample.createSchedule("s")
      request.schedule.eventType = "brithday"
      let type = try await refused(.invalidArgument) { try await rig.schedules.createSchedule(request) }
      #expect(type.message.contains("there are: birthday, notification"))
      request = Sample.createSchedule("s")
      request.schedule.queue = "hihg"
      let queue = try await refused(.invalidArgument) { try await rig.schedules.createSchedule(request) }
      #expect(queue.message.contains("there are: critical, high, normal, low"))
    }
  }

  @Test func aMaskChangesOnlyWhatItNames() async throws {
    try await withRig { rig in
      let made = try await rig.schedules.createSchedule(Sample.createSchedule("s"))
      let paused = try await rig.schedules.updateSchedule(
        .with {
          $0.schedule = .with {
            $0.name = made.name
            $0.state = .paused
            $0.etag = made.etag
          }
          $0.updateMask = Sample.mask("state")
        })
      #expect(paused.state == .paused)
      #expect(paused.definition == made.definition)
      // The definition was not part of the update: nobody asks the plugin about it.
      #expect(rig.plugins.definitions.count == 1)
      try await refused(.aborted) {
        try await rig.schedules.updateSchedule(.with { $0.schedule = made })
      }
    }
  }

  @Test(arguments: ["user", "event_type"])
  func userAndEventTypeCannotBeChanged(_ field: String) async throws {
    try await withRig { rig in
      var schedule = try await rig.schedules.createSchedule(Sample.createSchedule("s"))
      if field == "user" { schedule.user = "namespaces/test/users/ada" } else { schedule.eventType = "notification" }
      try await refused(.invalidArgument, fields: ["schedule." + field]) {
        try await rig.schedules.updateSchedule(.with { $0.schedule = schedule })
      }
    }
  }

  @Test func allowMissingCreatesAndValidateOnlyDoesNot() async throws {
    try await withRig { rig in
      var request = Carillon_V1_UpdateScheduleRequest.with {
        $0.schedule = Sample.schedule("s")
        $0.allowMissing = true
        $0.validateOnly = true
      }
      #expect(try await rig.schedules.updateSchedule(request).etag.isEmpty)
      try await refused(.notFound) { try await rig.schedules.getSchedule(.with { $0.name = request.schedule.name }) }
      request.validateOnly = false
      #expect(try await rig.schedules.updateSchedule(request).etag == "1")
      request.allowMissing = false
      request.schedule.name = "namespaces/test/schedules/other"
      try await refused(.notFound) { try await rig.schedules.updateSchedule(request) }
    }
  }

  @Test func listsAreFilteredAndDeletesAreSeen() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("a", user: "ada"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("b"))
      let ofAda = try await rig.schedules.listSchedules(
        .with {
          $0.parent = Rig.parent
          $0.user = "namespaces/test/users/ada"
        })
      #expect(ofAda.schedules.map(\.name) == ["namespaces/test/schedules/a"])
      let paused = try await rig.schedules.listSchedules(
        .with {
          $0.parent = Rig.parent
          $0.state = .paused
        })
      #expect(paused.schedules.isEmpty)
      _ = try await rig.schedules.deleteSchedule(.with { $0.name = "namespaces/test/schedules/a" })
      let left = try await rig.schedules.listSchedules(.with { $0.parent = Rig.parent })
      #expect(left.schedules.map(\.name) == ["namespaces/test/schedules/b"])
      try await refused(.notFound) {
        try await rig.schedules.deleteSchedule(.with { $0.name = "namespaces/test/schedules/a" })
      }
    }
  }

  @Test func upcomingOccurrencesComeInOrderWithTheirLocalTime() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("a", user: "ada"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("b"))
      let found = try await rig.schedules.listUpcoming(
        .with {
          $0.parent = Rig.parent
          $0.limit = 5
        }
      ).upcoming
      #expect(found.map(\.occurrenceKey) == ["day-1", "day-1", "day-2", "day-2", "day-3"])
      let ada = try #require(found.first { !$0.user.isEmpty })
      #expect(ada.displayName == "Ada ada" && ada.timeZone == "Europe/London")
      #expect(ada.localTime == "2026-05-02T13:00:00")
      let one = try await rig.schedules.listUpcoming(.with { $0.parent = "namespaces/test/schedules/b" })
      #expect(Set(one.upcoming.map(\.schedule)) == ["namespaces/test/schedules/b"])
      #expect(one.upcoming.count == 29)
    }
  }

  @Test func upcomingIsBounded() async throws {
    try await withRig { rig in
      try await refused(.invalidArgument, fields: ["until", "limit"]) {
        try await rig.schedules.listUpcoming(
          .with {
            $0.parent = Rig.parent
            $0.limit = 1_001
            $0.until = .init(seconds: rig.clock.now.seconds + 401 * 86_400)
          })
      }
      try await refused(.notFound) {
        try await rig.schedules.listUpcoming(.with { $0.parent = "namespaces/test/schedules/none" })
      }
    }
  }
}
