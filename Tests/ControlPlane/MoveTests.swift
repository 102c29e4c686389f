import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct MoveTests {
  @Test func whatIsMovedComesAtItsNewTimeUnderItsOldKey() async throws {
    try await SkipTests.withSchedule { rig in
      let answer = try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-03T18:30"))
      #expect(answer.exceptions.map(\.localTime) == ["2026-05-03T18:30:00"])
      #expect(answer.exceptions.map(\.skipped) == [false])
      let coming = try await SkipTests.upcoming(rig)
      #expect(coming.prefix(3).map(\.occurrenceKey) == ["day-2", "day-1", "day-3"])
      #expect(coming[1].localTime == "2026-05-03T18:30:00")
    }
  }

  @Test func aPlannedEventIsMovedAndStaysTheSame() async throws {
    try await SkipTests.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit()
      _ = try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-03T18:30"))
      let event = try await rig.events.getEvent(.with { $0.name = plan.eventName() })
      #expect(event.localTime == "2026-05-03T18:30:00" && event.state == .pending)
      let again = try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-04T10:00:05"))
      #expect(again.exceptions.map(\.localTime) == ["2026-05-04T10:00:05"])
      #expect(
        try await rig.events.getEvent(.with { $0.name = plan.eventName() }).localTime == "2026-05-04T10:00:05")
    }
  }

  @Test func whatWasSentCannotBeMoved() async throws {
    try await SkipTests.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit(dueAt: rig.clock.now)
      let owner = try await Owner(rig)
      async let refusal = refused(.failedPrecondition) {
        try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-03T18:30"))
      }
      _ = try await owner.nextCommand()
      try await owner.finish(.delivered)
      #expect(try await refusal.reason == "TOO_LATE")
      #expect(try await SkipTests.exceptions(rig).isEmpty)
      let second = try await refused(.failedPrecondition) {
        try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-03T18:30"))
      }
      #expect(second.reason == "TOO_LATE")
    }
  }

  @Test func whatWasSkippedCanBeMovedUnlessItsEventIsCancelled() async throws {
    try await SkipTests.withSchedule { rig in
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-2"))
      let moved = try await rig.schedules.moveOccurrence(Sample.move("s", "day-2", to: "2026-05-09T09:00"))
      #expect(moved.exceptions.map(\.localTime) == ["2026-05-09T09:00:00"])
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit()
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      try await refused(.failedPrecondition) {
        try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-09T09:00"))
      }
      #expect(try await SkipTests.exceptions(rig).map(\.skipped) == [true, false])
    }
  }

  /// In London; it is 2026-05-01T13:00 there.
  @Test(arguments: [
    ("", "is required"), ("tomorrow", "must be a local time"), ("2026-05-04", "must be a local time"),
    ("2026-05-04T09:00Z", "without offset"), ("2026-05-04T09:00:00.5", "must be a local time"),
    ("2026-05-04T24:00", "must be a local time"), ("2027-02-29T09:00", "must be a local time that exists"),
    ("2027-03-28T01:30", "it would be 2027-03-28T02:30:00"), ("2026-05-01T13:00", "it is 2026-05-01T13:00:00"),
    ("-0044-03-15T12:00", "must be in the future"), ("2027-06-06T09:00", "at most 400 days ahead"),
  ])
  func aTimeThatCannotBeIsRefusedWithAReason(_ time: String, _ reason: String) async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("s", user: "ada"))
      let refusal = try await refused(.invalidArgument, fields: ["local_time"]) {
        try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: time))
      }
      #expect(refusal.message.contains(reason))
      #expect(try await SkipTests.exceptions(rig).isEmpty)
    }
  }

  @Test func validateOnlyMovesNothing() async throws {
    try await SkipTests.withSchedule { rig in
      var request = Sample.move("s", "day-1", to: "2026-05-03T18:30")
      request.validateOnly = true
      let answer = try await rig.schedules.moveOccurrence(request)
      #expect(answer.exceptions.map(\.localTime) == ["2026-05-03T18:30:00"])
      #expect(try await SkipTests.exceptions(rig).isEmpty)
    }
  }
}

@Suite struct RestoreTests {
  @Test func aSkipThatNothingWasCancelledByIsTakenBack() async throws {
    try await SkipTests.withSchedule { rig in
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      #expect(try await rig.schedules.restoreOccurrence(Sample.restore("s", "day-1")).exceptions.isEmpty)
      #expect(try await SkipTests.upcoming(rig).first?.occurrenceKey == "day-1")
    }
  }

  @Test func aSkipThatCancelledAnEventIsFinal() async throws {
    try await SkipTests.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit()
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      let refusal = try await refused(.failedPrecondition) {
        try await rig.schedules.restoreOccurrence(Sample.restore("s", "day-1"))
      }
      #expect(refusal.reason == "SKIP_IS_FINAL" && refusal.metadata["event"] == plan.eventName())
      #expect(try await SkipTests.exceptions(rig).count == 1)
    }
  }

  @Test func aMovedEventGoesBackToItsOwnTime() async throws {
    try await SkipTests.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit()
      _ = try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-03T18:30"))
      #expect(try await rig.schedules.restoreOccurrence(Sample.restore("s", "day-1")).exceptions.isEmpty)
      let event = try await rig.events.getEvent(.with { $0.name = plan.eventName() })
      #expect(event.localTime == "2026-05-02T12:00:00" && event.state == .pending)
    }
  }

  @Test func aMoveWhoseOwnTimeIsOverStays() async throws {
    try await SkipTests.withSchedule { rig in
      _ = try await rig.schedules.moveOccurrence(Sample.move("s", "day-1", to: "2026-05-20T09:00"))
      rig.clock.advance(by: .hours(72))
      let refusal = try await refused(.failedPrecondition) {
        try await rig.schedules.restoreOccurrence(Sample.restore("s", "day-1"))
      }
      #expect(refusal.reason == "OCCURRENCE_PAST")
      #expect(try await SkipTests.exceptions(rig).count == 1)
    }
  }

  @Test func whatNothingWasSaidOfIsToldWithWhatThereIs() async throws {
    try await SkipTests.withSchedule { rig in
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-7"))
      let refusal = try await refused(.invalidArgument, fields: ["occurrence_key"]) {
        try await rig.schedules.restoreOccurrence(Sample.restore("s", "day-1"))
      }
      #expect(refusal.message.contains("there are: day-7"))
    }
  }
}
