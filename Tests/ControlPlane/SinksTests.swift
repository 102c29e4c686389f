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
}
