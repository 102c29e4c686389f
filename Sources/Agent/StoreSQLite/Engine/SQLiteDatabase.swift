import EventModel
import GRDB
import GRDBSQLite
import Store
import StoreSQL

/// GRDB's connection as the common verbs see it.
final class SQLiteDatabase: SQLDatabase {
  let connection: Database
  private let agent: String

  /// - Parameter agent: in whose chain audit records are written.
  init(_ connection: Database, agent: String = SQLiteStore.Options.standardAgent) {
    self.connection = connection
    self.agent = agent
  }

  func statement(_ sql: String) throws -> any SQLStatement { try SQLiteStatement(connection, sql) }

  var isInTransaction: Bool { sqlite3_get_autocommit(connection.sqliteConnection) == 0 }

  var dialect: any SQLDialect { SQLiteDialect(chain: agent) }
}

extension Session {
  convenience init(_ connection: Database, agent: String = SQLiteStore.Options.standardAgent) {
    self.init(SQLiteDatabase(connection, agent: agent))
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
  let chain: String

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

  /// As the table would number it, whose rows are never removed.
  func nextAudit(in session: Session) throws -> Int64 {
    let given = try session.query("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").first { $0.int64(0) } ?? 0
    let newest = try session.query("SELECT max(id) FROM audit").first { $0.int64(0) } ?? 0
    return max(given, newest) + 1
  }
}
