/// Bounds of the lines that vCard and iCalendar are made of.
enum ContentLineLimits {
  /// Bytes kept of one unfolded line; what follows is dropped, the line marked as cut.
  static let maxLineBytes = 64 * 1024
  /// Parameters of one line.
  static let maxParameters = 64
}
