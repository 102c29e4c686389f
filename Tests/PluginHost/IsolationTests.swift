import EventModel
import Foundation
import Testing

@testable import PluginHost

/// A plugin in a process of its own, over the real `carillon-runner`.
enum Isolated {
  /// The runner that was built with the tests.
  static let runner = Sources.products.appendingPathComponent("carillon-runner").path

  /// Options with every plugin in a process of its own.
  static func options(
    _ options: inout PluginHostOptions, restart: RestartPolicy = RestartPolicy(maximumDeaths: 1_000),
    memoryMiB: UInt64 = 256
  ) {
    options.isolation = IsolationOptions(
      standard: .process, runner: runner, memoryBytes: memoryMiB * 1_024 * 1_024, restart: restart)
  }

  static func withSink(
    _ mode: String, token: String? = nil, defines: [String] = [], environment: [String: String] = [:],
    lines: LogLines = LogLines(), options change: (inout PluginHostOptions) -> Void = { Isolated.options(&$0) },
    _ body: (SinkInstance) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder, defines)
    let registry = try await Fixture.registry(folder, options: change, lines: lines, environment: environment)
    #expect(registry.problems.isEmpty, "\(registry.problems)")
    let configuration = "{\"mode\":\"\(mode)\"" + (token.map { ",\"token\":\"\($0)\"" } ?? "") + "}"
    let sink = try await registry.makeSink(plugin: "test-sink", name: "team/mail", configurationJSON: configuration)
    try await sink.activate()
    try await body(sink)
    await registry.stop()
    #expect(sink.openDeliveries == 0)
  }

  /// Waits until a condition holds; false when it does not within the time.
  static func eventually(_ limit: Duration = .seconds(20), _ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if condition() { return true }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
  }

  /// Sends one delivery, and waits for how it ended.
  static func deliver(_ id: UInt64, to sink: SinkInstance, timeLimit: TimeSpan = .seconds(30)) async -> DeliveryResult?
  {
    let results = Results()
    sink.deliver([Sample.delivery(id, timeLimit: timeLimit)], completion: results.completion)
    return await results.wait(1).first
  }

  /// Sends it again and again until it is not held back any more: what the dispatcher does.
  static func insist(
    _ id: UInt64, on sink: SinkInstance, timeLimit: TimeSpan = .seconds(30)
  ) async -> DeliveryResult? {
    for _ in 0..<2_000 {
      let result = await deliver(id, to: sink, timeLimit: timeLimit)
      guard result?.verdict == .throttled else { return result }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return nil
  }
}

@Suite("A plugin in a process of its own: the same as in the agent's")
struct IsolationParityTests {
  @Test("A delivery arrives whole, and its result comes back whole", arguments: ["inside", "thread"])
  func whole(mode: String) async throws {
    try await Isolated.withSink(mode) { sink in
      #expect(sink.plugin.isolation == .process && sink.plugin.process?.pid != nil)
      let results = Results()
      sink.deliver([Sample.delivery(7), Sample.delivery(8)], completion: results.completion)
      let all = await results.wait(2).sorted { $0.id < $1.id }
      #expect(all.map(\.id) == [7, 8] && all.allSatisfy { $0.verdict == .delivered })
      guard mode == "inside" else { return }
      let user = "{\"id\":\"ada\",\"time_zone\":\"Europe/London\",\"locale\":\"en-GB\"}"
      #expect(all.first?.detail == "evt_1_7|https://a.example|c|2|\(user)|Hello 7")
      #expect(all.first?.externalID == "id-7" && all.first?.code == "test" && all.first?.carry == "again")
      #expect(all.first?.retryAfter == .milliseconds(1_500))
    }
  }

  @Test("What a sink answers counts the same: refused, failed, busy, half, twice")
  func answers() async throws {
    let expected: [(String, DeliveryResult.Verdict, String)] = [
      ("invalid", .retry, "plugin-invalid"), ("failed", .retry, "plugin-failed"), ("busy", .throttled, "busy"),
      ("half", .delivered, "test"), ("twice", .delivered, "test"), ("odd-outcome", .retry, "plugin-outcome"),
    ]
    for (mode, verdict, code) in expected {
      try await Isolated.withSink(mode) { sink in
        let result = await Isolated.deliver(1, to: sink)
        #expect(result?.verdict == verdict && result?.code == code, "\(mode): \(String(describing: result))")
      }
    }
  }

