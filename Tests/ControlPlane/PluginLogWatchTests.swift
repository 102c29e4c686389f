import ControlAPI
import ControlPlane
import GRPCCore
import Logging
import SwiftProtobuf
import Testing

@Suite("Following what a plugin logs") struct PluginLogWatchTests {
  private static let name = "plugins/webhook"

  private static var limits: ControlPlaneLimits {
    var limits = ControlPlaneLimits()
    limits.watchPause = .milliseconds(5)
    limits.watchHeartbeat = .milliseconds(20)
    return limits
  }

  /// Reads until `enough`.
  private static func read(
    _ rig: Rig, lines: Int32? = nil, cursor: String = "",
    until enough: @escaping @Sendable ([Carillon_V1_WatchPluginLogsResponse]) -> Bool
  ) async throws -> [Carillon_V1_WatchPluginLogsResponse] {
    let request = Carillon_V1_WatchPluginLogsRequest.with {
      ($0.name, $0.cursor) = (Self.name, cursor)
      if let lines { $0.lines = lines }
    }
    return try await rig.pluginList.watchPluginLogs(request) { response in
      var seen: [Carillon_V1_WatchPluginLogsResponse] = []
      for try await message in response.messages {
        seen.append(message)
        if enough(seen) { break }
      }
      return seen
    }
  }

  private static func texts(_ answers: [Carillon_V1_WatchPluginLogsResponse]) -> [String] {
    answers.flatMap(\.lines).map(\.message)
  }

  private static func write(_ rig: Rig, _ numbers: ClosedRange<Int>, plugin: String = "webhook") {
    for number in numbers {
      rig.log.write("line \(number)", fields: ["plugin": plugin, "instance": "default/partner#7", "n": "\(number)"])
    }
  }

  @Test func itsLastLinesComeFirstAndThenWhatItWrites() async throws {
    try await withRig(limits: Self.limits) { rig in
      Self.write(rig, 1...250)
      rig.log.write("the agent's own")
      Self.write(rig, 900...950, plugin: "birthday")
      let first = try await Self.read(rig) { Self.texts($0).count >= 100 }
      #expect(Self.texts(first) == (151...250).map { "line \($0)" })
      let line = try #require(first.last?.lines.last)
      #expect(line.instance == "default/partner#7" && line.fields == ["n": "250"] && line.level == "info")
      #expect(try await Self.texts(Self.read(rig, lines: 2) { !$0.isEmpty }) == ["line 249", "line 250"])

      let live = try await Self.read(rig, lines: 0) { seen in
        if seen.count == 1 {
          #expect(seen[0].lines.isEmpty)
          Self.write(rig, 251...253)
        }
        return Self.texts(seen).count >= 3
      }
      #expect(Self.texts(live) == ["line 251", "line 252", "line 253"])
    }
  }

  @Test func aCursorGoesOnAndWhatWasLostIsCountedWithoutOthersLines() async throws {
    try await withRig(limits: Self.limits) { rig in
      Self.write(rig, 1...2)
      let cursor = try #require(try await Self.read(rig) { !$0.isEmpty }.last).cursor
      // 40 lines of others and 5 of its own are gone before the client comes back.
      Self.write(rig, 1...40, plugin: "birthday")
      Self.write(rig, 3...10)
      rig.log.drop(2 + 40 + 5)
      let rest = try await Self.read(rig, cursor: cursor) { !Self.texts($0).isEmpty }
      #expect(Self.texts(rest) == ["line 8", "line 9", "line 10"])
      #expect(rest.map(\.dropped).reduce(0, +) == 5)
      // What was gone before somebody first looked was not to be read.
      #expect(try await Self.read(rig) { !Self.texts($0).isEmpty }.map(\.dropped).reduce(0, +) == 0)
      // Of another run of the agent: all of this one is new.
      let new = try await Self.read(rig, cursor: "run6-900-70") { !Self.texts($0).isEmpty }
      #expect(Self.texts(new).first == "line 8" && new.map(\.dropped).reduce(0, +) == 7)
    }
  }

  @Test func silenceHasHeartbeatsAndAnEndWithTheServer() async throws {
    try await withRig(limits: Self.limits) { rig in
      let beats = try await Self.read(rig) { $0.count == 3 }
      #expect(beats.allSatisfy { $0.lines.isEmpty && $0.dropped == 0 && !$0.cursor.isEmpty })
    }
  }

  @Test func faultsAreNamed() async throws {
    try await withRig { rig in
      let list = rig.pluginList
      for (lines, cursor) in [
        (-1, "x"), (1_001, "run7-1"), (1_001, "run7-0-0"), (-5, String(repeating: "1", count: 200)),
      ] {
        try await refused(.invalidArgument, fields: ["name", "lines", "cursor"]) {
          try await list.watchPluginLogs(
            .with { ($0.name, $0.lines, $0.cursor) = ("webhook!", Int32(lines), cursor) }
          ) { for try await _ in $0.messages {} }
        }
      }
      try await refused(.notFound) {
        try await list.watchPluginLogs(.with { $0.name = "plugins/wobhook" }) { for try await _ in $0.messages {} }
      }
    }
  }
}
