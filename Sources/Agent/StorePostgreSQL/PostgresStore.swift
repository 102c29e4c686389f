public import EventModel
public import Store
public import StoreSQL

/// The store of a fleet: a PostgreSQL database, 15 or later, that several agents share.
///
/// What a verb answers is durable: `synchronous_commit` is left on, and a COMMIT whose answer was lost is settled by asking
/// what became of it. The hot path only ever inserts events and receipts; of buckets each is updated twice.
public final class PostgresStore: SQLStore {
  /// How a store is opened.
  public struct Options: Sendable {
    /// The database, as libpq reads it: `postgresql://user@host/database?sslmode=verify-full`, or keywords. A pooler may
    /// stand before it.
    public var url: String
    /// The same database without a pooler: for migrations, partitions and LISTEN. Nil: `url` is direct.
    public var directURL: String?
    /// A standby for lists, history and statistics, which may lag. Nil: they are read from `url`.
    public var replicaURL: String?
    /// Whether statements are prepared by name; false behind a pooler in transaction mode that does not know them, such
    /// as pgbouncer before 1.21.
    public var prepares: Bool
    /// Connections for everything but leases, receipts and what people ask to see, which have their own; 1 to 64.
    public var connections: Int
    /// How far ahead partitions are made: the planner's horizon and two days at least.
    public var partitionsAhead: TimeSpan
    /// The name of the agent that uses the store: its audit records form one chain.
    public var agent: String
    /// Opens a store too whose content went to another one: see `MovedMark`.
    package var opensMoved = false

    /// Makes options.
    public init(
      url: String, directURL: String? = nil, replicaURL: String? = nil, prepares: Bool = true, connections: Int = 4,
      partitionsAhead: TimeSpan = .seconds(3 * 86_400), agent: String = standardAgent
    ) {
      self.url = url
      self.directURL = directURL
      self.replicaURL = replicaURL
      self.prepares = prepares
      self.connections = connections
      self.partitionsAhead = partitionsAhead
      self.agent = agent
    }

    /// Whose chain audit records stand in that no named agent writes.
    public static let standardAgent = "agent"
  }

  let options: Options
  let dialect: PostgresDialect
  let partitions: Partitions
  /// Wakes the others.
  let bell: Bell
  /// Where this process listens; nil where a pooler would forget that it does.
  let listening: PostgresConfiguration?
  let listeners = Listeners()
  private let pools: Pools
  /// For what cannot be done in a transaction, or through a pooler.
  var direct: PostgresPool { pools.direct }

  /// The connections, by what they are for: a renewal never waits for a claim, nor a receipt for a listing, nor a person
  /// for the pipeline's commits.
  private struct Pools: Sendable {
    var lease: PostgresPool
    var record: PostgresPool
    var common: PostgresPool
    /// For what may lag, where no replica answers.
    var people: PostgresPool
    var replica: PostgresPool?
    var direct: PostgresPool

    var all: [PostgresPool] { [lease, record, common, people, direct] + (replica.map { [$0] } ?? []) }
  }

  /// Two: a long listing does not hold up a short look.
  private static let peopleConnections = 2

  /// Opens the store, making or migrating its tables as needed.
  /// - Throws: `.unavailable` when the database cannot be reached or does not take writes, `.failedPrecondition` when it is
  ///   too old or the role lacks a right, `.corrupt` when its tables are of a newer version that this program cannot work
  ///   with, `.invalid` when a URL cannot be read.
  public static func open(_ options: Options) async throws(StoreError) -> PostgresStore {
    let settled = SettledCache()
    let days = PartitionDays()
    let dialect = PostgresDialect(settled: settled, days: days, chain: options.agent)
    let pools = try Self.pools(options)
    let partitions = Partitions(pool: pools.direct, days: days, ahead: options.partitionsAhead)
    let store = PostgresStore(options: options, dialect: dialect, partitions: partitions, pools: pools)
    do throws(StoreError) {
      try await Migrations.run(pools.direct, dialect)
      if !options.opensMoved { try await store.read(.fresh) { try $0.refuseMoved() } }
      try await partitions.makeAhead(now: try await store.clock())
      return store
    } catch {
      await store.close()
      throw error
    }
  }

