import Foundation
import Synchronization
import Testing

/// A PostgreSQL with pgbouncer and a standby, started by `deploy/postgres.sh` and gone with this process.
struct Cluster: Sendable {
  let folder: String
  let primary: String
  let pgbouncer: String
  let replica: String

  /// The one that tests share. Those that stop or break a server start their own.
  static let shared = Task { try await start(["--pgbouncer", "--replica", "--set", "max_connections=150"]) }

  static func start(_ options: [String]) async throws -> Cluster {
    let started = Mutex<Result<Cluster, any Error>?>(nil)
    await Threads.run { started.withLock { $0 = Result { try startNow(options) } } }
    return try #require(try started.withLock { $0 }?.get())
  }

  private static func startNow(_ options: [String]) throws -> Cluster {
    let folder = "/tmp/carillon-engine-\(UInt32.random(in: 0 ... .max))"
    let watched = "\(ProcessInfo.processInfo.processIdentifier)"
    let lines = try script(["start", folder, "--while", watched] + options)
    var urls: [String: String] = [:]
    for line in lines.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if words.count == 2 { urls[words[0]] = words[1] }
    }
    return Cluster(
      folder: folder, primary: urls["primary"] ?? "", pgbouncer: urls["pgbouncer"] ?? "", replica: urls["replica"] ?? ""
    )
  }

  /// Statements of the superuser.
  @discardableResult
  func superuser(_ sql: String) throws -> String { try Self.script(["psql", folder, "primary", "-Atc", sql]) }

  /// The same on one of the servers.
  @discardableResult
  func superuser(on server: String, _ sql: String) throws -> String {
    try Self.script(["psql", folder, server, "-Atc", sql])
  }

  func restart(_ how: String = "fast") throws { try Self.script(["restart", folder, how]) }

  func stop() throws { try Self.script(["stop", folder]) }

  func startAgain() throws { try Self.script(["start", folder]) }

  func remove() throws { try Self.script(["remove", folder]) }

  struct ScriptError: Error {
    let words: [String]
    let output: String
  }

  @discardableResult
  private static func script(_ words: [String]) throws -> String {
    var root = URL(filePath: #filePath)
    while root.pathComponents.count > 1, !FileManager.default.fileExists(atPath: root.path + "/deploy/postgres.sh") {
      root.deleteLastPathComponent()
    }
    let output = "/tmp/carillon-engine-\(UUID().uuidString)"
    defer { unlink(output) }
    let status = try run(["/bin/bash", root.appending(path: "deploy/postgres.sh").path] + words, output)
    let text = String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
    guard status == 0 else { throw ScriptError(words: words, output: text) }
    return text
  }

  /// Not Foundation's `Process`: that waits until the servers, too, have closed what they inherited.
  private static func run(_ words: [String], _ output: String) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let code = posix_spawn(&process, words[0], &actions, nil, arguments, environ)
    guard code == 0 else { throw ScriptError(words: words, output: String(cString: strerror(code))) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw ScriptError(words: words, output: String(cString: strerror(errno))) }
    }
    return status
  }
}
