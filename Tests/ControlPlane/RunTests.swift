import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct RunTests {
  @Test func aTestIsAnEventOfItsOwnAndMarked() async throws {
    try await PreviewTests.withAda { rig in
      var request = Sample.run("s")
      request.test = true
      request.sink = "namespaces/test/sinks/other"
      let event = try await rig.schedules.runSchedule(request)
      #expect(event.test && event.state == .pending && event.occurrenceKey == "day-1" && event.queue == "critical")
      #expect(event.schedule.hasPrefix("namespaces/test/schedules/test-") && event.user == "namespaces/test/users/ada")
      #expect(event.dueTime.seconds == rig.clock.now.seconds && event.timeZone == "Europe/London")
      #expect(try await rig.events.getEvent(.with { $0.name = event.name }) == event)
      let owner = try await Owner(rig)
      #expect(owner.event.isTest && owner.event.definitionJSON == #"{"at":"09:00","lead_days":7}"#)
      let sink = try await rig.store.sink(namespace: "test", name: "other")
      #expect(owner.event.sink == sink.number)
      // The series is untouched.
      #expect(try await SkipTests.upcoming(rig).first?.occurrenceKey == "day-1")
      #expect(try await rig.schedules.getSchedule(.with { $0.name = SkipTests.name }).etag == "1")
    }
  }

  @Test func theSameRequestIsTheSameEvent() async throws {
    try await PreviewTests.withAda { rig in
      var request = Sample.run("s", requestID: "once")
      request.occurrenceKey = "day-3"
      let first = try await rig.schedules.runSchedule(request)
      #expect(!first.test && first.occurrenceKey == "day-3" && first.schedule.contains("/run-"))
      rig.clock.advance(by: .seconds(5))
      #expect(try await rig.schedules.runSchedule(request) == first)
      // Another schedule's request of the same id is another one.
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("other"))
      #expect(try await rig.schedules.runSchedule(Sample.run("other", requestID: "once")).name != first.name)
      #expect(try await rig.schedules.runSchedule(Sample.run("s")).name != first.name)
    }
  }

  @Test func whatIsSkippedIsSentWhenItIsNamed() async throws {
    try await SkipTests.withSchedule { rig in
      _ = try await rig.schedules.skipOccurrence(Sample.skip("s", "day-1"))
      #expect(try await rig.schedules.runSchedule(Sample.run("s")).occurrenceKey == "day-2")
      var request = Sample.run("s")
      request.occurrenceKey = "day-1"
      #expect(try await rig.schedules.runSchedule(request).occurrenceKey == "day-1")
    }
  }

  @Test(arguments: ["user", "schedule"])
  func whatIsPausedIsNotRun(_ what: String) async throws {
    try await PreviewTests.withAda { rig in
      if what == "user" {
        var ada = Sample.user("ada")
        ada.paused = true
        _ = try await rig.users.updateUser(.with { $0.user = ada })
      } else {
        var schedule = Sample.schedule("s", user: "ada")
        schedule.state = .paused
        _ = try await rig.schedules.updateSchedule(.with { $0.schedule = schedule })
      }
      let refusal = try await refused(.failedPrecondition) { try await rig.schedules.runSchedule(Sample.run("s")) }
      #expect(refusal.reason == "PAUSED" && refusal.message.contains("\(what)s/"))
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.isEmpty)
    }
  }

  @Test(arguments: [("broken", "CANNOT_BE_COMPUTED"), ("wordless", "CANNOT_BE_RENDERED")])
  func whatHasNoWordsIsNotRun(_ flaw: String, _ reason: String) async throws {
    try await withRig { rig in
      var request = Sample.createSchedule("s")
      request.schedule.definition.fields[flaw] = true
      _ = try await rig.schedules.createSchedule(request)
      let refusal = try await refused(.failedPrecondition) { try await rig.schedules.runSchedule(Sample.run("s")) }
      #expect(refusal.reason == reason)
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.isEmpty)
    }
  }

  @Test func whatIsOverIsNotRun() async throws {
    try await SkipTests.withSchedule { rig in
      rig.clock.advance(by: .hours(401 * 24))
      let refusal = try await refused(.failedPrecondition) { try await rig.schedules.runSchedule(Sample.run("s")) }
      #expect(refusal.reason == "NOTHING_COMING")
    }
  }

  struct BadRun: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_RunScheduleRequest) -> Void
  }

  static let badRuns: [BadRun] = [
    BadRun(testDescription: "no name", fields: ["name"]) { $0.name = "" },
    BadRun(testDescription: "a key that does not come", fields: ["occurrence_key"]) { $0.occurrenceKey = "day-0" },
    BadRun(testDescription: "unknown sink", fields: ["sink"]) { $0.sink = "namespaces/test/sinks/hok" },
    BadRun(testDescription: "sink of another namespace", fields: ["sink"]) {
      $0.sink = "namespaces/other/sinks/hook"
    },
    BadRun(testDescription: "a request id too long", fields: ["request_id"]) {
      $0.requestID = String(repeating: "k", count: 65)
    },
    BadRun(testDescription: "several faults at once", fields: ["occurrence_key", "sink", "request_id"]) {
      $0.occurrenceKey = " "
      $0.sink = "hook"
      $0.requestID = "\u{e9}"
    },
  ]

  @Test(arguments: badRuns)
  func badInputNamesItsFieldsAndSendsNothing(_ bad: BadRun) async throws {
    try await PreviewTests.withAda { rig in
      var request = Sample.run("s")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.schedules.runSchedule(request) }
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.isEmpty)
    }
  }
}
