import Foundation

/// Runs `verify.py`: the independent verifier from PyPI.
enum Verifier {
  /// One answer for each case.
  static func verify(_ cases: [[String: String]]) throws -> [String] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let lines = try cases.map { try JSONEncoder().encode($0) }.reduce(into: Data()) { $0 += $1 + [0x0A] }
    let input = FileManager.default.temporaryDirectory.appendingPathComponent("webhooks-\(UUID().uuidString)")
    try lines.write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      python, folder.appendingPathComponent("verify.py").path,
    ]
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let problem = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ServerError(
        what: "verify.py failed; `deploy/setup.sh --tests` installs what it needs: \(problem.suffix(600))")
    }
    return text.split(separator: "\n").map(String.init)
  }

  /// The interpreter with the oracles' modules.
  static var python: String {
    if let given = ProcessInfo.processInfo.environment["CARILLON_PYTHON"] { return given }
    let own = DocumentedPage.root.appendingPathComponent(".build/venv/bin/python3").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }
}
