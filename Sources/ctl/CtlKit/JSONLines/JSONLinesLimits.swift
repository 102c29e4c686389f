/// Bounds of the JSON Lines reader. Nesting is bounded by ``JSONValue/maxDepth``.
enum JSONLinesLimits {
  /// Bytes of one line; a longer one is refused.
  static let maxLineBytes = 256 * 1024
  /// Lines read from one input.
  static let maxLines = 5_000_000
  /// Members of one object.
  static let maxMembers = 256
  /// Schedules of one user: as many as one import item takes.
  static let maxSchedules = 100
}
