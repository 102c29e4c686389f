import Glibc

/// A PostgreSQL of a run's own, made by `deploy/postgres.sh`: durable as in production, with a role that is no superuser.
///
/// It ends with this process, even when the process is killed.
public struct PostgresServer: Sendable {
  /// One of the servers that stand together.
  public enum Member: String, Sendable {
    /// Takes reads and writes.
    case primary
    /// Streams from the primary, and only reads.
    case replica
    /// pgbouncer in transaction mode, before the primary.
    case pgbouncer
  }

  /// What to start beside the primary, and how.
  public struct Options: Sendable {
    /// Start pgbouncer too.
    public var pgbouncer: Bool
    /// Start a hot standby too.
    public var replica: Bool
    /// Memory and WAL for measuring.
    public var bench: Bool
    /// Settings for `postgresql.conf`, such as `max_connections: 7`.
    public var settings: [String: String]

    /// Makes options.
    public init(
      pgbouncer: Bool = false, replica: Bool = false, bench: Bool = false, settings: [String: String] = [:]
    ) {
      self.pgbouncer = pgbouncer
      self.replica = replica
      self.bench = bench
      self.settings = settings
    }

    fileprivate var arguments: [String] {
      (pgbouncer ? ["--pgbouncer"] : []) + (replica ? ["--replica"] : []) + (bench ? ["--bench"] : [])
        + settings.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
    }
  }

  /// The folder that holds its data, its logs and its Unix sockets.
  public let folder: String
  private let urls: [String: String]

  /// The script that makes and runs it.
  public static let script = "\(Programs.repository)/deploy/postgres.sh"

  /// Starts one in a folder of its own, runs `body`, and removes it whatever happens.
  public static func with<Result>(
    _ options: Options = Options(), _ body: (PostgresServer) async throws -> Result
  ) async throws -> Result {
    let server = try await start(in: TemporaryFolder().path, options)
    do {
      let result = try await body(server)
      try await server.end()
      return result
    } catch {
      try await server.end()
      throw error
    }
  }

  /// One that all tests of this process share, with pgbouncer and a standby; take a `freshDatabase` in it.
  public static func shared() async throws -> PostgresServer { try await sharedStart.value }

  private static let sharedStart = Task {
    try await start(in: TemporaryFolder().path, Options(pgbouncer: true, replica: true))
  }

  private static func start(in folder: String, _ options: Options) async throws -> PostgresServer {
    let lines = try await tell("start", folder, options.arguments + ["--while", "\(getpid())"])
    let pairs = lines.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    return PostgresServer(
      folder: folder, urls: Dictionary(pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 })
  }

  private static let limit = Duration.seconds(180)

  private static func tell(_ verb: String, _ folder: String, _ arguments: [String] = []) async throws -> String {
    try await Tool.output(script, [verb, folder] + arguments, limit: limit)
  }

  /// A task of its own, since a cancelled one would kill the script in its midst.
  private func end() async throws {
    let verb = Programs.value(of: "CARILLON_KEEP") == nil ? "remove" : "stop"
    _ = try await Task { [folder] in try await Self.tell(verb, folder) }.value
  }

  /// The address of one of the servers, for the role `carillon`.
  /// - Throws: `.missing` when that server was not asked for.
  public func url(_ member: Member = .primary, database: String = "carillon") throws(HarnessError) -> String {
    guard let url = urls[member.rawValue] else {
      throw HarnessError(.missing, "this PostgreSQL was started without \(member.rawValue)")
    }
    return url.split(separator: "/").dropLast().joined(separator: "/").replacing("postgresql:/", with: "postgresql://")
      + "/\(database)"
  }

  /// The port of one of the servers on 127.0.0.1.
  public func port(_ member: Member = .primary) throws(HarnessError) -> Int {
    guard let port = try url(member).split(separator: ":").last?.split(separator: "/").first.flatMap({ Int($0) })
    else { throw HarnessError(.failed, "the URL of \(member.rawValue) has no port") }
    return port
  }

  /// Makes an empty database that the role `carillon` owns, and answers its name.
  public func freshDatabase() async throws -> String {
    let name = "test_\(UInt64.random(in: 0...UInt64.max))"
    _ = try await query("CREATE DATABASE \(name) OWNER carillon", database: "postgres")
    return name
  }

  /// Runs SQL as superuser: one line a row, columns parted by `|`. Of pgbouncer it asks the console.
  public func query(
    _ sql: String, on member: Member = .primary, database: String = "carillon"
  ) async throws -> String {
    let database = member == .pgbouncer ? [] : ["-d", database]
    return try await Self.tell(
      "psql", folder, [member.rawValue, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql] + database
    ).trimmingSuffix { $0.isNewline }
  }

  /// Stops the primary and starts it again; `immediate` is a crash, with recovery from the WAL.
  public func restart(immediate: Bool = false) async throws {
    _ = try await Self.tell("restart", folder, immediate ? ["immediate"] : [])
  }

  /// Stops every server; the data stay.
  public func stop(immediate: Bool = false) async throws {
    _ = try await Self.tell("stop", folder, immediate ? ["immediate"] : [])
  }

  /// Starts what `stop` stopped, on the same ports.
  public func start() async throws {
    _ = try await Self.tell("start", folder, ["--while", "\(getpid())"])
  }
}

extension String {
  fileprivate func trimmingSuffix(while holds: (Character) -> Bool) -> String {
    var text = self[...]
    while let last = text.last, holds(last) { text.removeLast() }
    return String(text)
  }
}
