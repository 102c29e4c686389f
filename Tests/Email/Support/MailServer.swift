import Foundation
import Glibc

/// A mail as the server got it.
struct ReceivedMail: Sendable, Hashable {
  var sender: String
  var recipients: [String]
  var options: [String]
  var content: [UInt8]
  var isSecured: Bool
  var user: String
}

/// A server as a child process: `smtp_server.py` is a real SMTP server, `hostile_server.py` one of raw sockets.
final class MailServer {
  /// What `smtp_server.py` is to be.
  struct Script: Encodable {
    var tls = "none"
    var username: String?
    var password: String?
    var mechanisms: [String]?
    /// What AUTH XOAUTH2 takes.
    var token: String?
    var smtputf8 = false
    /// By stage: what is said each time instead of what the server would say.
    var replies: [String: [String?]] = [:]
    var certificate = ""
    var key = ""
  }

  /// What `hostile_server.py` is to do: for each connection verbs with their argument, as it describes them.
  struct Hostility: Encodable {
    var connections: [[[String]]]
    var certificate = ""
    var key = ""
  }

  private struct Line: Decodable {
    var event: String
    var port: Int?
    var name: String?
    var line: String?
    var sender: String?
    var recipients: [String]?
    var options: [String]?
    var content: Data?
    var secured: Bool?
    var user: String?
  }

  struct Log: Sendable {
    var port = 0
    var connections = 0
    var ends = 0
    var commands: [String] = []
    /// What the script of a hostile server did not expect.
    var surprises: [String] = []
    var mails: [ReceivedMail] = []
    var isOver = false
    var turns = 0
    var syncs = 0
  }

  let certificateFile: String
  private let process = Process()
  private var isStarted = false
  private let input = Pipe()
  private let log = Watched(Log())

  var port: Int { log.current.port }
  var mails: [ReceivedMail] { current.mails }
  var connections: Int { current.connections }
  /// Such as `MAIL FROM:<a@b.example>`; a hostile server puts the connection's number before.
  var commands: [String] { current.commands }
  /// What a hostile server's script did not expect.
  var surprises: [String] { current.surprises }

  /// All that the server did until now: it tells over a pipe, which may lag behind its answers.
  private var current: Log {
    let turn = log.change { log in
      log.turns += 1
      return log.turns
    }
    try? input.fileHandleForWriting.write(contentsOf: Data("\(turn)\n".utf8))
    _ = log.wait { $0.syncs >= turn || $0.isOver }
    return log.current
  }

  /// Lets a hostile server go on behind its `pause`.
  func pass(_ name: String) throws { try input.fileHandleForWriting.write(contentsOf: Data("\(name)\n".utf8)) }

  /// Blocks until it is so; false after a minute.
  func wait(until isSo: (Log) -> Bool) -> Bool { log.wait { isSo($0) } }

  convenience init(_ script: Script = Script()) throws {
    var script = script
    script.certificate = try Certificate.shared.get().certificateFile
    script.key = try Certificate.shared.get().keyFile
    try self.init("smtp_server.py", script)
  }

  convenience init(hostile connections: [[[String]]]) throws {
    let certificate = try Certificate.shared.get()
    try self.init(
      "hostile_server.py",
      Hostility(connections: connections, certificate: certificate.certificateFile, key: certificate.keyFile))
  }

  private init(_ program: String, _ script: some Encodable) throws {
    certificateFile = try Certificate.shared.get().certificateFile
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      Tools.python, Tools.folder.appendingPathComponent(program).path,
      String(decoding: try JSONEncoder().encode(script), as: UTF8.self),
    ]
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    isStarted = true
    let log = log
    let handle = output.fileHandleForReading
    Thread { Self.read(handle, into: log) }.start()
    guard log.wait(until: { $0.port > 0 || $0.isOver }), port > 0 else {
      throw ToolError(what: "\(program) does not listen; `deploy/setup.sh --tests` installs what it needs")
    }
  }

  deinit {
    // Without a process its number is 0, which means this process and all that it started.
    guard isStarted else { return }
    // Not SIGTERM: a child inherits the signal mask of the thread that starts it, and a test's thread blocks that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static func read(_ handle: FileHandle, into log: Watched<Log>) {
    var start = Data()
    while true {
      let piece = handle.availableData
      guard !piece.isEmpty else { break }
      // Only the new piece is searched: a line may have megabytes.
      var lines = piece.split(separator: 0x0A, omittingEmptySubsequences: false)
      lines[0] = start + lines[0]
      start = Data(lines.removeLast())
      for line in lines {
        guard let event = try? JSONDecoder().decode(Line.self, from: line) else { continue }
        log.change { note(event, in: &$0) }
      }
    }
    log.change { $0.isOver = true }
  }

  private static func note(_ line: Line, in log: inout Log) {
    switch line.event {
    case "ready": log.port = line.port ?? 0
    case "sync": log.syncs = max(log.syncs, line.port ?? 0)
    case "connect": log.connections += 1
    case "end": log.ends += 1
    case "command": log.commands.append("\(line.name ?? "") \(line.line ?? "")")
    case "wrong": log.surprises.append(line.line ?? "")
    case "mail":
      log.mails.append(
        ReceivedMail(
          sender: line.sender ?? "", recipients: line.recipients ?? [], options: line.options ?? [],
          content: Array(line.content ?? Data()), isSecured: line.secured ?? false, user: line.user ?? ""))
    default: break
    }
  }
}
