import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf
import Testing

@Suite struct SinksTests {
  static func secret(_ sink: Carillon_V1_Sink) -> String {
    sink.configuration.fields["secret"]?.stringValue ?? ""
  }

  @Test func secretsAreStoredAndNeverAnswered() async throws {
    try await withRig { rig in
      let made = try await rig.sinks.createSink(Sample.createSink("hook"))
      #expect(Self.secret(made) == "(hidden)")
      #expect(made.maxInFlight == 2_000 && made.onUnknown == .resend && made.etag == "1")
      let got = try await rig.sinks.getSink(.with { $0.name = made.name })
      let listed = try await rig.sinks.listSinks(.with { $0.parent = Rig.parent }).sinks
      #expect(got == made && listed == [made])
      #expect(try await rig.store.sink(namespace: "test", name: "hook").configurationJSON.contains("hushhush"))
    }
  }

  @Test func aHiddenValueThatIsSentBackStaysWhatItWas() async throws {
    try await withRig { rig in
      var sink = try await rig.sinks.createSink(Sample.createSink("hook"))
      sink.configuration.fields["url"] = "https://example.org/other"
      let changed = try await rig.sinks.updateSink(.with { $0.sink = sink })
      #expect(Self.secret(changed) == "(hidden)" && changed.etag == "2")
      // This agent goes by each change when its call returns.
      #expect(rig.pipeline.refreshes == 2)
      let stored = try await rig.store.sink(namespace: "test", name: "hook").configurationJSON
      #expect(stored == #"{"secret":"hushhush","url":"https://example.org/other"}"#)
      var replaced = changed
      replaced.configuration.fields["secret"] = "newsecret"
      _ = try await rig.sinks.updateSink(.with { $0.sink = replaced })
      #expect(try await rig.store.sink(namespace: "test", name: "hook").configurationJSON.contains("newsecret"))
    }
  }

  struct BadSink: CustomTestStringConvertible {
    let testDescription: String
    let fields: [String]
    let spoil: @Sendable (inout Carillon_V1_CreateSinkRequest) -> Void
  }

  static let badSinks: [BadSink] = [
    BadSink(testDescription: "no id", fields: ["sink_id"]) { $0.sinkID = "" },
    BadSink(testDescription: "no parent", fields: ["parent"]) { $0.parent = "" },
    BadSink(testDescription: "unknown plugin", fields: ["sink.plugin"]) { $0.sink.plugin = "webhoook" },
    BadSink(testDescription: "a plugin that is no sink", fields: ["sink.plugin"]) { $0.sink.plugin = "birthday" },
    BadSink(testDescription: "configuration against its schema", fields: ["sink.configuration/url"]) {
      $0.sink.configuration = ["url": 7]
    },
    BadSink(testDescription: "too many in flight", fields: ["sink.max_in_flight"]) { $0.sink.maxInFlight = 4_001 },
    BadSink(testDescription: "no such rule", fields: ["sink.on_unknown"]) { $0.sink.onUnknown = .UNRECOGNIZED(9) },
    BadSink(testDescription: "several faults at once", fields: ["sink_id", "sink.plugin", "sink.address_kind"]) {
      $0.sinkID = "a b"
      $0.sink.plugin = "pigeon"
      $0.sink.addressKind = "E Mail"
    },
  ]

  @Test(arguments: badSinks)
  func badInputNamesItsFieldsAndChangesNothing(_ bad: BadSink) async throws {
    try await withRig { rig in
      var request = Sample.createSink("hook")
      bad.spoil(&request)
      let refusal = try await refused(.invalidArgument, fields: bad.fields) {
        try await rig.sinks.createSink(request)
      }
      #expect(!refusal.message.contains("hushhush"))
      #expect(try await rig.sinks.listSinks(.with { $0.parent = Rig.parent }).sinks.isEmpty)
    }
  }

  @Test func updatesKeepToTheirMaskAndEtag() async throws {
    try await withRig { rig in
      let made = try await rig.sinks.createSink(Sample.createSink("hook"))
      let changed = try await rig.sinks.updateSink(
        .with {
          $0.sink = .with {
            $0.name = made.name
            $0.disabledReason = "maintenance"
            $0.onUnknown = .park
          }
          $0.updateMask = Sample.mask("disabled_reason")
        })
      #expect(changed.disabledReason == "maintenance" && changed.onUnknown == .resend)
      try await refused(.aborted) { try await rig.sinks.updateSink(.with { $0.sink = made }) }
      try await refused(.invalidArgument, fields: ["sink.plugin"]) {
        try await rig.sinks.updateSink(
          .with {
            $0.sink = changed
            $0.sink.plugin = "smtp"
          })
      }
      let missing = try await refused(.notFound) {
        try await rig.sinks.getSink(.with { $0.name = "namespaces/test/sinks/hok" })
      }
      #expect(missing.message.contains("there are: hook"))
      var create = Carillon_V1_UpdateSinkRequest.with {
        $0.sink = Sample.createSink("second").sink
        $0.sink.name = "namespaces/test/sinks/second"
      }
      try await refused(.notFound) { try await rig.sinks.updateSink(create) }
      create.allowMissing = true
      create.validateOnly = true
      _ = try await rig.sinks.updateSink(create)
      try await refused(.notFound) { try await rig.sinks.getSink(.with { $0.name = create.sink.name }) }
      create.validateOnly = false
      #expect(try await rig.sinks.updateSink(create).etag == "1")
    }
  }

