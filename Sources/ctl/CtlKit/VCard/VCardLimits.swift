/// Bounds of the vCard reader. Real exports stay far below them; hostile input stops here.
enum VCardLimits {
  /// Unfolded lines of one card. A longer card is skipped as a whole.
  static let maxCardLines = 2_000
  /// Cards read from one input.
  static let maxCards = 5_000_000
  /// Report lines about the properties of one card; what exceeds them is counted, not told.
  static let maxNotesPerCard = 20
  /// Email addresses taken from one card.
  static let maxEmails = 16
  /// Bytes of an address or UID; longer ones are refused.
  static let maxAddressBytes = 2_048
  /// Characters taken of one name part.
  static let maxNameLength = 256
  /// Bytes of an unfit line that a report shows.
  static let maxExcerptBytes = 40
}
