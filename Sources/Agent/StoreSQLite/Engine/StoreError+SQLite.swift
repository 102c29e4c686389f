import GRDB
import Store

extension StoreError {
  /// What an error inside a transaction means to the caller. Statements' arguments never get into the message.
  init(sqlite error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError: self.init(database: error)
    default: self.init(.unavailable, "the store failed: \(error)", cause: error)
    }
  }

  private init(database error: DatabaseError) {
    let text = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
    switch error.resultCode {
    case .SQLITE_FULL: self.init(.full, "no room on the disk (\(text))", cause: error)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
      self.init(.corrupt, "the store's file is damaged (\(text))", cause: error)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.unavailable, "another process holds the store's file (\(text))", cause: error)
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(.unavailable, "the store's file cannot be written (\(text))", cause: error)
    case .SQLITE_CONSTRAINT:
      self.init(.failedPrecondition, "the change breaks a rule of the ledger (\(text))", cause: error)
    default: self.init(.unavailable, "the store's file cannot be used (\(text))", cause: error)
    }
  }

  /// What a failed COMMIT means: after an I/O error nobody can say whether the transaction will be there after a crash.
  init(commit error: any Error) {
    if let error = error as? DatabaseError, error.resultCode == .SQLITE_IOERR {
      self.init(.unknown, "it is not known whether the change was made: \(error.message ?? "I/O error")", cause: error)
    } else {
      self.init(sqlite: error)
    }
  }
}