  private init(options: Options, dialect: PostgresDialect, partitions: Partitions, pools: Pools) {
    self.options = options
    self.dialect = dialect
    self.partitions = partitions
    self.pools = pools
    bell = Bell(pools.common)
    listening = options.directURL == nil && !options.prepares ? nil : pools.direct.configuration
  }

  private static func pools(_ options: Options) throws(StoreError) -> Pools {
    func pool(_ url: String, _ connections: Int, isDirect: Bool = false, isReplica: Bool = false) throws(StoreError)
      -> PostgresPool
    {
      var configuration = try PostgresConfiguration(url: url)
      configuration.translate = CommonSQL.postgres
      configuration.prepare = isDirect || options.prepares ? .auto : .off
      configuration.role = isReplica ? .replica : .primary
      return PostgresPool(configuration, limits: PostgresPool.Limits(connections: connections))
    }
    let connections = min(max(options.connections, 1), 64)
    var replica: PostgresPool?
    if let url = options.replicaURL { replica = try pool(url, connections, isReplica: true) }
    return Pools(
      lease: try pool(options.url, 1), record: try pool(options.url, 1), common: try pool(options.url, connections),
      people: try pool(options.url, peopleConnections), replica: replica,
      direct: try pool(options.directURL ?? options.url, 1, isDirect: options.directURL != nil))
  }

  /// Connections that somebody uses now.
  var connectionsInUse: Int { pools.all.reduce(0) { $0 + $1.health.busy } }

  /// Finishes what is under way and closes. Calling it again does nothing.
  public func close() async {
    listeners.end()
    for pool in pools.all { await pool.close() }
  }

  /// The database's own clock; the pipeline corrects its clock by it.
  public func clock() async throws(StoreError) -> Timestamp {
    try await pools.lease.run(onlyReads: true) { session in
      let answer = try session.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
      return Timestamp(microseconds: answer.int64(0, 0))
    }
  }

  /// One transaction. After a serialisation failure, a deadlock, or a connection lost before COMMIT it runs again; days
  /// without partitions get theirs, and it runs again.
  public func write<Value: Sendable>(
    _ priority: WritePriority, rows: Int, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    let pool = pool(priority)
    let dialect = self.dialect
    var options = TransactionOptions.writing
    options.access = priority == .claim ? .mayWrite : .writes
    var tries = 0
    while true {
      do throws(StoreError) {
        // What leaves no mark comes to the same when it is run twice: a lease is renewed, buckets are given back.
        return try await pool.transaction(options, evidence: Settlement.mayRunAgain) {
          try body(Session(PostgresDatabase($0, dialect)))
        }
      } catch {
        tries += 1
        guard tries <= Self.repetitions else { throw error }
        if let missing = error.cause as? PartitionDays.Missing {
          try await partitions.make(missing.days)
        } else if error.postgres?.state == PostgresError.checkViolation {
          // Another agent dropped a day that this one knew.
          dialect.days.removeAll()
        } else if error.postgres?.state != PostgresError.uniqueViolation {
          throw error
        }
      }
    }
  }

  /// Runs again that days are missing for, or that met another transaction that made the same thing first: then it sees it.
  private static let repetitions = 3

  private func pool(_ priority: WritePriority) -> PostgresPool {
    switch priority {
    case .lease: pools.lease
    case .record: pools.record
    case .claim, .plan, .change: pools.common
    }
  }

  /// One snapshot. What may lag is read from the replica, if there is one and it answers.
  public func read<Value: Sendable>(
    _ freshness: Freshness, _ body: @escaping @Sendable (Session) throws -> Value
  ) async throws(StoreError) -> Value {
    let dialect = self.dialect
    if freshness == .mayLag, let replica = pools.replica {
      do throws(StoreError) {
        return try await replica.transaction(.snapshot) { try body(Session(PostgresDatabase($0, dialect))) }
      } catch {
        guard error.code == .unavailable else { throw error }
      }
    }
    let pool = freshness == .mayLag ? pools.people : pools.common
    return try await pool.transaction(.snapshot) { try body(Session(PostgresDatabase($0, dialect))) }
  }
}
