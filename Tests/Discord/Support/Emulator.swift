import Foundation
import Synchronization

/// The emulator as a child process, for as long as this lives. `Fixtures/emulator.py` says what it can do.
final class Emulator: Sendable {
  let port: Int
  private let process: Process
  private let input: Pipe
  private let output: Mutex<FileHandle>

  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", folder.appendingPathComponent("Fixtures/emulator.py").path]
    input = Pipe()
    let pipe = Pipe()
    process.standardInput = input
    process.standardOutput = pipe
    try process.run()
    output = Mutex(pipe.fileHandleForReading)
    let line = try output.withLock { try Self.line($0) }
    port = Int(String(decoding: line, as: UTF8.self)) ?? 0
    guard port > 0 else { throw EmulatorError(what: "the emulator printed no port") }
  }

  /// The address of one of its webhooks.
  func webhook(_ id: Int) -> String { "http://127.0.0.1:\(port)/api/webhooks/\(id)/token" }

  /// Makes a webhook behave: `"script": [404]` and so on.
  func set(_ webhook: Int, _ how: String) throws { _ = try order(#"{"set": "\#(webhook)", \#(how)}"#) }

  /// Everything that it took, and every status that it answered.
  func log() throws -> EmulatorLog {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(EmulatorLog.self, from: order(#"{"log": true}"#))
  }

  /// Everything that it took.
  func taken() throws -> [Taken] { try log().taken }

  private func order(_ line: String) throws -> Data {
    try output.withLock { output in
      try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
      return try Self.line(output)
    }
  }

  private static func line(_ output: FileHandle) throws -> Data {
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let more = output.availableData
      guard !more.isEmpty else { throw EmulatorError(what: "the emulator ended") }
      line += more
    }
    return line.dropLast()
  }

  // The end of its input ends the emulator.
  deinit { try? input.fileHandleForWriting.close() }
}

struct EmulatorError: Error { let what: String }

struct EmulatorLog: Decodable {
  var taken: [Taken]
  var statuses: [Int]
}

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
