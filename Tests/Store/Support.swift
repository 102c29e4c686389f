import Foundation
import Store
import StoreSQLite

/// A folder of its own for a test, removed at the end.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/carillon-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var file: String { path + "/store.db" }
}

extension Data {
  /// Whether the text's bytes are among these. Foundation's own search takes seconds for a file, unoptimised.
  func holds(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, let first = wanted.first, wanted.count <= bytes.count else { return false }
      var offset = 0
      while offset <= bytes.count - wanted.count,
        let found = memchr(start + offset, Int32(first), bytes.count - wanted.count + 1 - offset)
      {
        if memcmp(found, wanted, wanted.count) == 0 { return true }
        offset = UnsafeRawPointer(found) - start + 1
      }
      return false
    }
  }
}

extension Folder {
  /// Every file of the folder, by name.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
    }
    return files
  }

  /// Which of these texts some file holds, as `file: text`.
  func found(_ texts: some Sequence<String>) throws -> [String] {
    let files = try files()
    return texts.flatMap { text in
      files.filter { $0.value.holds(text) }.map { "\($0.key): \(text)" }
    }.sorted()
  }
}