  @Test(
    "Thousands of deliveries, many at once, each exactly once", arguments: ["CARILLON_SERIAL", "CARILLON_PARALLEL"])
  func many(model: String) async throws {
    try await Isolated.withSink("thread", defines: ["MODEL=\(model)"]) { sink in
      let results = Results()
      for batch in 0..<100 {
        sink.deliver((0..<50).map { Sample.delivery(UInt64(batch * 50 + $0)) }, completion: results.completion)
      }
      let all = await results.wait(5_000)
      #expect(Set(all.map(\.id)).count == 5_000 && all.count == 5_000)
    }
  }

  @Test("Secrets come from the instance's own configuration only")
  func secrets() async throws {
    try await Isolated.withSink("secret", token: "env:TOKEN", environment: ["TOKEN": "s3cret", "NOT_MINE": "x"]) {
      sink in
      let result = await Isolated.deliver(1, to: sink)
      #expect(result?.externalID == "s3cret" && result?.detail == "status 0")
    }
    try await Isolated.withSink("other-secret", token: "env:TOKEN", environment: ["NOT_MINE": "x"]) { sink in
      let result = await Isolated.deliver(1, to: sink)
      #expect(result?.externalID == "" && result?.detail == "status 7")
    }
  }

  @Test("Cancel, drain and the deadline work across the boundary")
  func lifecycle() async throws {
    try await Isolated.withSink("keep") { sink in
      let results = Results()
      sink.deliver([Sample.delivery(1), Sample.delivery(2)], completion: results.completion)
      #expect(await Isolated.eventually { sink.openDeliveries == 2 })
      let isDrained = try await sink.drain(timeout: .milliseconds(1))
      #expect(!isDrained)
      sink.cancel([1, 2])
      #expect(await results.wait(2).allSatisfy { $0.verdict == .cancelled })
    }
    let impatient = { (options: inout PluginHostOptions) in
      Isolated.options(&options)
      options.cancelGrace = .milliseconds(50)
    }
    try await Isolated.withSink("never", options: impatient) { sink in
      let result = await Isolated.deliver(1, to: sink, timeLimit: .milliseconds(100))
      #expect(result?.verdict == .unknown && result?.code == "deadline")
    }
  }

  @Test("An event type answers the same, and its faults are found the same")
  func eventType() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("event_type", into: folder)
    let local = try await Fixture.registry(folder)
    let apart = try await Fixture.registry(folder, options: { Isolated.options(&$0) })
    let (here, there) = (
      try #require(local.eventType(named: "yearly")),
      try #require(apart.eventType(named: "yearly"), "\(apart.problems)")
    )
    for word in [
      "fine", "before", "no-date", "ordinal", "kind", "stray", "instant", "refuse", "bad-key", "twice", "flood",
      "ended",
    ] {
      let (a, b) = (
        await here.next([Sample.request(word), Sample.request()]),
        await there.next([Sample.request(word), Sample.request()])
      )
      #expect(a.map(\.value) == b.map(\.value), "\(word)")
      #expect(a.map(\.failure?.code) == b.map(\.failure?.code), "\(word)")
      #expect(a.map(\.failure?.message) == b.map(\.failure?.message), "\(word)")
    }
    for word in ["fine", "silent", "long", "no-utf8", "double"] {
      let events = [Sample.event(word), Sample.event("fine", id: "evt_2")]
      let (a, b) = (await here.render(events), await there.render(events))
      #expect(a.map(\.value) == b.map(\.value) && a.map(\.failure?.message) == b.map(\.failure?.message), "\(word)")
    }
    let fault = await #expect(throws: PluginHostError.self) {
      try await there.validate(definitionJSON: "{\"do\":\"odd\"}")
    }
    #expect(fault?.violations.map(\.pointer) == ["/do", "/n"])
    await local.stop()
    await apart.stop()
  }
}

