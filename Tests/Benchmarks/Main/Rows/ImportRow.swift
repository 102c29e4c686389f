import AgentHarness
import Foundation

/// `import-1m`: `ctl import` of a table of a million people, each with a birthday schedule, into PostgreSQL; then the same
/// again, when nothing is new.
@Sendable func importMillion() async throws -> Row {
  let count = 1_000_000
  let limit = 60.0
  let (first, again) = try await PostgresServer.with(.init(bench: true)) { server in
    try await TemporaryFolder.with { folder in
      let table = "\(folder.path)/people.csv"
      try PeopleTable(count: count).write(to: table)
      return try await AgentHome.with(store: .postgresql(url: try server.url(.primary))) { home in
        try await home.runReady { agent in
          let first = try await ImportRun.measure(table, home, agent)
          return (first, try await ImportRun.measure(table, home, agent))
        }
      }
    }
  }
  guard first.summary == "\(count) created, 0 updated, 0 unchanged, 0 skipped, 0 failed, 0 notes" else {
    throw HarnessError(.notMeasured, "the import says: \(first.summary)")
  }
  guard again.summary == "0 created, 0 updated, \(count) unchanged, 0 skipped, 0 failed, 0 notes" else {
    throw HarnessError(.notMeasured, "the second import says: \(again.summary)")
  }
  let megabyte = 1_000_000.0
  let growth = max(first.agent.growth, again.agent.growth, first.ctl.growth, again.ctl.growth)
  return Row(
    id: "import-1m", what: "ctl import of 1,000,000 people with a birthday schedule each, PostgreSQL, CSV",
    value: first.elapsedSeconds, unit: "s", target: "<= \(Int(limit)) s, memory flat",
    met: first.elapsedSeconds <= limit && growth <= ImportRun.flat,
    details: [
      "again_unchanged_s": again.elapsedSeconds,
      "agent_rss_anon_start_mb": Double(first.agent.first) / megabyte,
      "agent_rss_anon_most_mb": Double(first.agent.most) / megabyte,
      "agent_rss_anon_end_mb": Double(again.agent.last) / megabyte,
      "ctl_rss_anon_start_mb": Double(first.ctl.first) / megabyte,
      "ctl_rss_anon_most_mb": Double(first.ctl.most) / megabyte,
    ])
}

/// A table of people; the same at every run.
private struct PeopleTable {
  let count: Int
  private let zones = ["America/New_York", "Europe/London", "Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo"]

  func write(to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw HarnessError(.failed, "cannot make \(path)") }
    defer { try? file.close() }
    var lines = "id,given name,family name,birthday,email,time zone,locale\n"
    for index in 0..<count {
      lines += line(index)
      if lines.utf8.count > 1 << 20 {
        try file.write(contentsOf: Data(lines.utf8))
        lines = ""
      }
    }
    try file.write(contentsOf: Data(lines.utf8))
  }

  private func line(_ index: Int) -> String {
    let (month, day) = (1 + index / 28 % 12, 1 + index % 28)
    let birthday = "\(1950 + index % 60)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    return "person-\(index),Given,Family \(index),\(birthday),person-\(index)@example.org,"
      + "\(zones[index % zones.count]),en-GB\n"
  }
}

/// One run of `ctl import`, and the memory that both sides took meanwhile.
private struct ImportRun: Sendable {
  /// A process's memory in bytes: early in the run, at its most, and at the end.
  struct Memory: Sendable {
    var first = 0
    var most = 0
    var last = 0

    var growth: Int { most - first }

    mutating func take(_ bytes: Int) {
      if first == 0 { first = bytes }
      most = max(most, bytes)
      last = bytes
    }
  }

  var elapsedSeconds = 0.0
  /// The last line of what `ctl` says.
  var summary = ""
  var agent = Memory()
  var ctl = Memory()

  /// Growth in bytes that counts as none: a few messages, and the 16 bytes by which `ctl` knows who came already.
  static let flat = 64_000_000
  private static let pause = Duration.milliseconds(250)
  private static let longest = Duration.seconds(400)

  static func measure(_ table: String, _ home: AgentHome, _ agent: AgentRun) async throws -> ImportRun {
    let report = "\(home.folder.path)/report"
    let start = ContinuousClock().now
    // The report of a million lines goes to a file; the shell says which process it becomes.
    let importing = Task {
      let answer = try await Tool.output(
        "/bin/sh", ["-c", #"echo $$ >"$2.pid"; exec "$0" import "$1" >"$2""#, home.programs.ctl, table, report],
        environment: ["CARILLON_SOCKET": home.socket], limit: longest)
      return (answer, ContinuousClock().now)
    }
    var run = ImportRun()
    let sampling = Task {
      var (agentMemory, ctlMemory) = (Memory(), Memory())
      agentMemory.take(try agent.memoryBytes("RssAnon"))
      while !Task.isCancelled {
        try? await ContinuousClock().sleep(for: pause)
        agentMemory.take(try agent.memoryBytes("RssAnon"))
        let text = try? String(contentsOfFile: report + ".pid", encoding: .utf8)
        guard let process = text.flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) else {
          continue
        }
        if let bytes = anonymousMemory(of: process) { ctlMemory.take(bytes) }
      }
      return (agentMemory, ctlMemory)
    }
    defer { sampling.cancel() }
    let (_, end) = try await importing.value
    sampling.cancel()
    (run.agent, run.ctl) = try await sampling.value
    run.elapsedSeconds = seconds(end - start)
    run.summary = try lastLine(of: report)
    return run
  }

  /// RssAnon of a process; nil when it has ended.
  private static func anonymousMemory(of process: Int32) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }.map {
      $0 * 1_024
    }
  }

  private static func lastLine(of path: String) throws -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { throw HarnessError(.missing, "\(path) is not there") }
    defer { try? file.close() }
    let size = try file.seekToEnd()
    try file.seek(toOffset: size > 4_096 ? size - 4_096 : 0)
    let text = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    return text.split(separator: "\n").last.map(String.init) ?? ""
  }
}
