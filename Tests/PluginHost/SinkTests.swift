import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("Sinks: every delivery ends exactly once, whatever the plugin does")
struct SinkTests {
  private static func withSink(
    _ mode: String, token: String? = nil, defines: [String] = [], environment: [String: String] = [:],
    isActive: Bool = true, lines: LogLines = LogLines(), options: (inout PluginHostOptions) -> Void = { _ in },
    _ body: (SinkInstance) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder, defines)
    let registry = try await Fixture.registry(folder, options: options, lines: lines, environment: environment)
    let configuration = "{\"mode\":\"\(mode)\"" + (token.map { ",\"token\":\"\($0)\"" } ?? "") + "}"
    let sink = try await registry.makeSink(plugin: "test-sink", name: "team/mail", configurationJSON: configuration)
    if isActive { try await sink.activate() }
    try await body(sink)
    await registry.stop()
    #expect(sink.openDeliveries == 0)
  }

  @Test("A blocking plugin completes inside deliver; the delivery arrives whole")
  func inside() async throws {
    try await Self.withSink("inside") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(7), Sample.delivery(8)], completion: results.completion)
      let all = await results.wait(2)
      #expect(all.map(\.id) == [7, 8] && all.allSatisfy { $0.verdict == .delivered })
      let user = "{\"id\":\"ada\",\"time_zone\":\"Europe/London\",\"locale\":\"en-GB\"}"
      #expect(all[0].detail == "evt_1_7|https://a.example|c|2|\(user)|Hello 7")
      #expect(all[0].externalID == "id-7" && all[0].code == "test" && all[0].carry == "again")
      #expect(all[0].retryAfter == .milliseconds(1_500))
    }
  }

  @Test("A plugin completes from a thread of its own", arguments: ["CARILLON_SERIAL", "CARILLON_PARALLEL"])
  func thread(model: String) async throws {
    try await Self.withSink("thread", defines: ["MODEL=\(model)"]) { sink in
      let results = Results()
      for batch in 0..<100 {
        sink.deliver((0..<20).map { Sample.delivery(UInt64(batch * 20 + $0)) }, completion: results.completion)
      }
      let all = await results.wait(2_000)
      #expect(Set(all.map(\.id)).count == 2_000 && all.count == 2_000)
    }
  }

  @Test("A second completion, and one of a ticket that never was, is stale and harms nothing")
  func twice() async throws {
    let lines = LogLines()
    try await Self.withSink("twice", lines: lines) { sink in
      let results = Results()
      sink.deliver((0..<200).map { Sample.delivery($0) }, completion: results.completion)
      _ = await results.wait(200)
      // The plugin aborts the process unless the host answers STALE; draining waits for its call to end.
      let isDrained = try await sink.drain(timeout: .seconds(5))
      #expect(isDrained)
      #expect(results.all.count == 200 && results.all.allSatisfy { $0.verdict == .delivered })
      #expect(lines.all.count { $0.contains(PluginLog.staleLine) } == 1)
    }
  }

  @Test("At its deadline a delivery is cancelled, and ends as the plugin says")
  func cancelledAtDeadline() async throws {
    try await Self.withSink("keep") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1, timeLimit: .milliseconds(200))], completion: results.completion)
      #expect(await results.wait(1).map(\.verdict) == [.cancelled])
    }
  }

  @Test("A delivery that even then never ends is unknown; a later completion is stale")
  func unknown() async throws {
    let options: (inout PluginHostOptions) -> Void = { $0.cancelGrace = .milliseconds(100) }
    try await Self.withSink("never", options: options) { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1, timeLimit: .milliseconds(100))], completion: results.completion)
      let all = await results.wait(1)
      #expect(all.map(\.verdict) == [.unknown] && all[0].code == "deadline")
      try await sink.deactivate()  // completes the ticket late; the plugin aborts unless that is stale
      #expect(results.all.count == 1)
    }
  }

  @Test("The caller can ask to cancel")
  func cancel() async throws {
    try await Self.withSink("keep") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1), Sample.delivery(2)], completion: results.completion)
      while sink.openDeliveries < 2 { await Task.yield() }
      sink.cancel([2, 99])
      #expect(await results.wait(1).map(\.id) == [2])
      #expect(sink.openDeliveries == 1)
      try await sink.deactivate()
      #expect(await results.wait(2).last?.verdict == .unknown)
    }
  }

  @Test(
    "An error of deliver means that none was taken",
    arguments: [
      ("invalid", .retry, "plugin-invalid"), ("failed", .retry, "plugin-failed"), ("busy", .throttled, "busy"),
    ] as [(String, DeliveryResult.Verdict, String)])
  func refused(mode: String, verdict: DeliveryResult.Verdict, code: String) async throws {
    try await Self.withSink(mode) { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1), Sample.delivery(2)], completion: results.completion)
      let all = await results.wait(2)
      #expect(all.map(\.id) == [1, 2] && all.allSatisfy { $0.verdict == verdict && $0.code == code }, "\(all)")
      #expect(all[0].detail.contains("as asked"))
    }
  }

  @Test("What was completed before deliver failed stays completed, the rest is retried")
  func half() async throws {
    try await Self.withSink("half") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1), Sample.delivery(2)], completion: results.completion)
      #expect(await results.wait(2).map(\.verdict) == [.delivered, .retry])
    }
  }

  @Test("An outcome that does not exist counts as retry")
  func oddOutcome() async throws {
    try await Self.withSink("odd-outcome") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1)], completion: results.completion)
      let all = await results.wait(1)
      #expect(all[0].verdict == .retry && all[0].detail.contains("77"))
    }
  }

  @Test(
    "A deliver that hangs: its deliveries are unknown, the next ones go to a fresh instance, four disable the plugin")
  func hang() async throws {
    let options: (inout PluginHostOptions) -> Void = {
      $0.callLimit = .seconds(1)
      $0.cancelGrace = .milliseconds(50)
    }
    try await Self.withSink("hang", options: options) { sink in
      for _ in 1...PluginHealth.maximumStrikes {
        let results = Results()
        sink.deliver([Sample.delivery(1, timeLimit: .milliseconds(50))], completion: results.completion)
        #expect(await results.wait(1).map(\.verdict) == [.unknown])
        // The next call waits behind the one that hangs, until that is given up.
        let behind = Results()
        sink.deliver([Sample.delivery(2, timeLimit: .milliseconds(1))], completion: behind.completion)
        #expect(await behind.wait(1).map(\.verdict) == [.throttled])
      }
      #expect(sink.plugin.disabledReason != nil)
      let results = Results()
      sink.deliver([Sample.delivery(3)], completion: results.completion)
      let all = await results.wait(1)
      #expect(all[0].verdict == .throttled && all[0].code == "plugin-disabled")
    }
  }

  @Test("What stands too long in the queue is not sent, and costs no attempt")
  func waited() async throws {
    try await Self.withSink("inside") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1, timeLimit: .zero), Sample.delivery(2)], completion: results.completion)
      let all = await results.wait(2)
      #expect(Set(all.map { "\($0.id) \($0.verdict)" }) == ["1 throttled", "2 delivered"], "\(all)")
    }
  }

  @Test("Nothing is delivered before activate, while draining, or afterwards")
  func notActive() async throws {
    try await Self.withSink("not-yet", isActive: false) { sink in
      func verdict() async -> String {
        let results = Results()
        sink.deliver([Sample.delivery(1)], completion: results.completion)
        let result = await results.wait(1)[0]
        return "\(result.verdict) \(result.code)"
      }
      #expect(await verdict() == "throttled sink-not-active")
      let error = await #expect(throws: PluginHostError.self) { try await sink.activate() }
      #expect(error?.message.contains("not yet") == true && sink.lifecycle == .created)
      try await sink.activate()  // the host may try again
      #expect(await verdict() == "delivered test")
      let isDrained = try await sink.drain(timeout: .seconds(5))
      #expect(isDrained)
      #expect(await verdict() == "throttled sink-not-active")
      try await sink.deactivate()
      try await sink.activate()
      #expect(await verdict() == "delivered test")
      await sink.destroy()
      #expect(sink.lifecycle == .destroyed)
      #expect(await verdict() == "throttled sink-not-active")
      await #expect(throws: PluginHostError.self) { try await sink.activate() }
    }
  }

  @Test("A configuration that breaks its schema makes no sink, and names the field")
  func badConfiguration() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder)
    let registry = try await Fixture.registry(folder)
    let error = await #expect(throws: PluginHostError.self) {
      _ = try await registry.makeSink(plugin: "test-sink", name: "x", configurationJSON: "{\"mod\":\"a\",\"token\":1}")
    }
    #expect(error?.violations.map(\.pointer) == ["/mode", "/mod", "/token"])
    #expect(error?.violations[1].message == "is unknown; did you mean \"mode\"?")
    let unknown = await #expect(throws: PluginHostError.self) {
      _ = try await registry.makeSink(plugin: "test-sing", name: "x", configurationJSON: "{}")
    }
    #expect(unknown?.code == .notFound && unknown?.message.contains("did you mean \"test-sink\"") == true)
    await registry.stop()
  }

  @Test("A secret is resolved for the instance whose configuration names it, and for no other")
  func secrets() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = folder.url.appendingPathComponent("token")
    try Data("from a file\n".utf8).write(to: file)
    let environment = ["TOKEN": "from env", "NOT_MINE": "x", "CREDENTIALS_DIRECTORY": folder.url.path]
    for (mode, token, answer) in [
      ("secret", "env:TOKEN", "status 0 from env"), ("secret", "file:\(file.path)", "status 0 from a file"),
      ("secret", "credential:token", "status 0 from a file"), ("secret", "env:UNSET", "status 6 "),
      ("secret", "credential:../token", "status 1 "), ("secret", "plain", "status 1 "),
      ("secret", "file:/dev/zero", "status 6 "), ("other-secret", "env:TOKEN", "status 7 "),
    ] {
      try await Self.withSink(mode, token: token, environment: environment) { sink in
        let results = Results()
        sink.deliver([Sample.delivery(1)], completion: results.completion)
        let result = await results.wait(1)[0]
        #expect("\(result.detail) \(result.externalID)" == answer, "\(token)")
      }
    }
  }
}
