import EventModel
import Foundation
import Testing

@testable import PluginHost

@Suite("Every example in a process of its own, shut in by what its manifest asks for")
struct IsolatedTests {
  @Test("archive writes its files")
  func archive() async throws {
    try await TemporaryFolder.with { folder in
      let archive = Archive(folder)
      try await Host.withSink("archive", archive.configuration(["max_bytes": 8_192]), options: Host.isolated) { sink in
        for start in stride(from: UInt64(0), to: 1_000, by: 100) {
          let results = await sink.results(of: (start..<start + 100).map { Sample.delivery($0) })
          #expect(results.allSatisfy { $0.verdict == .delivered }, "\(results[0])")
        }
      }
      #expect(try await archive.keys() == (0..<1_000).map { "key-\($0)" })
    }
  }

  @Test("exec runs commands, ends those that take too long, and cancels")
  func exec() async throws {
    try await TemporaryFolder.with { folder in
      let script =
        "read word; case $word in wait) sleep 1000;; *) echo \"$word\" >>\(folder.file("words")); exit 75;; esac"
      let configuration = try Sample.json([
        "command": ["/bin/sh", "-c", script], "environment": ["PATH=/usr/bin:/bin"], "time_limit_seconds": 1,
      ])
      try await Host.withSink("exec", configuration, options: Host.isolated) { sink in
        let results = await sink.results(of: [Sample.delivery(1, text: "word"), Sample.delivery(2, text: "wait")])
        #expect(results.map(\.code) == ["exit-75", "time-limit"] && results[1].verdict == .unknown, "\(results)")
        let cancelled = Results(expected: 1)
        sink.deliver([Sample.delivery(3, text: "wait")], completion: cancelled.completion)
        let isOpen = try await eventually { sink.openDeliveries == 1 }
        #expect(isOpen)
        sink.cancel([3])
        let verdicts = await cancelled.all().map(\.verdict)
        #expect(verdicts == [.unknown] || verdicts == [.cancelled])
      }
      #expect(try String(contentsOfFile: folder.file("words"), encoding: .utf8) == "word\n")
    }
  }

  @Test("journal may use sockets")
  func journal() async throws {
    try await TemporaryFolder.with { folder in
      let journal = try await Journal(folder, 2)
      let configuration = try Sample.json(["socket": folder.file("socket")])
      try await Host.withSink("journal", configuration, options: Host.isolated) { sink in
        let long = String(repeating: "x", count: 250_000)
        let results = await sink.results(of: [Sample.delivery(1), Sample.delivery(2, text: long)])
        #expect(results.map(\.verdict) == [.delivered, .delivered], "\(results)")
      }
      #expect(try await journal.finished().map { $0["by"] } == ["datagram", "file"])
    }
  }

  @Test("countdown and easter answer as they do in process", arguments: ["countdown", "easter"])
  func eventTypes(name: String) async throws {
    // Without cargo there is no easter, which its own tests show.
    guard name != "easter" || Examples.hasCargo else { return }
    let definition = name == "easter" ? #"{"days": [-2, 0]}"# : #"{"to": "2031-05-04", "title": "t", "days": [1, 0]}"#
    let start = OccurrenceCursor(
      isStart: true, civil: .init(year: 2031, month: 1, day: 1), instant: Timestamp(seconds: 0), ordinal: 0, key: "")
    let request = OccurrenceRequest(
      definitionJSON: definition, user: nil, timeZone: "UTC", after: start, maximum: 2)
    var found: [[String]] = []
    for options in [{ (_: inout PluginHostOptions) in }, Host.isolated] {
      try await Host.withEventType(name, options: options) { type in
        found.append(try await type.next([request])[0].get().map(\.key))
      }
    }
    #expect(found[0].count == 2 && found[0] == found[1])
  }
}
