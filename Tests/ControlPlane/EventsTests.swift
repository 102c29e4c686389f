import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct EventsTests {
  @Test func anEventIsDueNowAndInItsTypesQueue() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("order-1"))
      #expect(event.state == .pending)
      #expect(event.eventType == "notification")
      #expect(event.occurrenceKey == "order-1")
      #expect(event.queue == "low")
      #expect(event.dueTime == Google_Protobuf_Timestamp(seconds: rig.clock.now.seconds))
      #expect(event.timeZone == "UTC" && event.localTime == "2026-05-01T12:00:00")
      let got = try await rig.events.getEvent(.with { $0.name = event.name })
      #expect(got == event)
    }
  }

  @Test func theSameRequestIsTheSameEvent() async throws {
    try await withRig { rig in
      let first = try await rig.events.createEvent(Sample.createEvent("order/1?x=~"))
      rig.clock.advance(by: .seconds(5))
      let second = try await rig.events.createEvent(Sample.createEvent("order/1?x=~"))
      #expect(first == second)
      let other = try await rig.events.createEvent(Sample.createEvent())
      let another = try await rig.events.createEvent(Sample.createEvent())
      #expect(Set([first.name, other.name, another.name]).count == 3)
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.count == 3)
    }
  }

  @Test func anEventForAPersonHasThePersonsZone() async throws {
    try await withRig { rig in
      _ = try await rig.users.createUser(Sample.createUser("ada"))
      var request = Sample.createEvent("x")
      request.user = "namespaces/test/users/ada"
      request.queue = "queues/critical"
      request.dueTime = .init(seconds: rig.clock.now.seconds + 3_600)
      let event = try await rig.events.createEvent(request)
      #expect(event.user == request.user && event.queue == "critical")
      #expect(event.timeZone == "Europe/London" && event.localTime == "2026-05-01T14:00:00")
    }
  }

  struct BadEvent: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateEventRequest) -> Void
  }

  static let badEvents: [BadEvent] = [
    BadEvent(testDescription: "no parent", fields: ["parent"]) { $0.parent = "" },
    BadEvent(testDescription: "unknown type", fields: ["event_type"]) { $0.eventType = "party" },
    BadEvent(testDescription: "a definition without what it needs", fields: ["definition"]) { $0.definition = [:] },
    BadEvent(testDescription: "unknown queue", fields: ["queue"]) { $0.queue = "express" },
    BadEvent(testDescription: "unknown user", fields: ["user"]) { $0.user = "namespaces/test/users/nobody" },
    BadEvent(testDescription: "unknown zone", fields: ["time_zone"]) { $0.timeZone = "Moon/Base" },
    BadEvent(testDescription: "space in the key", fields: ["request_id"]) { $0.requestID = "a b" },
    BadEvent(testDescription: "key too long", fields: ["request_id"]) {
      $0.requestID = String(repeating: "k", count: 201)
    },
    BadEvent(testDescription: "long ago", fields: ["due_time"]) { $0.dueTime = .init(seconds: 0) },
    BadEvent(testDescription: "far ahead", fields: ["due_time"]) { $0.dueTime = .init(seconds: 4_000_000_000) },
    BadEvent(testDescription: "no time at all", fields: ["due_time"]) {
      $0.dueTime = .init(seconds: .max, nanos: -1)
    },
    BadEvent(
      testDescription: "several faults at once", fields: ["event_type", "queue", "user", "time_zone", "request_id"]
    ) {
      $0.eventType = "party"
      $0.queue = "-"
      $0.user = "ada"
      $0.timeZone = "Moon/Base"
      $0.requestID = "\u{e9}"
    },
  ]

  @Test(arguments: badEvents)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadEvent) async throws {
    try await withRig { rig in
      var request = Sample.createEvent("key")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) { try await rig.events.createEvent(request) }
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.isEmpty)
    }
  }

  @Test func validateOnlyPutsNothingIntoTheLedger() async throws {
    try await withRig { rig in
      var request = Sample.createEvent("key")
      request.validateOnly = true
      let event = try await rig.events.createEvent(request)
      #expect(event.name.isEmpty && event.queue == "low")
      #expect(try await rig.events.listEvents(.with { $0.parent = Rig.parent }).events.isEmpty)
    }
  }

  @Test func listsAreFilteredAndPaged() async throws {
    try await withRig { rig in
      for index in 0..<30 {
        var request = Sample.createEvent("key-\(index)")
        request.dueTime = .init(seconds: rig.clock.now.seconds + Int64(60 * (30 - index)))
        _ = try await rig.events.createEvent(request)
      }
      var keys: [String] = []
      var request = Carillon_V1_ListEventsRequest.with {
        $0.parent = Rig.parent
        $0.pageSize = 7
        $0.states = [.pending, .processing]
        $0.dueFrom = .init(seconds: rig.clock.now.seconds + 120)
        $0.dueBefore = .init(seconds: rig.clock.now.seconds + 1_800)
      }
      repeat {
        let page = try await rig.events.listEvents(request)
        keys += page.events.map(\.occurrenceKey)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(keys == (1...28).reversed().map { "key-\($0)" })
      request.states = [.completed]
      #expect(try await rig.events.listEvents(request).events.isEmpty)
      request.states = [.unspecified]
      try await refused(.invalidArgument, fields: ["states"]) { try await rig.events.listEvents(request) }
    }
  }

  @Test func eventsOfAnotherNamespaceAreNotThere() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let other = event.name.replacing("namespaces/test", with: "namespaces/other")
      try await refused(.notFound) { try await rig.events.getEvent(.with { $0.name = other }) }
      try await refused(.notFound) { try await rig.events.cancelEvent(.with { $0.name = other }) }
      try await refused(.notFound) { try await rig.events.explainEvent(.with { $0.name = other }) }
      #expect(try await rig.events.getEvent(.with { $0.name = event.name }).state == .pending)
      try await refused(.invalidArgument, fields: ["name"]) {
        try await rig.events.getEvent(.with { $0.name = "namespaces/test/events/evt_!" })
      }
    }
  }

  @Test func aPendingEventIsCancelledAndStaysSo() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let request = Carillon_V1_CancelEventRequest.with {
        $0.name = event.name
        $0.reason = "changed my mind"
      }
      #expect(try await rig.events.cancelEvent(request).state == .cancelled)
      #expect(try await rig.events.cancelEvent(request).state == .cancelled)
      let explained = try await rig.events.explainEvent(.with { $0.name = event.name })
      #expect(explained.steps.map(\.what) == ["planned", "cancelled"])
      #expect(explained.summary.contains("Cancelled: changed my mind"))
    }
  }

  @Test func whatWasDeliveredCannotBeCancelledOrMoved() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let owner = try await Owner(rig)
      rig.clock.advance(by: .milliseconds(250))
      try await owner.finish(.delivered)
      let cancel = try await refused(.failedPrecondition) {
        try await rig.events.cancelEvent(.with { $0.name = event.name })
      }
      #expect(cancel.reason == "TOO_LATE" && cancel.metadata["outcome"] == "delivered")
      #expect(cancel.message.contains("delivered already"))
      let move = try await refused(.failedPrecondition) {
        try await rig.events.moveEvent(
          .with {
            $0.name = event.name
            $0.queue = "high"
          })
      }
      #expect(move.reason == "TOO_LATE")
      let explained = try await rig.events.explainEvent(.with { $0.name = event.name })
      #expect(explained.event.state == .completed)
      #expect(explained.steps.map(\.what) == ["planned", "claimed", "delivered"])
      #expect(explained.summary.hasPrefix("Delivered"))
      let check = try await rig.events.verifyLedger(.init())
      #expect(check.rows == 1 && check.closedOnce == 1 && check.lost == 0 && check.closedTwice == 0)
      #expect(check.outcomes["delivered"] == 1)
    }
  }

  @Test func anOwnedEventIsCancelledByItsOwner() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let owner = try await Owner(rig)
      async let cancelled = rig.events.cancelEvent(.with { $0.name = event.name })
      let command = try await owner.nextCommand()
      try await owner.finish(.cancelled, command: command.id)
      #expect(try await cancelled.state == .cancelled)
    }
  }

  @Test func anOwnerThatHasSentSaysSo() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let owner = try await Owner(rig)
      async let refusal = refused(.failedPrecondition) {
        try await rig.events.cancelEvent(.with { $0.name = event.name })
      }
      _ = try await owner.nextCommand()
      try await owner.finish(.delivered)
      #expect(try await refusal.metadata["outcome"] == "delivered")
    }
  }

  @Test func anOwnerThatDoesNotAnswerIsNotWaitedForForever() async throws {
    var limits = ControlPlaneLimits()
    limits.commandWait = .milliseconds(30)
    try await withRig(limits: limits) { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let owner = try await Owner(rig)
      let refusal = try await refused(.deadlineExceeded) {
        try await rig.events.cancelEvent(.with { $0.name = event.name })
      }
      #expect(refusal.reason == "OUTCOME_UNKNOWN_YET")
      #expect(try await owner.nextCommand().kind == .cancel(reason: ""))
    }
  }

  @Test func aPendingEventIsMoved() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      let later = Google_Protobuf_Timestamp(seconds: rig.clock.now.seconds + 7_200)
      let moved = try await rig.events.moveEvent(
        .with {
          $0.name = event.name
          $0.dueTime = later
          $0.queue = "high"
        })
      #expect(moved.dueTime == later && moved.queue == "high" && moved.state == .pending)
      let steps = try await rig.events.explainEvent(.with { $0.name = event.name }).steps.map(\.what)
      #expect(steps == ["planned", "moved", "moved"])
    }
  }

  @Test func aMoveNeedsAWhereTo() async throws {
    try await withRig { rig in
      let event = try await rig.events.createEvent(Sample.createEvent("key"))
      try await refused(.invalidArgument, fields: ["due_time"]) {
        try await rig.events.moveEvent(.with { $0.name = event.name })
      }
      try await refused(.invalidArgument, fields: ["queue", "due_time"]) {
        try await rig.events.moveEvent(
          .with {
            $0.name = event.name
            $0.queue = "express"
            $0.dueTime = .init(seconds: 0)
          })
      }
      try await refused(.invalidArgument, fields: ["reason"]) {
        try await rig.events.cancelEvent(
          .with {
            $0.name = event.name
            $0.reason = String(repeating: "r", count: 201)
          })
      }
    }
  }

  @Test func theLedgerIsNotVerifiedBackwards() async throws {
    try await withRig { rig in
      try await refused(.invalidArgument, fields: ["from"]) {
        try await rig.events.verifyLedger(
          .with {
            $0.from = .init(seconds: 10)
            $0.to = .init(seconds: 5)
          })
      }
    }
  }
}
