import EventModel
import Foundation
import Store
import StoreSQL
import StoreSQLite
import Testing

/// What a killed writer had been told.
private struct Acknowledged: Sendable {
  var made: Set<String> = []
  var done: Set<String> = []
  var dead: Set<String> = []
  var replayed: Set<String> = []
  /// Ids of events whose people were erased.
  var erased: Set<String> = []

  var count: Int { made.count + done.count + dead.count + replayed.count + erased.count }
}

@Suite struct DurabilityTests {
  @Test("kill -9 at any moment loses nothing that was acknowledged", .timeLimit(.minutes(5)))
  func killed() async throws {
    let folder = try Folder()
    var all = Acknowledged()
    for round in 0..<6 {
      let lines = Int.random(in: 1...600)
      let part = try await runAndKill(folder.file, round: round, lines: lines)
      try #require(part.count >= lines, "the writer wrote too little")
      all.made.formUnion(part.made)
      all.done.formUnion(part.done)
      all.dead.formUnion(part.dead)
      all.replayed.formUnion(part.replayed)
      all.erased.formUnion(part.erased)
      try findNothing(of: all.erased, in: folder)
      try await find(all, in: folder.file)
      try findNothing(of: all.erased, in: folder)
    }
  }

  /// Every event that was acknowledged is there, and every one whose receipt was is completed.
  private func find(_ all: Acknowledged, in file: String) async throws {
    let store = try await SQLiteStore.open(path: file, options: .init(checksIntegrity: true))
    for text in all.made {
      let identity = try #require(EventIdentity(text: text))
      if all.erased.contains(identity.key) { continue }
      // One whose person was being erased may have lost its key, and nothing else.
      guard let event = try await event(identity, store) else { continue }
      if all.done.contains(text) { #expect(event.state == .completed, "\(text)") }
      if all.replayed.contains(text) { #expect(event.state == .pending, "\(text)") }
      if all.dead.contains(text) { #expect(event.state == .failed || event.state == .pending, "\(text)") }
    }
    let check = try await store.check(
      from: Timestamp(seconds: 1_799_999_000), to: Timestamp(seconds: 1_800_001_000))
    #expect(check.lost == 0 && check.closedTwice == 0)
    #expect(check.rows >= all.made.count && check.closedOnce >= all.done.count)
    await store.close()
  }

  private func event(_ identity: EventIdentity, _ store: SQLiteStore) async throws -> EventSummary? {
    do {
      return try await store.event(namespace: "default", identity: identity)
    } catch {
      let number = try #require(identity.key.split(separator: "-").last.flatMap { Int($0) })
      try #require(error.code == .notFound && number % 64 == 2, "\(identity.text) is lost")
      return nil
    }
  }

  /// What an acknowledged erasure removed is not in the files that the kill left.
  private func findNothing(of erased: Set<String>, in folder: Folder) throws {
    for (name, data) in try folder.files() {
      for id in erased { #expect(!data.holds("person-\(id)~") && !data.holds("user-\(id)~"), "\(id) in \(name)") }
    }
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
      if words[0] == "dead" { acknowledged.dead.insert(String(words[1])) }
      if words[0] == "replayed" { acknowledged.replayed.insert(String(words[1])) }
      if words[0] == "erased" { acknowledged.erased.insert(String(words[1])) }
      try #require(!line.hasPrefix("failed"), "\(line)")
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
