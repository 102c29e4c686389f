import EventModel
import Foundation
import Store
import StoreSQLite
import Testing

/// What a killed writer had been told.
private struct Acknowledged: Sendable {
  var made: Set<String> = []
  var done: Set<String> = []
}

@Suite struct DurabilityTests {
  @Test("kill -9 at any moment loses nothing that was acknowledged", .timeLimit(.minutes(5)))
  func killed() async throws {
    let folder = try Folder()
    var all = Acknowledged()
    for round in 0..<6 {
      let lines = Int.random(in: 1...600)
      let part = try await runAndKill(folder.file, round: round, lines: lines)
      try #require(part.made.count + part.done.count >= lines, "the writer wrote too little")
      all.made.formUnion(part.made)
      all.done.formUnion(part.done)
      try await find(all, in: folder.file)
    }
  }

  /// Every event that was acknowledged is there, and every one whose receipt was is completed.
  private func find(_ all: Acknowledged, in file: String) async throws {
    let store = try await SQLiteStore.open(path: file, options: .init(checksIntegrity: true))
    for text in all.made {
      let identity = try #require(EventIdentity(text: text))
      let event = try await store.event(namespace: "default", identity: identity)
      if all.done.contains(text) { #expect(event.state == .completed, "\(text)") }
    }
    let check = try await store.check(
      from: Timestamp(seconds: 1_799_999_000), to: Timestamp(seconds: 1_800_001_000))
    #expect(check.lost == 0 && check.closedTwice == 0)
    #expect(check.rows >= all.made.count && check.closedOnce >= all.done.count)
    await store.close()
  }

  /// Starts the writer, reads some of its lines, kills it, and reads the rest.
  private func runAndKill(_ file: String, round: Int, lines: Int) async throws -> Acknowledged {
    let writer = try #require(Self.writer, "store-writer was not built beside the tests")
    let output = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<String, any Error>) in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try Self.output(writer, file, round, lines) })
      }
    }
    var acknowledged = Acknowledged()
    // The last line may be cut off by the kill.
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let words = line.split(separator: " ")
      guard words.count == 2 else { continue }
      if words[0] == "made" { acknowledged.made.insert(String(words[1])) }
      if words[0] == "done" { acknowledged.done.insert(String(words[1])) }
    }
    return acknowledged
  }

  private static func output(_ writer: String, _ file: String, _ round: Int, _ lines: Int) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: writer)
    process.arguments = [file, "\(round)"]
    process.standardOutput = pipe
    try process.run()
    var data = Data()
    var isKilled = false
    while true {
      let part = pipe.fileHandleForReading.availableData
      if part.isEmpty { break }
      data.append(part)
      if !isKilled, data.count(where: { $0 == UInt8(ascii: "\n") }) >= lines {
        kill(process.processIdentifier, SIGKILL)
        isKilled = true
      }
    }
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  /// The program beside the one that runs the tests.
  private static var writer: String? {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = tests.deletingLastPathComponent().appendingPathComponent("store-writer").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }
}
