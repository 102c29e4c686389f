import Foundation
import Subprocess
import SystemPackage

/// A proxy on loopback before PostgreSQL or pgbouncer that spoils connections on command.
///
/// What each command does stands at the head of `Fixtures/CuttingProxy/cutting_proxy.py`.
public struct CuttingProxy: Sendable {
  /// What the proxy says of itself after each command.
  public struct Status: Decodable, Sendable {
    /// Where it listens.
    public var port: Int
    /// Open connections.
    public var connections: Int
    /// Messages that clients sent since something was armed last.
    public var messages: Int
    /// Nothing passes.
    public var frozen: Bool
    /// New connections are reset.
    public var refusing: Bool
    /// What the last arming did, once it has.
    public var fired: Fired?
  }

  /// How a connection was spoilt.
  public struct Fired: Decodable, Equatable, Sendable {
    /// The SQL that the message ran; `SYNC` of a Sync.
    public var sql: String?
    /// The kind of message that was not forwarded: its letter in the protocol, or `start-up`.
    public var before: String?
    /// The command tag of the answer that was dropped, such as `COMMIT`, or `error CODE`.
    public var answer: String?
  }

  /// Where it listens, on 127.0.0.1.
  public let port: Int
  private let socket: String

  private static let script = "\(Programs.repository)/Tests/AgentHarness/Fixtures/CuttingProxy/cutting_proxy.py"

  /// Starts one before a port of 127.0.0.1, runs `body`, and stops it.
  public static func with<Result: Sendable>(
    to target: Int, _ body: @Sendable (CuttingProxy) async throws -> Result
  ) async throws -> Result {
    try await TemporaryFolder.with { folder in
      let proxy = CuttingProxy(port: try LoopbackPort.free(), socket: "\(folder.path)/control")
      let log = try FileDescriptor.open(
        FilePath("\(folder.path)/proxy.log"), .writeOnly, options: [.create, .append],
        permissions: [.ownerRead, .ownerWrite])
      var options = PlatformOptions()
      options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .seconds(1))]
      let outcome = try await Subprocess.run(
        .path(FilePath(Programs.python)),
        arguments: [
          "-B", script, "run", "--to", "\(target)", "--listen", "\(proxy.port)", "--control", proxy.socket,
          "--while", "\(getpid())",
        ],
        platformOptions: options, input: .none, output: .discarded,
        error: .fileDescriptor(log, closeAfterSpawningProcess: true)
      ) { execution in
        try await proxy.waitUntilUp(folder)
        let result = try await body(proxy)
        try execution.send(signal: .kill)
        return result
      }
      return outcome.closureResult
    }
  }

  /// A server's URL with the proxy's port in place of its own.
  public func url(of url: String) -> String {
    url.replacing(#/:[0-9]+\//#, with: ":\(port)/")
  }

  /// What it says of itself.
  public func status() async throws -> Status { try await tell("status") }

  /// Resets every connection; new ones are taken.
  @discardableResult
  public func cut() async throws -> Status { try await tell("cut") }

  /// Resets every connection, and each new one until `heal`.
  @discardableResult
  public func refuse() async throws -> Status { try await tell("refuse") }

  /// Lets nothing pass until `heal`: neither bytes nor the end of a connection.
  @discardableResult
  public func freeze() async throws -> Status { try await tell("freeze") }

  /// Ends `refuse` and `freeze`, and disarms.
  @discardableResult
  public func heal() async throws -> Status { try await tell("heal") }

  /// Cuts one connection just before the `count`th message that any client sends from now on.
  @discardableResult
  public func cut(beforeMessage count: Int) async throws -> Status {
    try await tell("cut-after-client-message \(count)")
  }

  /// Cuts one connection just before SQL runs that begins with `statement`.
  @discardableResult
  public func cut(before statement: String) async throws -> Status { try await tell("cut-before \(statement)") }

  /// Lets `statement` be done, drops its answer and cuts the client: `COMMIT`, any SQL's first words, or `SYNC`.
  @discardableResult
  public func dropAnswer(of statement: String) async throws -> Status { try await tell("drop-answer-of \(statement)") }

  /// Waits until what was armed has happened.
  @discardableResult
  public func waitUntilFired(within limit: Duration = .seconds(30)) async throws -> Fired {
    try await eventually("what the proxy was told to do", within: limit) { try await status().fired }
  }

  private func waitUntilUp(_ folder: TemporaryFolder) async throws {
    do {
      try await eventually("the proxy answers", within: .seconds(20)) { try? await status() }
    } catch {
      throw HarnessError(.failed, "the proxy did not start: \(folder.read("proxy.log").suffix(1_000))", cause: error)
    }
  }

  private func tell(_ command: String) async throws -> Status {
    let answer = try await UnixSocket.ask(socket, command)
    do {
      return try JSONDecoder().decode(Status.self, from: Data(answer.utf8))
    } catch {
      throw HarnessError(.failed, "the proxy answered \(command) with \(answer)", cause: error)
    }
  }
}
