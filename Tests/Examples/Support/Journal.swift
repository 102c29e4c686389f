import Foundation

/// A journal at the path `socket` of a folder, which takes so many entries and ends.
struct Journal {
  let command: Command

  /// Starts it; it can be sent to from then on.
  init(_ folder: TemporaryFolder, _ count: Int) async throws {
    // Before it starts, because it waits for an entry only for so long.
    _ = try await Examples.built()
    let script = Sources.fixtures.appendingPathComponent("receive_journal.py").path
    let command = try Command(Python.path, ["-B", script, folder.file("socket"), "\(count)"])
    try command.start()
    guard try await eventually({ try command.linesSoFar() == ["ready"] }) else {
      throw Examples.Failure(description: "the journal does not start")
    }
    self.command = command
  }

  /// Waits for its end; its entries, by field.
  func finished() async throws -> [[String: String]] {
    let finished = try await command.finish()
    guard finished.status == 0 else { throw Examples.Failure(description: finished.errors) }
    return try finished.lines.dropFirst().map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String] ?? [:]
    }
  }
}
