import ControlAPI
import EventModel
import GRPCCore
import SwiftProtobuf
import Testing

@Suite struct PreviewTests {
  /// Ada's birthday, and two sinks of which one is subscribed.
  static func withAda(_ body: @Sendable (Rig) async throws -> Void) async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      _ = try await rig.schedules.createSchedule(Sample.createSchedule("s", user: "ada"))
      for sink in ["hook", "other"] { _ = try await rig.sinks.createSink(Sample.createSink(sink)) }
      _ = try await rig.subscriptions.createSubscription(Sample.createSubscription("red", sink: "hook"))
      try await body(rig)
    }
  }

  @Test func itSaysWhatWillComeAndWhere() async throws {
    try await Self.withAda { rig in
      var request = Sample.preview("s")
      request.count = 2
      let found = try await rig.schedules.previewSchedule(request).occurrences
      #expect(found.map(\.occurrenceKey) == ["day-1", "day-2"])
      let first = try #require(found.first)
      #expect(first.timeZone == "Europe/London" && first.localTime == "2026-05-02T13:00:00")
      let message = try #require(first.messages.first)
      #expect(first.messages.count == 1 && message.sink == "namespaces/test/sinks/hook")
      #expect(message.title == "Happy birthday, Ada ada!" && message.data == ["age": 36])
      #expect(message.wording.source == .builtIn && message.wording.locale == "en" && message.problem.isEmpty)
    }
  }

  @Test func sinksAreThoseThatSubscriptionsAndQueuesLetIt() async throws {
    try await Self.withAda { rig in
      func sinks() async throws -> [String] {
        try await rig.schedules.previewSchedule(Sample.preview("s")).occurrences[0].messages.map(\.sink)
      }
      var all = Sample.createSubscription("all", sink: "other")
      all.subscription.eventType = "*"
      all.subscription.filter = ["schedule": "s", "queue": "critical", "user": "ada"]
      _ = try await rig.subscriptions.createSubscription(all)
      #expect(Set(try await sinks()) == ["namespaces/test/sinks/hook", "namespaces/test/sinks/other"])
      _ = try await rig.queues.updateQueue(
        .with {
          $0.queue = .with {
            $0.name = "queues/critical"
            $0.allowedSinks = ["other"]
          }
          $0.updateMask = Sample.mask("allowed_sinks")
        })
      #expect(try await sinks() == ["namespaces/test/sinks/other"])
      var blue = Sample.user("ada")
      blue.attributes = ["team": "blue"]
      _ = try await rig.users.updateUser(.with { $0.user = blue })
      _ = try await rig.subscriptions.deleteSubscription(.with { $0.name = "namespaces/test/subscriptions/all" })
      // Nobody gets it; it is worded all the same.
      #expect(try await sinks() == [""])
    }
  }

  @Test func oneOccurrenceAtOneSinkInOtherWords() async throws {
    try await Self.withAda { rig in
      var request = Sample.preview("s")
      request.occurrenceKey = "day-9"
      request.sink = "namespaces/test/sinks/other"
      request.template.title = "Hoch soll {{name}} leben!"
      let found = try await rig.schedules.previewSchedule(request).occurrences
      #expect(found.map(\.occurrenceKey) == ["day-9"])
      #expect(found[0].messages.map(\.title) == ["Hoch soll Ada ada leben!"])
      #expect(found[0].messages[0].wording.source == .template && found[0].messages[0].wording.template.isEmpty)
      request.template.title = "{{"
      let broken = try await rig.schedules.previewSchedule(request).occurrences[0].messages[0]
      #expect(broken.problem == "a tag is not closed" && broken.title.isEmpty)
    }
  }

  @Test func aLocaleWithoutWordsFallsBackVisibly() async throws {
    try await Self.withAda { rig in
      var request = Sample.preview("s")
      request.locale = "de"
      let wording = try await rig.schedules.previewSchedule(request).occurrences[0].messages[0].wording
      #expect(wording.fallback == "no words for de")
    }
  }

  @Test func aScheduleNeedNotBeStoredNorItsUserExist() async throws {
    try await Self.withAda { rig in
      let request = Carillon_V1_PreviewScheduleRequest.with {
        $0.parent = Rig.parent
        $0.schedule = Sample.schedule("", user: "nobody")
        $0.schedule.name = ""
        $0.sampleUser = .with {
          $0.displayName = "Grace"
          $0.timeZone = "Asia/Tokyo"
          $0.attributes = ["team": "red"]
        }
      }
      let found = try await rig.schedules.previewSchedule(request).occurrences
      #expect(found[0].localTime == "2026-05-02T21:00:00")
      #expect(found[0].messages.map(\.title) == ["Happy birthday, Grace!"])
      #expect(found[0].messages.map(\.sink) == ["namespaces/test/sinks/hook"])
      #expect(try await rig.schedules.listSchedules(.with { $0.parent = Rig.parent }).schedules.count == 1)
    }
  }

  @Test func whyNothingCanBeComputedIsSaid() async throws {
    try await Self.withAda { rig in
      var broken = Sample.createSchedule("broken")
      broken.schedule.definition = ["broken": true]
      _ = try await rig.schedules.createSchedule(broken)
      let stored = try await refused(.failedPrecondition) {
        try await rig.schedules.previewSchedule(Sample.preview("broken"))
      }
      #expect(stored.reason == "CANNOT_BE_COMPUTED" && stored.message.contains("no date of birth"))
      let inline = try await refused(.invalidArgument, fields: ["schedule"]) {
        try await rig.schedules.previewSchedule(
          .with {
            $0.parent = Rig.parent
            $0.schedule = broken.schedule
          })
      }
      #expect(inline.message.contains("no date of birth"))
    }
  }

  struct BadPreview: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_PreviewScheduleRequest) -> Void
  }

  static let badPreviews: [BadPreview] = [
    BadPreview(testDescription: "no parent", fields: ["parent"]) { $0.parent = "" },
    BadPreview(testDescription: "nothing to preview", fields: ["name"]) { $0.target = nil },
    BadPreview(testDescription: "a schedule of another namespace", fields: ["name"]) {
      $0.name = "namespaces/other/schedules/s"
    },
    BadPreview(testDescription: "too many", fields: ["count"]) { $0.count = 21 },
    BadPreview(testDescription: "fewer than none", fields: ["count"]) { $0.count = -1 },
    BadPreview(testDescription: "a key that does not come", fields: ["occurrence_key"]) {
      $0.occurrenceKey = "day-0"
    },
    BadPreview(testDescription: "a key that cannot be", fields: ["occurrence_key"]) { $0.occurrenceKey = "a b" },
    BadPreview(testDescription: "unknown sink", fields: ["sink"]) { $0.sink = "namespaces/test/sinks/hok" },
    BadPreview(testDescription: "no language", fields: ["locale"]) { $0.locale = "english please" },
    BadPreview(testDescription: "a language for nobody", fields: ["locale"]) {
      $0.schedule = Sample.schedule("x")
      $0.locale = "de"
    },
    BadPreview(testDescription: "a template without words", fields: ["template.text"]) { $0.template = .init() },
    BadPreview(testDescription: "templates where there are none", fields: ["template"]) {
      $0.schedule = Sample.schedule("x")
      $0.schedule.eventType = "notification"
      $0.schedule.definition = ["title": "x"]
      $0.template.text = "y"
    },
    BadPreview(testDescription: "a sample from nowhere", fields: ["sample_user.time_zone", "sample_user.dates.birth"]) {
      $0.sampleUser.timeZone = "Moon/Base"
      $0.sampleUser.dates = ["birth": "1990-02-30"]
    },
    BadPreview(
      testDescription: "a schedule full of faults",
      fields: ["schedule.event_type", "schedule.queue", "schedule.user", "schedule.name", "schedule.time_zone"]
    ) {
      $0.schedule = .with {
        $0.name = "x"
        $0.eventType = "party"
        $0.queue = "express"
        $0.user = "namespaces/test/users/nobody"
        $0.timeZone = "nowhere"
      }
    },
    BadPreview(testDescription: "a definition against its schema", fields: ["schedule.definition/at"]) {
      $0.schedule = Sample.schedule("x")
      $0.schedule.definition = ["at": "25:00"]
    },
  ]

  @Test(arguments: badPreviews)
  func badInputNamesItsFields(_ bad: BadPreview) async throws {
    try await Self.withAda { rig in
      var request = Sample.preview("s")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.schedules.previewSchedule(request) }
    }
  }
}