@Suite("A plugin in a process of its own: what it does, it does to itself")
struct IsolationFaultTests {
  @Test(
    "A crash on every hundredth delivery: each delivery ends, what crashed is unknown, the process is back within a second"
  )
  func crash() async throws {
    try await Isolated.withSink("crash-at") { sink in
      let first = try #require(sink.plugin.process?.pid)
      for id in UInt64(95)...104 {
        let result = try #require(await Isolated.insist(id, on: sink))
        #expect(result.verdict == (id == 100 ? .unknown : .delivered), "\(id): \(result)")
        if id == 100 {
          #expect(result.code == "plugin-died" && result.detail.contains("SIGSEGV"))
          let isBack = await Isolated.eventually(.seconds(1)) { sink.plugin.process?.pid.map { $0 != first } == true }
          #expect(isBack)
        }
      }
      #expect(sink.plugin.process?.restarts == 1 && sink.plugin.process?.lastEnd.contains("SIGSEGV") == true)
    }
  }

  @Test("A receipt says how the process ended that had the delivery, not the one before")
  func whichEnd() async throws {
    try await Isolated.withSink("crash-at") { sink in
      kill(try #require(sink.plugin.process?.pid), SIGKILL)
      #expect(await Isolated.eventually { sink.plugin.process.map { $0.pid != nil && $0.restarts == 1 } == true })
      #expect(sink.plugin.process?.lastEnd.contains("SIGKILL") == true)
      #expect(await Isolated.insist(100, on: sink)?.detail.contains("SIGSEGV") == true)
    }
  }

  @Test("A start that hangs is ended with its process, and told")
  func startHangs() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder, ["START_HANGS"])
    let lines = LogLines()
    let registry = try await Fixture.registry(
      folder,
      options: {
        Isolated.options(&$0)
        $0.startLimit = .seconds(1)
      }, lines: lines)
    let problem = registry.problems.first?.message ?? ""
    #expect(problem.contains("start took too long"), "\(problem)")
    #expect(Self.runners(of: folder).isEmpty)
    await registry.stop()
  }

  /// The processes that have a folder's name in their environment: those that were started for a plugin of it.
  private static func runners(of folder: TemporaryFolder) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { id in
      Int(id) != nil && id != "\(getpid())"
        && FileManager.default.contents(atPath: "/proc/\(id)/environ").map {
          String(decoding: $0, as: UTF8.self).contains(folder.url.lastPathComponent)
        } == true
    }
  }

  @Test("Its process may end by itself, or close its descriptors: the same", arguments: ["exit", "shut"])
  func ends(mode: String) async throws {
    try await Isolated.withSink(mode) { sink in
      let result = try #require(await Isolated.insist(1, on: sink))
      #expect(result.verdict == .unknown && result.code == "plugin-died", "\(result)")
      #expect(await Isolated.eventually { sink.plugin.process.map { $0.pid != nil && $0.restarts >= 1 } == true })
    }
  }

  @Test("A call that spins is ended with its process, and disables nothing")
  func spin() async throws {
    let impatient = { (options: inout PluginHostOptions) in
      Isolated.options(&options)
      options.callLimit = .milliseconds(100)
      options.cancelGrace = .milliseconds(50)
    }
    try await Isolated.withSink("spin", options: impatient) { sink in
      for id in UInt64(1)...6 {
        let result = try #require(await Isolated.insist(id, on: sink, timeLimit: .milliseconds(100)))
        #expect(result.verdict == .unknown, "\(result)")
      }
      #expect(await Isolated.eventually { sink.plugin.process.map { $0.restarts >= 1 } == true })
      #expect(sink.plugin.disabledReason == nil)
    }
  }

  @Test("A leak ends at the memory that its process may have, and costs the agent nothing")
  func leak() async throws {
    let small = { (options: inout PluginHostOptions) in Isolated.options(&options, memoryMiB: 128) }
    try await Isolated.withSink("leak", options: small) { sink in
      var died = 0
      for id in UInt64(1)...300 {
        let result = try #require(await Isolated.insist(id, on: sink))
        if result.verdict == .unknown { died += 1 } else { #expect(result.verdict == .delivered) }
      }
      #expect(died >= 1 && died < 30)
    }
  }

  @Test("What it prints is in the log, bounded")
  func output() async throws {
    let lines = LogLines()
    try await Isolated.withSink("noise", lines: lines) { sink in
      #expect(await Isolated.insist(1, on: sink)?.verdict == .delivered)
      #expect(await Isolated.eventually { lines.all.contains { $0.contains("wrote: line 0 of noise") } })
    }
    #expect(lines.all.count < 2_000)
  }

  @Test("One that dies too often is left alone for a while, is shown so, and comes back when a person says so")
  func quarantine() async throws {
    let policy = RestartPolicy(firstWait: .milliseconds(1), maximumDeaths: 3, firstQuarantine: .seconds(3_600))
    let strict = { (options: inout PluginHostOptions) in Isolated.options(&options, restart: policy) }
    try await Isolated.withSink("exit", options: strict) { sink in
      for id in UInt64(1)...3 { #expect(await Isolated.insist(id, on: sink)?.verdict == .unknown) }
      #expect(await Isolated.eventually { sink.plugin.process?.quarantineLeft != nil })
      let held = await Isolated.deliver(9, to: sink)
      #expect(held?.verdict == .throttled && held?.detail.contains("quarantine") == true)
      sink.plugin.enable()
      #expect(await Isolated.insist(10, on: sink)?.verdict == .unknown)
    }
  }

  @Test("A stop is not overtaken by a start that somebody had decided on before")
  func stoppedBeforeStart() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let file = try await Fixture.build("sink", into: folder)
    var options = Fixture.options([folder])
    Isolated.options(&options)
    let start = PluginStart(services: Fixture.services(), options: options)
    let image = try PluginImage.open(file, allowsUnsafe: true)
    let manifest = try #require(try start.look(image, isolation: .process))
    let desk = PluginParts(manifest.name, start.services, options).desk
    let plugin = IsolatedPlugin(image, options: options.isolation, desk: desk, startLimit: options.startLimit)
    plugin.stop(callingStop: true)
    let error = #expect(throws: PluginHostError.self) { try plugin.start(manifest, until: .max) }
    #expect(error?.message.contains("was stopped") == true)
    #expect(plugin.facts.pid == nil && plugin.whyNotRunning.contains("stopped"))
  }

  @Test("A runner that cannot be started refuses the plugin, and says so")
  func noRunner() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try await Fixture.build("sink", into: folder)
    let registry = try await Fixture.registry(
      folder, options: { $0.isolation = IsolationOptions(standard: .process, runner: "/nonexistent/carillon-runner") })
    #expect(
      registry.plugins.isEmpty && registry.problems.first?.message.contains("/nonexistent/carillon-runner") == true)
    await registry.stop()
  }
}

