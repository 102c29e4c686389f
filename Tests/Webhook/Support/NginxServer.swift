import Foundation
import Glibc
import HTTPTransport

/// A real nginx on loopback, speaking TLS with a certificate of its own for 127.0.0.1, that answers 204.
final class NginxServer {
  let port: UInt16
  let folder: URL
  private let process: Process

  var certificateFile: String { folder.appendingPathComponent("certificate.pem").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nginx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = try Self.freePort()
    try Self.run([
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
      "subjectAltName=IP:127.0.0.1", "-keyout", folder.appendingPathComponent("key.pem").path, "-out",
      folder.appendingPathComponent("certificate.pem").path,
    ])
    let file = folder.appendingPathComponent("nginx.conf")
    try Self.configuration(port, folder.path).write(to: file, atomically: true, encoding: .utf8)
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // On Debian nginx is in /usr/sbin, which is not on every user's path.
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    process.arguments = ["nginx", "-p", folder.path, "-c", file.path, "-e", "stderr"]
    try process.run()
    try waitUntilListening()
  }

  deinit {
    // Not SIGTERM: a child inherits the signal mask of the thread that starts it, and a test's thread blocks that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  /// nginx says nothing when it is ready: it is ready when the port takes connections.
  private func waitUntilListening() throws {
    let probe = try TransportClient()
    let deadline = ContinuousClock.now + .seconds(30)
    while process.isRunning, ContinuousClock.now < deadline {
      guard case .failure(let failure) = try probe.send("https://127.0.0.1:\(port)/"), failure.reason == .connect
      else { return }
    }
    throw ServerError(what: "nginx does not listen; `deploy/setup.sh --tests` installs it")
  }

  private static func configuration(_ port: UInt16, _ folder: String) -> String {
    """
    daemon off; master_process off; pid \(folder)/pid;
    events { worker_connections 1024; }
    http {
      access_log off;
      client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/fastcgi;
      uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
      server {
        listen 127.0.0.1:\(port) ssl http2;
        ssl_certificate \(folder)/certificate.pem; ssl_certificate_key \(folder)/key.pem;
        # By way of a proxy, so that the body is read first: otherwise nginx may reset the stream right after its
        # answer, on which libcurl 7.88 drops the answer.
        location / { proxy_pass http://unix:\(folder)/up; }
      }
      server { listen unix:\(folder)/up; location / { return 204; } }
    }
    """
  }

  private static func run(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ServerError(what: "\(arguments[0]) failed") }
  }

  private static func freePort() throws -> UInt16 { try LoopbackServer(status: 204).port }
}
