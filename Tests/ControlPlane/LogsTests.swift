import ControlAPI
import ControlPlane
import EventModel
import GRPCCore
import Logging
import SwiftProtobuf
import Testing

@Suite("Reading the agent's log") struct LogsTests {
  /// Reads until `enough`, or to the end.
  static func read(
    _ rig: Rig, _ request: Carillon_V1_ReadLogsRequest,
    until enough: @escaping @Sendable ([Carillon_V1_ReadLogsResponse]) -> Bool = { _ in false }
  ) async throws -> [Carillon_V1_ReadLogsResponse] {
    try await rig.agents.readLogs(request) { response in
      var seen: [Carillon_V1_ReadLogsResponse] = []
      for try await message in response.messages {
        seen.append(message)
        if enough(seen) { break }
      }
      return seen
    }
  }

  private static func texts(_ answers: [Carillon_V1_ReadLogsResponse]) -> [String] {
    answers.flatMap(\.lines).map(\.message)
  }

  @Test func theLastHundredLinesComeWhenNothingIsSaid() async throws {
    try await withRig { rig in
      for number in 1...250 { rig.log.write("line \(number)", fields: ["n": "\(number)"]) }
      let answers = try await Self.read(rig, .init())
      #expect(Self.texts(answers) == (151...250).map { "line \($0)" })
      let last = try #require(answers.last?.lines.last)
      #expect(last.level == "info" && last.label == "test" && last.fields == ["n": "250"])
      #expect(last.time == Google_Protobuf_Timestamp(seconds: TestClock.start.seconds))
    }
  }

  @Test func linesAreChosenByTimeLevelAndText() async throws {
    try await withRig { rig in
      rig.log.write("starts", second: 0)
      rig.log.write("Sink hook FAILS", level: .warning, second: 10)
      rig.log.write("a retry", level: .info, second: 20, fields: ["sink": "Hook"])
      rig.log.write("a retry", level: .info, second: 30, fields: ["sink": "mail"])
      let since = Google_Protobuf_Timestamp(seconds: TestClock.start.seconds + 20)
      #expect(Self.texts(try await Self.read(rig, .with { $0.since = since })) == ["a retry", "a retry"])
      #expect(Self.texts(try await Self.read(rig, .with { $0.leastLevel = "warning" })) == ["Sink hook FAILS"])
      let hook = try await Self.read(rig, .with { $0.contains = "hook" })
      #expect(Self.texts(hook) == ["Sink hook FAILS", "a retry"])
    }
  }

  @Test func theCursorGoesOnAndTellsWhatWasMissed() async throws {
    var limits = ControlPlaneLimits()
    limits.watchPause = .milliseconds(5)
    try await withRig(limits: limits) { rig in
      rig.log.write("one")
      let first = try await Self.read(rig, .with { $0.follow = true }) { !$0.isEmpty }
      let cursor = try #require(first.last).cursor
      for text in ["two", "three", "four"] { rig.log.write(text) }
      rig.log.drop(2)
      let rest = try await Self.read(
        rig,
        .with {
          $0.cursor = cursor
          $0.follow = true
        }
      ) { !$0.flatMap(\.lines).isEmpty }
      #expect(Self.texts(rest) == ["three", "four"])
      #expect(rest.map(\.dropped).reduce(0, +) == 1)
      // Another run of the agent numbers its lines anew: all of them are new to who read the other.
      let other = try await Self.read(rig, .with { $0.cursor = "other-900" })
      #expect(Self.texts(other) == ["three", "four"])
    }
  }

  @Test func silenceIsBrokenByHeartbeats() async throws {
    var limits = ControlPlaneLimits()
    limits.watchPause = .milliseconds(5)
    limits.watchHeartbeat = .milliseconds(15)
    try await withRig(limits: limits) { rig in
      let beats = try await Self.read(rig, .with { $0.follow = true }) { $0.count == 3 }
      #expect(beats.allSatisfy { $0.lines.isEmpty && $0.cursor == "run7-1" })
    }
  }

  @Test func faultsAreToldAllAtOnce() async throws {
    try await withRig { rig in
      try await refused(.invalidArgument, fields: ["least_level", "contains", "cursor"]) {
        try await Self.read(
          rig,
          .with {
            $0.leastLevel = "loud"
            $0.contains = String(repeating: "x", count: 501)
            $0.cursor = "nonsense"
          })
      }
    }
  }

  @Test func aReloadTellsWhatChangedAndAFaultNamesTheSetting() async throws {
    try await withRig { rig in
      let checked = try await rig.agents.reloadConfiguration(.with { $0.validateOnly = true })
      let answer = try await rig.agents.reloadConfiguration(.init())
      #expect(checked == answer && answer.changed == ["log.level", "store.path"])
      #expect(answer.needsRestart == ["store.path"])
      rig.reloader.setFault(ModelError(field: "log.level", "must be one of debug, info"))
      try await refused(.invalidArgument, fields: ["log.level"]) {
        try await rig.agents.reloadConfiguration(.init())
      }
      #expect(rig.reloader.reloads == [true, false, false])
    }
  }
}
