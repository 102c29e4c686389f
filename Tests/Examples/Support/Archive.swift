import Foundation

/// An archive's folder, read with its own reader.
struct Archive {
  let folder: URL

  init(_ folder: TemporaryFolder) { self.folder = folder.url.appendingPathComponent("archive") }

  /// The files, oldest first.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .map { folder.appendingPathComponent($0).path }
  }

  func configuration(_ members: [String: Any] = [:]) throws -> String {
    try Sample.json(members.merging(["directory": folder.path]) { $1 })
  }

  /// What `archive-cat` prints of all files.
  func read() async throws -> (records: [NSDictionary], finished: Finished) {
    let finished = try await Command.run(try await Examples.built().archiveCat, try files())
    return (try Self.records(finished), finished)
  }

  /// The idempotency keys, in order.
  func keys() async throws -> [String] {
    try await read().records.compactMap { $0["idempotency_key"] as? String }
  }

  static func records(_ finished: Finished) throws -> [NSDictionary] {
    try finished.lines.compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary }
  }
}
