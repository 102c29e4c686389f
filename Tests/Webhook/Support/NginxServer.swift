import Foundation
import Glibc
import HTTPTransport

/// A real nginx on loopback, speaking TLS with a certificate of its own for 127.0.0.1, that answers 204. It offers
/// HTTP/2, and asks for a client certificate where one is made for it.
final class NginxServer {
  /// What a client shows: a certificate that the server trusts, and its key.
  struct Client {
    let certificate: String
    let key: String
    let encryptedKey: String
  }

  /// A line of the log: what the request's header `X-Token` says, on which connection, in which protocol.
  struct LogLine {
    let token: String
    let connection: String
    let version: String

    /// When the connection was taken, and when this request on it was done, both in milliseconds.
    let opened: Int
    let done: Int

    init?(_ line: Substring) {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 5, let done = Double(words[3]), let age = Double(words[4]) else { return nil }
      (token, connection, version) = (words[0], words[1], words[2])
      self.done = Int((done * 1000).rounded())
      opened = self.done - Int((age * 1000).rounded())
    }
  }

  let port: UInt16
  let folder: URL
  private let process: Process

  var certificateFile: String { folder.appendingPathComponent("certificate.pem").path }

  /// The certificate of the client that alone is served; nil when all are.
  let client: Client?

  /// The requests with a token that it has served so far. It writes a line after the answer has left, so whoever has
  /// the answer may be sooner.
  private var served: [LogLine] {
    let text = try? String(contentsOf: folder.appendingPathComponent("access.log"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").compactMap(LogLine.init).filter { $0.token != "-" }
  }

  /// What it has served, once that is as many requests as have been answered (or as many as it told of in time).
  func log(of count: Int) -> [LogLine] {
    let deadline = ContinuousClock.now + .seconds(30)
    while served.count < count, ContinuousClock.now < deadline { sched_yield() }
    return served
  }

  /// - Parameter settings: more lines for the server.
  init(asksForCertificate: Bool = false, settings: String = "") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nginx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    port = try Self.freePort()
    try Self.makeCertificate(
      folder.appendingPathComponent("certificate.pem").path, folder.appendingPathComponent("key.pem").path)
    client = asksForCertificate ? try Self.makeClient(folder) : nil
    let verification =
      client.map { "ssl_client_certificate \($0.certificate); ssl_verify_client on;" } ?? ""
    let file = folder.appendingPathComponent("nginx.conf")
    try Self.configuration(port, folder.path, verification + settings).write(
      to: file, atomically: true, encoding: .utf8)
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

  /// A certificate for 127.0.0.1 that is its own authority.
  static func makeCertificate(_ certificate: String, _ key: String) throws {
    try run([
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
      "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ])
  }

  private static func makeClient(_ folder: URL) throws -> Client {
    let path = { (name: String) in folder.appendingPathComponent(name).path }
    let client = Client(
      certificate: path("client.pem"), key: path("client-key.pem"), encryptedKey: path("client-encrypted.pem"))
    try run([
      "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=client", "-keyout",
      client.key, "-out", client.certificate,
    ])
    try run([
      "openssl", "rsa", "-aes256", "-passout", "pass:secret", "-in", client.key, "-out", client.encryptedKey,
    ])
    return client
  }

  private static func configuration(_ port: UInt16, _ folder: String, _ settings: String) -> String {
    """
    daemon off; master_process off; pid \(folder)/pid;
    events { worker_connections 1024; }
    http {
      log_format line '$http_x_token $connection $server_protocol $msec $connection_time';
      access_log off;
      client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/fastcgi;
      uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
      server {
        listen 127.0.0.1:\(port) ssl http2;
        ssl_certificate \(folder)/certificate.pem; ssl_certificate_key \(folder)/key.pem;
        # By way of a proxy, so that the body is read first: otherwise nginx may reset the stream right after its
        # answer, on which libcurl 7.88 drops the answer.
        location / { proxy_pass http://unix:\(folder)/up; access_log \(folder)/access.log line; }
        \(settings)
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
