import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct SkipTests {
  static let name = "\(Rig.parent)/schedules/s"

  static func withSchedule(
    limits: ControlPlaneLimits = ControlPlaneLimits(), _ body: @Sendable (Rig) async throws -> Void
  ) async throws {
    try await withRig(limits: limits) { rig in
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("s"))
      try await body(rig)
    }
  }

  static func exceptions(_ rig: Rig) async throws -> [Carillon_V1_OccurrenceException] {
    try await rig.schedules.getSchedule(.with { $0.name = name }).exceptions
  }

  static func upcoming(_ rig: Rig) async throws -> [Carillon_V1_Upcoming] {
    try await rig.schedules.listUpcoming(.with { $0.parent = name }).upcoming
  }

  @Test func whatIsSkippedIsNotComingAnyMore() async throws {
    try await Self.withSchedule { rig in
      let kicks = rig.pipeline.kicks
      let answer = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-2"))
      let exception = try #require(answer.exceptions.first)
      #expect(answer.exceptions.count == 1 && exception.occurrenceKey == "day-2" && exception.skipped)
      #expect(exception.reason == "on holiday" && exception.localTime.isEmpty)
      #expect(exception.createTime.seconds == rig.clock.now.seconds)
      #expect(try await Self.exceptions(rig) == answer.exceptions)
      #expect(try await Self.upcoming(rig).prefix(2).map(\.occurrenceKey) == ["day-1", "day-3"])
      #expect(rig.pipeline.kicks == kicks + 1)
      #expect(try await rig.schedules.skipOccurrence(Sample.skip("s", "day-2")).exceptions.count == 1)
    }
  }

  @Test func aPlannedEventIsCancelledAndSaysWhy() async throws {
    try await Self.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit()
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      let explained = try await rig.events.explainEvent(.with { $0.name = plan.eventName() })
      #expect(explained.event.state == .cancelled)
      #expect(explained.summary.contains("skipped: on holiday"))
      // Asking again changes nothing, and is answered alike.
      #expect(try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1")).exceptions.count == 1)
    }
  }

  @Test func aPlanThatWasInTheMakingDoesNotPlanIt() async throws {
    try await Self.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      #expect(try await plan.commit().conflicts == [plan.item.schedule])
      try await refused(.notFound) { try await rig.events.getEvent(.with { $0.name = plan.eventName() }) }
      #expect(try await PlanInTheMaking(rig, "s").item.exceptions.map(\.key) == ["day-1"])
    }
  }

  @Test func whoeverIsFirstNothingIsLeftToSend() async throws {
    try await withRig { rig in
      for round in 0..<20 {
        let id = "s\(round)"
        _ = try await rig.schedules.createSchedule(Sample.createSchedule(id))
        let plan = try await PlanInTheMaking(rig, id)
        async let skipped = rig.schedules.skipOccurrence(Sample.skip(id, "day-1"))
        async let planned = plan.commit()
        let isPlanned = try await planned.conflicts.isEmpty
        #expect(try await skipped.exceptions.count == 1)
        let events = try await rig.events.listEvents(
          .with {
            $0.parent = Rig.parent
            $0.schedule = "\(Rig.parent)/schedules/\(id)"
          }
        ).events
        #expect(events.map(\.state) == (isPlanned ? [.cancelled] : []))
      }
    }
  }

  @Test func whatWasSentCannotBeSkipped() async throws {
    try await Self.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit(dueAt: rig.clock.now)
      try await Owner(rig).finish(.delivered)
      let refusal = try await refused(.failedPrecondition) {
        try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      }
      #expect(refusal.reason == "TOO_LATE" && refusal.message.contains("delivered already"))
      #expect(refusal.metadata["event"] == plan.eventName())
      #expect(try await Self.exceptions(rig).isEmpty)
    }
  }

  @Test func anOwnerCancelsIt() async throws {
    try await Self.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit(dueAt: rig.clock.now)
      let owner = try await Owner(rig)
      async let skipped = rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      let command = try await owner.nextCommand()
      #expect(command.kind == .cancel(reason: "skipped: on holiday"))
      try await owner.finish(.cancelled, command: command.id)
      #expect(try await skipped.exceptions.map(\.occurrenceKey) == ["day-1"])
    }
  }

  @Test func anOwnerThatHasSentTakesTheExceptionBack() async throws {
    try await Self.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit(dueAt: rig.clock.now)
      let owner = try await Owner(rig)
      async let refusal = refused(.failedPrecondition) {
        try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      }
      _ = try await owner.nextCommand()
      #expect(try await Self.exceptions(rig).count == 1)
      try await owner.finish(.delivered)
      #expect(try await refusal.metadata["outcome"] == "delivered")
      #expect(try await Self.exceptions(rig).isEmpty)
    }
  }

  @Test func anOwnerThatDoesNotAnswerLeavesItSkipped() async throws {
    var limits = ControlPlaneLimits()
    limits.commandWait = .milliseconds(30)
    try await Self.withSchedule(limits: limits) { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit(dueAt: rig.clock.now)
      _ = try await Owner(rig)
      let refusal = try await refused(.deadlineExceeded) {
        try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      }
      #expect(refusal.reason == "OUTCOME_UNKNOWN_YET")
      #expect(try await Self.exceptions(rig).count == 1)
      let restore = try await refused(.failedPrecondition) {
        try await rig.schedules.restoreOccurrence(Sample.restore("s", "day-1"))
      }
      #expect(restore.reason == "SKIP_UNDER_WAY")
    }
  }

  @Test func validateOnlySaysWhatWouldBe() async throws {
    try await Self.withSchedule { rig in
      let plan = try await PlanInTheMaking(rig, "s")
      try await plan.commit()
      var request = Sample.skip("s", "day-1")
      request.validateOnly = true
      #expect(try await rig.schedules.skipOccurrence(request).exceptions.map(\.skipped) == [true])
      #expect(try await Self.exceptions(rig).isEmpty)
      #expect(try await rig.events.getEvent(.with { $0.name = plan.eventName() }).state == .pending)
    }
  }

  @Test func anUnknownKeyIsToldWithTheNearest() async throws {
    try await Self.withSchedule { rig in
      let refusal = try await refused(.invalidArgument, fields: ["occurrence_key"]) {
        try await rig.schedules.skipOccurrence(Sample.skip("s", "day-3999"))
      }
      #expect(refusal.message.contains("the nearest are: day-399, day-4"))
      try await refused(.notFound) { try await rig.schedules.skipOccurrence(Sample.skip("none", "day-1")) }
      #expect(try await Self.exceptions(rig).isEmpty)
    }
  }

  struct BadSkip: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_SkipOccurrenceRequest) -> Void
  }

  static let badSkips: [BadSkip] = [
    BadSkip(testDescription: "no name", fields: ["name"]) { $0.name = "" },
    BadSkip(testDescription: "a user's name", fields: ["name"]) { $0.name = "namespaces/test/users/s" },
    BadSkip(testDescription: "no key", fields: ["occurrence_key"]) { $0.occurrenceKey = "" },
    BadSkip(testDescription: "a key with a space", fields: ["occurrence_key"]) { $0.occurrenceKey = "day 1" },
    BadSkip(testDescription: "a reason too long", fields: ["reason"]) {
      $0.reason = String(repeating: "r", count: 501)
    },
    BadSkip(testDescription: "several faults at once", fields: ["name", "occurrence_key", "reason"]) {
      $0.name = "x"
      $0.occurrenceKey = String(repeating: "k", count: 201)
      $0.reason = String(repeating: "\u{e9}", count: 300)
    },
  ]

  @Test(arguments: badSkips)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadSkip) async throws {
    try await Self.withSchedule { rig in
      var request = Sample.skip("s", "day-1")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.schedules.skipOccurrence(request) }
      #expect(try await Self.exceptions(rig).isEmpty)
    }
  }

  @Test func aScheduleHasABoundedNumberOfExceptions() async throws {
    try await Self.withSchedule { rig in
      for day in 1...OccurrenceException.maximumPerSchedule {
        _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-\(day)"))
      }
      try await refused(.invalidArgument) { try await rig.schedules.skipOccurrence(Sample.skip("s", "day-200")) }
      #expect(try await Self.exceptions(rig).count == OccurrenceException.maximumPerSchedule)
    }
  }

  @Test func aSingleEventIsCancelledAndNotSkipped() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("once"))
      try await refused(.failedPrecondition) {
        try await rig.schedules.skipOccurrence(
          .with {
            $0.name = event.schedule
            $0.occurrenceKey = "once"
          })
      }
      #expect(try await rig.events.getEvent(.with { $0.name = event.name }).state == .pending)
    }
  }
}