@Suite("When a process that died comes back")
struct RestartPolicyTests {
  private let second: Int64 = 1_000_000_000

  @Test("The first time nearly at once, then after twice the time, up to a bound")
  func waits() {
    let policy = RestartPolicy(firstWait: .milliseconds(20), longestWait: .milliseconds(100), maximumDeaths: 100)
    var history = RestartPolicy.History()
    let waits = (0..<5).map { turn -> Int64 in
      guard case .restart(let moment) = policy.decide(&history, now: Int64(turn)) else { return -1 }
      return (moment - Int64(turn)) / 1_000_000
    }
    #expect(waits == [20, 40, 80, 100, 100])
  }

  @Test("Deaths that are long past do not count")
  func window() {
    let policy = RestartPolicy(window: .seconds(10), maximumDeaths: 3)
    var history = RestartPolicy.History()
    for turn in 0..<50 {
      guard case .restart = policy.decide(&history, now: Int64(turn) * 6 * second) else {
        Issue.record("quarantined at turn \(turn)")
        return
      }
    }
  }

  @Test("Quarantines double up to a bound, and are forgotten after a long time without one")
  func quarantines() {
    let policy = RestartPolicy(
      window: .seconds(60), maximumDeaths: 1, firstQuarantine: .seconds(60), longestQuarantine: .seconds(200))
    var history = RestartPolicy.History()
    func length(at now: Int64) -> Int64 {
      guard case .quarantine(let until) = policy.decide(&history, now: now) else { return -1 }
      return (until - now) / second
    }
    #expect(
      [length(at: 0), length(at: 100 * second), length(at: 300 * second), length(at: 600 * second)] == [
        60, 120, 200, 200,
      ])
    #expect(length(at: 2_000 * second) == 60)
  }
}
