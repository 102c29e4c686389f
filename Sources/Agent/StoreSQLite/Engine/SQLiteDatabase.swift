import EventModel
import GRDB
import GRDBSQLite
import Store
import StoreSQL

/// GRDB's connection as the common verbs see it.
final class SQLiteDatabase: SQLDatabase {
  let connection: Database

  init(_ connection: Database) {
    self.connection = connection
  }

  func statement(_ sql: String) throws -> any SQLStatement { try SQLiteStatement(connection, sql) }

  var isInTransaction: Bool { sqlite3_get_autocommit(connection.sqliteConnection) == 0 }

  var dialect: any SQLDialect { SQLiteDialect() }
}

extension Session {
  convenience init(_ connection: Database) {
    self.init(SQLiteDatabase(connection))
  }

  /// GRDB's connection, for what only SQLite has.
  var connection: Database {
    get throws {
      guard let database = database as? SQLiteDatabase else {
        throw StoreError(.failedPrecondition, "the session is of another kind of store")
      }
      return database.connection
    }
  }
}

/// SQLite has one writer, so that a transaction has the whole store: nothing needs a lock.
struct SQLiteDialect: SQLDialect {
  func member(_ name: String, of column: String) -> String { "json_extract(\(column), '$.\(name)')" }

  var integers: String { "json_each(?)" }

  func forUpdate(of table: String?) -> String { "" }

  var forShare: String { "" }

  var settledNeedsReceipts: Bool { false }

  var newBucketID: String? { nil }

  var newReceiptID: String? { nil }

  var commitOrder: TransactionOrder? { nil }

  func order(ofBucket column: String) -> String { column }

  func lock(_ schedules: [ScheduleNumber], in session: Session) {}

  func lock(bucketsOf agent: Int64, in session: Session) {}

  func holdQueues(in session: Session) {}

  func lockQueues(in session: Session) {}

  func lockChanges(in session: Session) {}
}
