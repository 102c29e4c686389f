public import EventModel

/// Moves a store: into a backup, out of one, or to another store.
public enum StoreMove {
  /// How far it came.
  public struct Progress: Hashable, Sendable {
    /// The table, or `check of` a table.
    public var table: String
    /// Rows of it so far.
    public var rows: Int
  }

  /// What was moved.
  public struct Report: Hashable, Sendable {
    /// When the snapshot was taken, by the store's clock.
    public var takenAt: Timestamp
    /// Rows of all tables.
    public var rows = 0
    /// Event rows.
    public var events = 0
    /// Event rows that have no closing receipt.
    public var open = 0
    /// Bytes of the backup; 0 where there is none.
    public var bytes = 0
    /// Open rows that a restore closed, as they may have been sent.
    public var skipped = 0
    /// Series that a restore lets begin anew.
    public var series = 0
  }

  /// Called between rows, on any thread.
  public typealias Watcher = @Sendable (Progress) -> Void

  /// Rows between two calls of a watcher.
  static let rowsPerReport = 10_000
}

extension StoreMove.Report {
  init(_ trailer: BackupTrailer, takenAt: Timestamp) {
    self.takenAt = takenAt
    rows = trailer.tables.values.reduce(0) { $0 + $1.rows }
    events = trailer.ledger.rows
    open = trailer.ledger.open
  }
}
