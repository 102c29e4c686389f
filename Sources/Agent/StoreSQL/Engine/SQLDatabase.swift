/// A connection with an open transaction or snapshot, used by one thread at a time. Each backend brings its own; what is
/// written over it is the same SQL for both.
///
/// Statements number their parameters with `?`, or `?1`, `?2` … where one is used twice. Integers, times and truth values
/// are 64-bit integers in every table; texts, doubles and bytes are themselves.
package protocol SQLDatabase: AnyObject {
  /// The statement, from the connection's cache if it is there. It must not be used again while it is being stepped.
  func statement(_ sql: String) throws -> any SQLStatement

  /// Whether a transaction is open; false when the database ended it by itself.
  var isInTransaction: Bool { get }

  /// What the backends do differently.
  var dialect: any SQLDialect { get }
}

/// A statement: its parameters are bound, it is stepped from row to row, and reset.
package protocol SQLStatement: AnyObject {
  /// Binds NULL at a place, from 1.
  func bindNull(at place: Int32) throws
  /// Binds an integer.
  func bind(_ value: Int64, at place: Int32) throws
  /// Binds a double.
  func bind(_ value: Double, at place: Int32) throws
  /// Binds a text; the bytes are copied.
  func bind(_ value: String, at place: Int32) throws
  /// Binds bytes, which are copied.
  func bind(_ value: [UInt8], at place: Int32) throws

  /// Goes to the next row, at first by running the statement; false when there is none. After false or an error it is
  /// reset.
  func step() throws -> Bool
  /// Makes it ready to run again. The bound values need not survive.
  func reset()
  /// How many rows the last run inserted, changed or deleted.
  var changes: Int { get }

  /// Whether a column of the present row is NULL. Columns count from 0.
  func isNull(_ column: Int32) -> Bool
  /// An integer; 0 for NULL.
  func int64(_ column: Int32) -> Int64
  /// A double; 0 for NULL.
  func double(_ column: Int32) -> Double
  /// The bytes of a text or of bytes, valid until the next step; empty for NULL.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>
}
