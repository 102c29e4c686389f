import EventModel
import GRDB
import Store
import StoreSQL

/// Brings a file to the tables that this program knows. GRDB keeps the names of the versions that a file has been
/// through, each applied in a transaction.
enum Migrations {
  static func run(_ pool: DatabasePool) throws {
    let hadVersion1 = try pool.read { try versions(vacuums: false).appliedIdentifiers($0).contains("1") }
    let migrator = versions(vacuums: hadVersion1)
    guard try !pool.read(migrator.hasBeenSuperseded) else {
      throw StoreError(.corrupt, "the store's file was written by a newer version of this program; it is left as it is")
    }
    try migrator.migrate(pool)
    try vacuumIfOwed(pool)
  }

  /// For those who only read.
  /// - Throws: `.corrupt` when the file's tables are not of this program's version.
  static func requireNewest(_ database: Database) throws {
    let migrator = versions(vacuums: false)
    guard try migrator.hasCompletedMigrations(database), try !migrator.hasBeenSuperseded(database) else {
      throw StoreError(
        .corrupt, "the store's file is of another version than this program; use the agent's own, or start it once")
    }
  }

  /// - Parameter vacuums: whether the file is of a version before 2.
  private static func versions(vacuums: Bool) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(sql: Schema.version1)
      try seed(database)
    }
    migrator.registerMigration("2") { database in
      try database.execute(sql: Schema.version2)
      let session = Session(database)
      try session.renameEventsOfVersion1()
      if vacuums { try session.setCounter(.vacuumOwed, 1) }
    }
    migrator.registerMigration("3") { try $0.execute(sql: Schema.version3 + Schema.version3Changes) }
    migrator.registerMigration("4") { try $0.execute(sql: Schema.version4) }
    migrator.registerMigration("5") { database in
      try database.execute(sql: Schema.version5)
      try Session(database).chainEarlierRecords()
    }
    return migrator
  }

  /// Version 1 did not overwrite the pages that it freed: they may hold anything, and its last log as well. Cannot be done
  /// in the migration's transaction, and is done again if it was cut off.
  private static func vacuumIfOwed(_ pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { database in
      guard try Session(database).counter(.vacuumOwed) != 0 else { return }
      try database.execute(sql: "VACUUM")
      try database.checkpoint(.truncate)
      try Session(database).setCounter(.vacuumOwed, 0)
    }
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
