import ControlPlane
import EventModel
import Foundation
import Pipeline
import PluginHost
import Synchronization
import Testing

@testable import Daemon

/// `make soak`: an isolated plugin that is exchanged a thousand times under load loses nothing, doubles nothing, and
/// leaves nothing behind in the agent.
@Suite("Plugins that change while the agent runs, a thousand times")
struct PluginReloadSoak {
  private static let reloads = 1_000
  /// What a run comes to holds after so many reloads: pools, caches and arenas have grown to what they need.
  private static let warmUp = 100
  /// Deliveries in each turn, half of them before the reload and half after it.
  private static let deliveries = 200
  /// Versions that are put into use in turn.
  private static let versions = 8

  /// What the agent may have more after the last reload than after the warm-up. A reload that left but 16 KiB, or one
  /// descriptor or thread, would be far beyond these.
  private static let mostGrowth = Held(bytes: 8 * 1_024 * 1_024, descriptors: 8, threads: 8)

  @Test(
    "An isolated plugin is reloaded 1,000 times under load: none lost, none double, memory flat",
    .timeLimit(.minutes(25)))
  func reload() async throws {
    try await PluginBench.with(.process) { bench in
      let files = try await Self.build(in: bench)
      let (sink, load) = (try await bench.sink(), SteadyLoad(capacity: Self.reloads * Self.deliveries))
      var early: Held?
      for turn in 1...Self.reloads {
        try Self.put(files[turn % files.count], in: bench)
        load.send(Self.deliveries / 2, to: sink)
        let facts = try await bench.operations.reload(.init(name: "test-sink", trial: nil))
        #expect(facts.version == "1.0.\(turn % files.count)" && facts.reloads == turn)
        load.send(Self.deliveries / 2, to: sink)
        guard turn % Self.warmUp == 0 else { continue }
        #expect(await eventually { load.ended == load.sent }, "\(load.sent - load.ended) deliveries have not ended")
        let held = try await Held.atRest()
        print("after \(turn) reloads: \(held)")
        early = early ?? held
      }
      #expect(load.delivered == load.sent && load.double == 0, "\(load.others)")
      let growth = try await Held.atRest().beyond(try #require(early))
      #expect(growth.isWithin(Self.mostGrowth), "from reload \(Self.warmUp) to \(Self.reloads): \(growth) more")
    }
  }

  /// Each version once, beside the folder that plugins are loaded from.
  private static func build(in bench: PluginBench) async throws -> [URL] {
    let folder = bench.folder.appendingPathComponent("versions")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    var files: [URL] = []
    for version in 0..<versions {
      try await PluginBench.build("\(version).so", in: folder, ["VERSION=\"1.0.\(version)\""])
      files.append(folder.appendingPathComponent("\(version).so"))
    }
    return files
  }

  private static func put(_ file: URL, in bench: PluginBench) throws {
    let draft = bench.folder.appendingPathComponent("sink.so.new")
    try FileManager.default.copyItem(at: file, to: draft)
    #expect(rename(draft.path, bench.folder.appendingPathComponent("sink.so").path) == 0)
  }
}

/// What this process holds of the system.
private struct Held: CustomStringConvertible {
  /// Anonymous memory that is resident.
  var bytes: Int
  var descriptors: Int
  var threads: Int

  var description: String { "\(bytes / 1_024) KiB, \(descriptors) descriptors, \(threads) threads" }

  func beyond(_ other: Held) -> Held {
    Held(
      bytes: bytes - other.bytes, descriptors: descriptors - other.descriptors, threads: threads - other.threads)
  }

  func isWithin(_ most: Held) -> Bool {
    bytes <= most.bytes && descriptors <= most.descriptors && threads <= most.threads
  }

  /// What is held once the versions that went have let go of what they had: when two looks say the same.
  static func atRest() async throws -> Held {
    var last = try now()
    _ = await eventually {
      guard let next = try? now() else { return false }
      defer { last = next }
      return next.descriptors == last.descriptors && next.threads == last.threads
    }
    return last
  }

  private static func now() throws -> Held {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    func number(_ name: String) throws -> Int {
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
      return try #require(Int(line.drop { !$0.isNumber }.prefix { $0.isNumber }))
    }
    return Held(
      bytes: try number("RssAnon") * 1_024,
      descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count,
      threads: try number("Threads"))
  }
}

/// Deliveries that go on and on, each counted by how often it ended. Takes all its memory at the start, so that what
/// grows is not the test.
private final class SteadyLoad: Sendable {
  private struct State {
    /// How often each delivery ended, and whether it was delivered.
    var ends: [UInt8]
    var delivered = 0
    var ended = 0
    var double = 0
    var sent = 0
    /// Of the first that were not delivered: why.
    var others: [String] = []
  }

  private let state: Mutex<State>

  init(capacity: Int) { state = Mutex(State(ends: Array(repeating: 0, count: capacity))) }

  var sent: Int { state.withLock { $0.sent } }
  var ended: Int { state.withLock { $0.ended } }
  var delivered: Int { state.withLock { $0.delivered } }
  var double: Int { state.withLock { $0.double } }
  var others: [String] { state.withLock { $0.others } }

  func send(_ count: Int, to sink: any SinkPort) {
    let first = state.withLock { state in
      defer { state.sent += count }
      return state.sent
    }
    for start in stride(from: first, to: first + count, by: 20) {
      send((start..<min(start + 20, first + count)).map { PluginLoad.delivery(UInt64($0)) }, to: sink)
    }
  }

  /// What was held back, and not tried, is handed over again: as the dispatcher does.
  private func send(_ deliveries: [Delivery], to sink: any SinkPort) {
    sink.deliver(deliveries) { [self] results in
      let again = Set(results.filter { $0.verdict == .throttled }.map(\.id))
      note(results.filter { !again.contains($0.id) })
      guard !again.isEmpty else { return }
      let held = deliveries.filter { again.contains($0.id) }
      Task {
        try? await Task.sleep(for: .milliseconds(20))
        self.send(held, to: sink)
      }
    }
  }

  private func note(_ results: [DeliveryResult]) {
    state.withLock { state in
      for result in results {
        let place = Int(result.id)
        if state.ends[place] == 0 { state.ended += 1 } else { state.double += 1 }
        state.ends[place] &+= 1
        if result.verdict == .delivered {
          state.delivered += 1
        } else if state.others.count < 10 {
          state.others.append("\(result.id): \(result.verdict), \(result.code), \(result.detail)")
        }
      }
    }
  }
}
