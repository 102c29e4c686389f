import Foundation

/// The servers of `hostile_h2.py`, with a certificate for 127.0.0.1.
final class HostileHTTP2 {
  let certificateFile: String
  /// Ports by behaviour.
  let ports: [String: UInt16]
  private let folder: URL
  private let process = Process()
  private let input = Pipe()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("h2-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    certificateFile = folder.appendingPathComponent("certificate.pem").path
    let key = folder.appendingPathComponent("key.pem").path
    try NginxServer.makeCertificate(certificateFile, key)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      Verifier.python, DocumentedPage.root.appendingPathComponent("Tests/Webhook/hostile_h2.py").path, certificateFile,
      key,
    ]
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var text = ""
    while !text.hasSuffix("ready\n") {
      let piece = output.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw ServerError(what: "hostile_h2.py ended: \(text)") }
      text += String(decoding: piece, as: UTF8.self)
    }
    var ports: [String: UInt16] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { ports[String(words[0])] = UInt16(words[1]) }
    }
    self.ports = ports
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }
}
