import Foundation
import Glibc

struct ToolError: Error { let what: String }

/// Programs that the tests need beside themselves.
enum Tools {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  static var python: String {
    if let given = ProcessInfo.processInfo.environment["CARILLON_PYTHON"] { return given }
    let own = folder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(".build/venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }

  static func temporaryFile(_ name: String) -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("carillon-email-\(UUID().uuidString)-\(name)")
  }

  /// Runs a program to its end; its output.
  @discardableResult
  static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    let errors = temporaryFile("errors")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let problem = String(decoding: (try? Data(contentsOf: errors)) ?? Data(), as: UTF8.self).suffix(600)
      throw ToolError(what: "\(arguments[0]) failed; `deploy/setup.sh --tests` installs what it needs: \(problem)")
    }
    return data
  }
}

/// A certificate of its own for 127.0.0.1 and localhost, made once.
final class Certificate: Sendable {
  static let shared = Result { try Certificate() }

  let certificateFile: String
  let keyFile: String

  private static let folder = Tools.temporaryFile("certificate")

  private init() throws {
    try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Certificate.folder) }
    certificateFile = Self.folder.appendingPathComponent("certificate.pem").path
    keyFile = Self.folder.appendingPathComponent("key.pem").path
    try Tools.run([
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
      "subjectAltName=IP:127.0.0.1", "-keyout", keyFile, "-out", certificateFile,
    ])
  }
}
