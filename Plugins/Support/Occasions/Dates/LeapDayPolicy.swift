/// When somebody born on 29 February celebrates in a year that does not have one.
public enum LeapDayPolicy: String, Sendable, Hashable, CaseIterable {
  /// On 28 February, still in the month of birth.
  case feb28 = "feb-28"
  /// On 1 March, the day after the 28th.
  case mar1 = "mar-1"
  /// Only in years that have the day.
  case leapYearsOnly = "leap-years-only"

  /// The policies as they are written, for messages.
  public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
