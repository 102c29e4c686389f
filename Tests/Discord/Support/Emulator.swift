import Foundation

/// The emulator as a child process, for as long as this lives.
final class Emulator: Sendable {
  let port: Int
  private let process: Process
  private let input: Pipe

  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", folder.appendingPathComponent("Fixtures/emulator.py").path]
    input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = Int(line.prefix { $0.isNumber }) ?? 0
    guard port > 0 else { throw EmulatorError(what: "the emulator printed no port: \(line)") }
  }

  /// The address of one of its webhooks.
  func webhook(_ id: Int) -> String { "http://127.0.0.1:\(port)/api/webhooks/\(id)/token" }

  /// Everything that it took.
  func taken() throws -> [Taken] {
    guard let url = URL(string: "http://127.0.0.1:\(port)/log") else { throw EmulatorError(what: "no URL") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sys,urllib.request as u;print(u.urlopen(sys.argv[1]).read().decode())",
      url.absoluteString,
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([Taken].self, from: output.fileHandleForReading.readDataToEndOfFile())
  }

  // The end of its input ends the emulator.
  deinit { try? input.fileHandleForWriting.close() }
}

struct EmulatorError: Error { let what: String }

/// A message as the emulator took it.
struct Taken: Decodable {
  struct Message: Decodable {
    struct Embed: Decodable {
      var title: String?
      var description: String?
      var timestamp: String?
      var color: Int?
    }
    var content: String?
    var username: String?
    var embeds: [Embed]?
    var threadName: String?
    var allowedMentions: Mentions
  }
  struct Mentions: Decodable {
    var parse: [String]
    var users: [String]?
    var roles: [String]?
  }
  var webhook: String
  var thread: String?
  var message: Message
}
