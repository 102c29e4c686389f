/// Bounds of `ctl plugin run`.
enum RunLimits {
  /// Events that are handed over at once: what an agent hands over.
  static let maxBatch = 1_000
  /// Occurrences that are asked for.
  static let maxOccurrences = 10_000
  /// Events of one run.
  static let maxEvents = 100_000
  /// Bytes of one event's line.
  static let maxLineBytes = 256 * 1024
  /// Bytes of a configuration, a definition or a person: what an agent takes.
  static let maxDocumentBytes = 256 * 1024
}