  @Test func aSinkInUseIsNotDeleted() async throws {
    try await withRig { rig in
      let sink = try await rig.sinks.createSink(Sample.createSink("hook"))
      let subscription = try await rig.subscriptions.createSubscription(
        Sample.createSubscription("s", sink: "hook"))
      try await refused(.failedPrecondition) { try await rig.sinks.deleteSink(.with { $0.name = sink.name }) }
      _ = try await rig.subscriptions.deleteSubscription(.with { $0.name = subscription.name })
      try await refused(.aborted) {
        try await rig.sinks.deleteSink(
          .with {
            $0.name = sink.name
            $0.etag = "9"
          })
      }
      _ = try await rig.sinks.deleteSink(.with { $0.name = sink.name })
      try await refused(.notFound) { try await rig.sinks.deleteSink(.with { $0.name = sink.name }) }
    }
  }

  @Test func limitsAreShownWholeAndChangedByTheirPaths() async throws {
    try await withRig { rig in
      let made = try await rig.sinks.createSink(Sample.createSink("hook"))
      #expect(made.limits.maxWaiting == 120_000 && made.limits.breaker.failurePercent == 50)
      #expect(made.limits.endpoint.maxInFlight == 64 && made.limits.disableAfter == 10)
      let changed = try await rig.sinks.updateSink(
        .with {
          $0.sink = .with {
            $0.name = made.name
            $0.limits.ratePerSecond = 2.5
            $0.limits.endpoint.breaker.firstWait = .init(seconds: 5)
            $0.limits.breaker.minCalls = 7
          }
          $0.updateMask = Sample.mask("limits.rate_per_second", "limits.endpoint.breaker.first_wait")
        })
      #expect(changed.limits.ratePerSecond == 2.5 && changed.limits.endpoint.breaker.firstWait.seconds == 5)
      #expect(changed.limits.breaker.minCalls == 20, "what the mask does not name stays")
      let usual = try await rig.sinks.updateSink(
        .with {
          $0.sink = .with { $0.name = made.name }
          $0.updateMask = Sample.mask("limits")
        })
      #expect(usual.limits == made.limits)
      try await refused(.invalidArgument, fields: ["sink.limits.rate_per_second", "sink.limits.breaker.window"]) {
        try await rig.sinks.updateSink(
          .with {
            $0.sink = .with {
              $0.name = made.name
              $0.limits.ratePerSecond = -1
              $0.limits.breaker.window = .init(seconds: 0)
            }
            $0.updateMask = Sample.mask("limits")
          })
      }
    }
  }

  @Test func aTestGoesToOneSinkAloneAndIsMarked() async throws {
    try await withRig { rig in
      let sink = try await rig.sinks.createSink(Sample.createSink("hook"))
      let event = try await rig.sinks.testSink(.with { $0.name = sink.name })
      #expect(event.test && event.eventType == "notification")
      try await refused(.notFound) { try await rig.sinks.testSink(.with { $0.name = "namespaces/test/sinks/none" }) }
      try await refused(.invalidArgument, fields: ["text"]) {
        try await rig.sinks.testSink(
          .with {
            $0.name = sink.name
            $0.text = String(repeating: "x", count: 1_001)
          })
      }
      _ = try await rig.sinks.updateSink(
        .with {
          $0.sink = .with {
            $0.name = sink.name
            $0.addressKind = "webhook"
          }
          $0.updateMask = Sample.mask("address_kind")
        })
      try await refused(.invalidArgument, fields: ["user"]) {
        try await rig.sinks.testSink(.with { $0.name = sink.name })
      }
      _ = try await rig.sinks.updateSink(
        .with {
          $0.sink = .with {
            $0.name = sink.name
            $0.disabledReason = "gone"
          }
          $0.updateMask = Sample.mask("address_kind", "disabled_reason")
        })
      try await refused(.failedPrecondition) { try await rig.sinks.testSink(.with { $0.name = sink.name }) }
    }
  }

  @Test func addressesThatAreGoneAreListedAndEnabledAgain() async throws {
    try await withRig { rig in
      let sink = try await rig.sinks.createSink(Sample.createSink("hook"))
      _ = try await rig.store.commit(
        [.putUser(User(namespace: "test", id: "ada"), .none)], actor: .agent, dryRun: false, now: TestClock.start)
      _ = try await rig.store.commit(
        [
          .putSchedule(
            Schedule(
              namespace: "test", id: "s", userID: "ada", eventType: "birthday", definitionJSON: "{}",
              startAt: TestClock.start), .none)
        ], actor: .agent, dryRun: false, now: TestClock.start)
      let number = try await rig.store.sink(namespace: "test", name: "hook").number
      let schedule = try await rig.store.schedule(namespace: "test", id: "s").number
      try await rig.store.giveUp(
        [GoneEndpoint(sink: number, userID: "ada", digest: 7, reason: "http-410", schedule: schedule)],
        now: TestClock.start)
      let listed = try await rig.sinks.listGoneEndpoints(.with { $0.name = sink.name }).endpoints
      #expect(listed.map(\.user) == ["namespaces/test/users/ada"] && listed.map(\.reason) == ["http-410"])
      _ = try await rig.sinks.enableEndpoint(
        .with {
          $0.name = sink.name
          $0.user = "namespaces/test/users/ada"
        })
      #expect(try await rig.sinks.listGoneEndpoints(.with { $0.name = sink.name }).endpoints.isEmpty)
      try await refused(.notFound) {
        try await rig.sinks.enableEndpoint(
          .with {
            $0.name = sink.name
            $0.user = "namespaces/test/users/nobody"
          })
      }
    }
  }
}
