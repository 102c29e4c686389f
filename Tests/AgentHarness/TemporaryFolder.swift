import Foundation

/// A folder of a run's own, removed when the run is over.
public struct TemporaryFolder: Sendable {
  /// Its path; short, because a Unix socket's path has at most 107 bytes.
  public let path: String

  /// Makes a folder that only this user can open.
  public init() throws(HarnessError) {
    var template = Array("\(Programs.value(of: "TMPDIR") ?? "/tmp")/carillon-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw HarnessError(.system, "cannot make a temporary folder: \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Makes a folder, runs `body`, and removes the folder whatever happens.
  ///
  /// With `CARILLON_KEEP` set it stays, for a look at what went wrong.
  public static func with<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
    let folder = try TemporaryFolder()
    defer {
      if Programs.value(of: "CARILLON_KEEP") == nil { try? FileManager.default.removeItem(atPath: folder.path) }
    }
    return try await body(folder)
  }

  /// Writes a file in it.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  /// What a file in it holds; empty when it is not there.
  public func read(_ name: String) -> String {
    FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
