public import PluginKit0

/// English words for numbers and dates, for the default messages.
public enum English {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// `1st`, `2nd`, `3rd`, `11th`, `21st`, `111th`.
  public static func ordinal(_ number: Int) -> String {
    let suffix =
      switch (number.magnitude % 100, number.magnitude % 10) {
      case (11...13, _): "th"
      case (_, 1): "st"
      case (_, 2): "nd"
      case (_, 3): "rd"
      default: "th"
      }
    return "\(number)\(suffix)"
  }

  /// `4 May`
  public static func day(_ date: CivilDate) -> String {
    months.indices.contains(date.month - 1) ? "\(date.day) \(months[date.month - 1])" : date.description
  }

  /// `4 May 2026`
  public static func date(_ date: CivilDate) -> String { "\(day(date)) \(date.year)" }

  /// `today`, `tomorrow`, `in 7 days`.
  public static func inDays(_ days: Int) -> String {
    switch days {
    case 0: "today"
    case 1: "tomorrow"
    default: "in \(days) days"
    }
  }

  /// `Ada's`, `James'`.
  public static func possessive(_ name: String) -> String {
    name.utf8.last == UInt8(ascii: "s") ? name + "'" : name + "'s"
  }
}
