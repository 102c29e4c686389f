import ControlAPI
import GRPCCore
import SwiftProtobuf
import Testing

@Suite struct SubscriptionsTests {
  @Test func whatIsCreatedCanBeGotChangedAndDeleted() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      let made = try await rig.subscriptions.createSubscription(Sample.createSubscription("s", sink: "hook"))
      #expect(made.name == "namespaces/test/subscriptions/s")
      #expect(made.sink == "namespaces/test/sinks/hook" && made.filter == ["attributes.team": "red"])
      #expect(try await rig.subscriptions.getSubscription(.with { $0.name = made.name }) == made)
      let changed = try await rig.subscriptions.updateSubscription(
        .with {
          $0.subscription = .with {
            $0.name = made.name
            $0.eventType = "*"
            $0.filter = ["queue": "high"]
          }
          $0.updateMask = Sample.mask("event_type", "filter.queue")
        })
      #expect(changed.eventType == "*" && changed.filter == ["attributes.team": "red", "queue": "high"])
      #expect(changed.sink == made.sink)
      try await refused(.aborted) {
        try await rig.subscriptions.deleteSubscription(
          .with {
            $0.name = made.name
            $0.etag = made.etag
          })
      }
      _ = try await rig.subscriptions.deleteSubscription(.with { $0.name = made.name })
      #expect(try await rig.subscriptions.listSubscriptions(.with { $0.parent = Rig.parent }).subscriptions.isEmpty)
    }
  }

  struct BadSubscription: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateSubscriptionRequest) -> Void
  }

  static let badSubscriptions: [BadSubscription] = [
    BadSubscription(testDescription: "no id", fields: ["subscription_id"]) { $0.subscriptionID = "" },
    BadSubscription(testDescription: "unknown event type", fields: ["subscription.event_type"]) {
      $0.subscription.eventType = "party"
    },
    BadSubscription(testDescription: "no sink", fields: ["subscription.sink"]) { $0.subscription.sink = "" },
    BadSubscription(testDescription: "unknown sink", fields: ["subscription.sink"]) {
      $0.subscription.sink = "namespaces/test/sinks/hok"
    },
    BadSubscription(testDescription: "sink of another namespace", fields: ["subscription.sink"]) {
      $0.subscription.sink = "namespaces/other/sinks/hook"
    },
    BadSubscription(testDescription: "a condition that makes no sense", fields: ["subscription.condition"]) {
      $0.subscription.condition = "event.colour == 1"
    },
    BadSubscription(testDescription: "quiet hours of no time", fields: ["subscription.quiet_hours.until"]) {
      $0.subscription.quietHours = .with {
        $0.from = "22:00"
        $0.until = "24:00"
      }
    },
    BadSubscription(testDescription: "a digest of no time", fields: ["subscription.digest.window"]) {
      $0.subscription.digest = .with { $0.maxEvents = 5 }
    },
    BadSubscription(testDescription: "a digest of one event", fields: ["subscription.digest.max_events"]) {
      $0.subscription.digest = .with {
        $0.window = .init(seconds: 60)
        $0.maxEvents = 1
      }
    },
    BadSubscription(testDescription: "a filter of nothing known", fields: ["subscription.filter.colour"]) {
      $0.subscription.filter = ["colour": "red"]
    },
    BadSubscription(
      testDescription: "several faults at once",
      fields: ["subscription_id", "subscription.event_type", "subscription.sink", "subscription.filter.x"]
    ) {
      $0.subscriptionID = "a b"
      $0.subscription.eventType = "party"
      $0.subscription.sink = "hook"
      $0.subscription.filter = ["x": "y"]
    },
  ]

  @Test(arguments: badSubscriptions)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadSubscription) async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      var request = Sample.createSubscription("s", sink: "hook")
      bad.spoil(&request)
      try await refused(.invalidArgument, fields: bad.fields) {
        try await rig.subscriptions.createSubscription(request)
      }
      #expect(try await rig.subscriptions.listSubscriptions(.with { $0.parent = Rig.parent }).subscriptions.isEmpty)
    }
  }

  @Test func anUnknownSinkIsToldWithThoseThatExist() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      let refusal = try await refused(.invalidArgument) {
        try await rig.subscriptions.createSubscription(Sample.createSubscription("s", sink: "hok"))
      }
      #expect(refusal.message.contains("there are: hook"))
    }
  }

  @Test func validateOnlyAndAllowMissing() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      var request = Carillon_V1_UpdateSubscriptionRequest.with {
        $0.subscription = Sample.createSubscription("s", sink: "hook").subscription
        $0.subscription.name = "namespaces/test/subscriptions/s"
      }
      try await refused(.notFound) { try await rig.subscriptions.updateSubscription(request) }
      request.allowMissing = true
      request.validateOnly = true
      _ = try await rig.subscriptions.updateSubscription(request)
      try await refused(.notFound) {
        try await rig.subscriptions.getSubscription(.with { $0.name = request.subscription.name })
      }
      request.validateOnly = false
      #expect(try await rig.subscriptions.updateSubscription(request).etag == "1")
    }
  }

  @Test func conditionQuietHoursAndDigestAreKeptAndCleared() async throws {
    try await withRig { rig in
      _ = try await rig.sinks.createSink(Sample.createSink("hook"))
      var request = Sample.createSubscription("s", sink: "hook")
      request.subscription.condition = "user.locale == 'de'"
      request.subscription.quietHours = .with {
        $0.from = "22:00"
        $0.until = "07:30"
      }
      request.subscription.digest = .with { $0.window = .init(seconds: 3_600) }
      let made = try await rig.subscriptions.createSubscription(request)
      #expect(made.condition == "user.locale == 'de'" && made.quietHours == request.subscription.quietHours)
      #expect(made.digest.window.seconds == 3_600 && made.digest.maxEvents == 50)
      let cleared = try await rig.subscriptions.updateSubscription(
        .with {
          $0.subscription = .with { $0.name = made.name }
          $0.updateMask = Sample.mask("condition", "quiet_hours", "digest")
        })
      #expect(cleared.condition.isEmpty && !cleared.hasQuietHours && !cleared.hasDigest)
      #expect(cleared.filter == made.filter)
    }
  }
}
