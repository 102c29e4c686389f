import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("exec, in C: time, number, and an end to everything")
struct ExecLimitTests {
  private static func configuration(_ script: String, _ members: [String: Any] = [:]) throws -> String {
    try Sample.json(members.merging(["command": ["/bin/sh", "-c", script]]) { own, _ in own })
  }

  /// Writes its own number and its child's to a file, then waits for ever.
  private static func family(_ folder: TemporaryFolder) -> String {
    "sleep 1000 & echo $! >>\(folder.file("children")); echo $$ >>\(folder.file("parents")); wait"
  }

  private static func numbers(_ folder: TemporaryFolder, _ name: String) -> [pid_t] {
    let text = (try? String(contentsOfFile: folder.file(name), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { pid_t($0) }
  }

  /// Ended, or waiting to be taken away by whoever adopted it.
  private static func isGone(_ number: pid_t) -> Bool {
    guard let facts = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return true }
    return facts.split(separator: ")").last?.hasPrefix(" Z") == true
  }

  @Test("At its time limit it is ended with all that it started", arguments: [true, false])
  func timeLimit(isOwn: Bool) async throws {
    try await TemporaryFolder.with { folder in
      let configuration = try Self.configuration(Self.family(folder), ["time_limit_seconds": isOwn ? 1 : 100])
      try await Host.withSink("exec", configuration) { sink in
        let begin = ContinuousClock.now
        let limit = isOwn ? TimeSpan.seconds(60) : .milliseconds(1_200)
        let result = await sink.results(of: [Sample.delivery(1, timeLimit: limit)])[0]
        #expect(result.verdict == .unknown && result.code == "time-limit", "\(result)")
        #expect(ContinuousClock.now - begin < .seconds(20))
      }
      let all = Self.numbers(folder, "children") + Self.numbers(folder, "parents")
      #expect(all.count == 2)
      let areGone = try await eventually { all.allSatisfy(Self.isGone) }
      #expect(areGone)
    }
  }

  @Test("What it leaves in the background ends with it")
  func background() async throws {
    try await TemporaryFolder.with { folder in
      let script = "sleep 1000 & echo $! >\(folder.file("children")); exit 0"
      try await Host.withSink("exec", try Self.configuration(script)) { sink in
        #expect(await sink.results(of: [Sample.delivery(1)]).map(\.verdict) == [.delivered])
      }
      let children = Self.numbers(folder, "children")
      let areGone = try await eventually { children.allSatisfy(Self.isGone) }
      #expect(children.count == 1 && areGone)
    }
  }

  @Test("No more run at a time than may, and the next one begins as soon as there is a place", arguments: [1, 3])
  func number(children: Int) async throws {
    try await TemporaryFolder.with { folder in
      let script = "echo + >>\(folder.file("log")); sleep 0.05; echo - >>\(folder.file("log"))"
      try await Host.withSink("exec", try Self.configuration(script, ["children": children])) { sink in
        let results = await sink.results(of: (1...30).map { Sample.delivery($0) })
        #expect(results.allSatisfy { $0.verdict == .delivered })
      }
      var depth = 0
      var most = 0
      for line in try String(contentsOfFile: folder.file("log"), encoding: .utf8).split(separator: "\n") {
        depth += line == "+" ? 1 : -1
        most = max(most, depth)
      }
      #expect(depth == 0 && most == children)
    }
  }

  @Test("Cancelled: what runs is ended and unknown, what waits was never begun")
  func cancel() async throws {
    try await TemporaryFolder.with { folder in
      let configuration = try Self.configuration(Self.family(folder), ["children": 2, "time_limit_seconds": 100])
      try await Host.withSink("exec", configuration) { sink in
        let results = Results(expected: 4)
        sink.deliver((1...4).map { Sample.delivery($0) }, completion: results.completion)
        let areRunning = try await eventually { Self.numbers(folder, "parents").count == 2 }
        #expect(areRunning)
        sink.cancel([1, 2, 3, 4])
        let verdicts = Dictionary(uniqueKeysWithValues: await results.all().map { ($0.id, $0.verdict) })
        #expect(verdicts == [1: .unknown, 2: .unknown, 3: .cancelled, 4: .cancelled])
      }
      #expect(Self.numbers(folder, "parents").count == 2)
    }
  }

  @Test("Deactivated with work in hand: all of it ends, and nothing is left running")
  func deactivate() async throws {
    try await TemporaryFolder.with { folder in
      let configuration = try Self.configuration(Self.family(folder), ["children": 2, "time_limit_seconds": 100])
      try await Host.withSink("exec", configuration) { sink in
        let results = Results(expected: 5)
        sink.deliver((1...5).map { Sample.delivery($0) }, completion: results.completion)
        let areRunning = try await eventually { Self.numbers(folder, "children").count == 2 }
        #expect(areRunning)
        #expect(try await sink.drain(timeout: .milliseconds(50)) == false)
        try await sink.deactivate()
        let verdicts = await results.all().map(\.verdict)
        #expect(verdicts.filter { $0 == .unknown }.count == 2 && verdicts.filter { $0 == .cancelled }.count == 3)
        #expect(sink.openDeliveries == 0)
      }
      let areGone = try await eventually { Self.numbers(folder, "children").allSatisfy(Self.isGone) }
      #expect(areGone)
    }
  }

  @Test("A place that does not become free in time costs no attempt")
  func noPlace() async throws {
    let configuration = try Self.configuration("sleep 1", ["children": 1])
    try await Host.withSink("exec", configuration) { sink in
      let results = await sink.results(of: [
        Sample.delivery(1), Sample.delivery(2, timeLimit: .milliseconds(700)), Sample.delivery(3),
      ])
      // The host cancels at the deadline what has not ended; the plugin may have seen the time first.
      #expect(results[0].verdict == .delivered && results[2].verdict == .delivered, "\(results)")
      #expect([.throttled, .cancelled].contains(results[1].verdict), "\(results[1])")
    }
  }
}
