import EventModel
import Store
import StoreSQL

/// Brings the database to the tables that this program knows, version after version, forward only.
///
/// Several agents may start at once: one does it, under a lock, and the others find it done. Each version says from which
/// version on programs can work beside it, so that agents of the version before go on during a rolling upgrade.
enum Migrations {
  struct Version {
    /// Counts from 1.
    var number: Int64
    /// The oldest program, by the version that it knows, that can work with the tables after it.
    var compatibleFrom: Int64
    var statements: [String]
    /// What the tables begin with.
    var seed: @Sendable (Session) throws -> Void = { _ in }
  }

  static let all = [
    Version(number: 1, compatibleFrom: 1, statements: Version1.statements + [Seed.tables], seed: Seed.rows),
    Version(number: 2, compatibleFrom: 1, statements: Version2.statements),
    Version(number: 3, compatibleFrom: 3, statements: Version3.statements),
    Version(
      number: 4, compatibleFrom: 4, statements: Version4.statements, seed: { try $0.chainEarlierRecords() }),
  ]

  /// The version that this program knows.
  static var newest: Int64 { all.last?.number ?? 0 }

  /// Held for the time of a migration. See `PostgresDialect.AdvisoryLock` for the first number.
  static let lock = "1130459753, 3"

  static func run(_ pool: PostgresPool, _ dialect: PostgresDialect, upTo limit: Int64 = newest) async throws(StoreError)
  {
    var options = TransactionOptions.writing
    options.statementTimeoutMilliseconds = 600_000
    options.lockTimeoutMilliseconds = 60_000
    options.idleTimeoutMilliseconds = 60_000
    // An agent that finds all done takes no lock on the tables of the others.
    if let present = try await pool.run(onlyReads: true, { try version($0) }), present.number >= limit {
      return try check(present)
    }
    try await pool.transaction(options, evidence: Settlement.mayRunAgain) { session in
      try session.execute("SELECT 1 FROM pg_advisory_xact_lock(\(lock))")
      let present = try version(session)
      if let present { try check(present) }
      for version in all where version.number > present?.number ?? 0 && version.number <= limit {
        for statement in version.statements { _ = try session.simple(statement) }
        try version.seed(Session(PostgresDatabase(session, dialect)))
        try session.execute(
          """
          INSERT INTO schema_version (version, compatible_from, applied_at) VALUES ($1, $2, clock_timestamp())
          """, [.int64(version.number), .int64(version.compatibleFrom)])
      }
    }
  }

  struct Present {
    var number: Int64
    var compatibleFrom: Int64
  }

  /// nil when there are no tables yet.
  ///
  /// A connection remembers that a name meant nothing, and `to_regclass` takes no lock, at which it would hear of what
  /// others have made since. Reading the catalog takes one: without it an agent that waited while another made the tables
  /// would make them again.
  static func version(_ session: PostgresSession) throws -> Present? {
    let table = try session.execute("SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_version')")
    guard table.int64(0, 0) != 0 else { return nil }
    let newest = try session.execute(
      "SELECT version, compatible_from FROM schema_version ORDER BY version DESC LIMIT 1")
    return newest.rows == 0 ? nil : Present(number: newest.int64(0, 0), compatibleFrom: newest.int64(0, 1))
  }

  private static func check(_ present: Present) throws(StoreError) {
    guard present.compatibleFrom <= newest else {
      throw StoreError(
        .corrupt,
        "the database's tables are of version \(present.number), which needs a newer program; this one knows version \(newest)"
      )
    }
  }
}

/// What a new store begins with.
enum Seed {
  static let tables = """
    CREATE TABLE schema_version (
      version bigint PRIMARY KEY, compatible_from bigint NOT NULL, applied_at timestamptz NOT NULL
    );
    """

  static func rows(_ session: Session) throws {
    for queue in Queue.standard { try session.insertQueue(queue) }
    try session.setCounter(.queueRevision, 1)
    try session.setCounter(.routingRevision, 1)
    // See `ScheduleNumber`: 1 ... 2³¹ - 1 of 2³², so that every number stays positive.
    let base = Int64.random(in: 1...0x7fff_fffe) << 32
    _ = try session.postgres.simple("ALTER TABLE schedule ALTER COLUMN number RESTART WITH \(base + 1)")
  }
}
