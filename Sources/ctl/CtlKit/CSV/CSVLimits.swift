/// Bounds of the CSV reader. Real tables stay far below them; hostile input stops here.
enum CSVLimits {
  /// Bytes of one row, quotes and line breaks in it included; a longer one is refused.
  static let maxRowBytes = 1024 * 1024
  /// Columns of one row.
  static let maxColumns = 512
  /// Rows read from one input.
  static let maxRows = 5_000_000
  /// Bytes of one value that is used.
  static let maxValueBytes = 1_024
  /// Columns that a report names; the others are counted.
  static let maxNamedColumns = 20
  /// Report lines about the values of one row.
  static let maxNotesPerRow = 20
}
