import Foundation
import Testing

/// A Postfix of this process's own, made by `deploy/mail.sh`, which installs it where it is missing, and gone with the process.
final class Postfix: Sendable {
  static let shared = Result { try Postfix() }

  private let facts: [String: String]

  private init() throws {
    let root = Tools.folder.deletingLastPathComponent().deletingLastPathComponent()
    let script = root.appendingPathComponent("deploy/mail.sh").path
    let folder = Tools.temporaryFile("postfix").path
    let pid = String(ProcessInfo.processInfo.processIdentifier)
    let output = try Tools.run(["bash", script, "start", folder, "--while", pid])
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
    let pairs = lines.map { $0.split(separator: " ", maxSplits: 1).map(String.init) }.filter { $0.count == 2 }
    facts = Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
  }

  func fact(_ name: String) throws -> String { try #require(facts[name], "deploy/mail.sh says no \(name)") }

  func password() throws -> String {
    try String(contentsOfFile: fact("password"), encoding: .utf8).trimmingCharacters(in: .newlines)
  }

  /// What Postfix wrote of it.
  func log(of id: String) throws -> [String] {
    try String(contentsOfFile: fact("log"), encoding: .utf8).split(separator: "\n").map(String.init)
      .filter { $0.contains(id) }
  }

  /// Waits until a mail with that in its header is in the mailbox; nil after a minute.
  func mail(with text: String) throws -> [UInt8]? {
    let folder = URL(fileURLWithPath: try fact("mailboxes") + "/all/new")
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date.now < deadline {
      // The folder comes with the first mail.
      let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
      for file in files {
        let content = try Data(contentsOf: file)
        if content.range(of: Data(text.utf8)) != nil { return Array(content) }
      }
      usleep(20_000)
    }
    return nil
  }

  /// A sink for one of its ports.
  func sink(_ port: String, _ more: String = "", _ host: RecordingHost? = nil) throws -> PostfixSink {
    let host = try host ?? RecordingHost(secrets: ["env:P": password()])
    let tls =
      switch port {
      case "relay": #""tls": "none""#
      case "smtps": #""tls": "implicit", "username": "bells", "password": "env:P""#
      default: #""username": "bells", "password": "env:P""#
      }
    let authority = try fact("authority")
    let server = #""host": "127.0.0.1", "port": \#(try fact(port)), "ca_file": "\#(authority)""#
    let sink = try EmailSinkMaker.make(
      #"{\#(server), "from": "Carillon <bells@example.org>", "max_connections": 1, \#(tls)\#(more)}"#, host)
    return PostfixSink(sink: sink, host: host)
  }
}
