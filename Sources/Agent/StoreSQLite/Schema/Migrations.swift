import EventModel
import GRDB
import Store

/// Brings a file to the tables that this program knows. GRDB keeps the names of the versions that a file has been
/// through, each applied in a transaction.
enum Migrations {
  static func run(_ pool: DatabasePool) throws {
    let migrator = Self.migrator
    guard try !pool.read(migrator.hasBeenSuperseded) else {
      throw StoreError(.corrupt, "the store's file was written by a newer version of this program; it is left as it is")
    }
    try migrator.migrate(pool)
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: Schema.version1)
      try seed(database)
    }
    return migrator
  }

  /// What a new store begins with.
  private static func seed(_ database: Database) throws {
    let session = Session(database)
    for queue in Queue.standard { try session.insertQueue(queue) }
    try session.setCounter(.queueRevision, 1)
    try session.setCounter(.routingRevision, 1)
    // See `ScheduleNumber`: 1 ... 2³¹ - 1 of 2³², so that every number stays positive.
    let base = Int64.random(in: 1...0x7fff_fffe) << 32
    try session.query("INSERT INTO sqlite_sequence (name, seq) VALUES ('schedule', ?)").run(base)
  }
}
