public import PluginKit0

/// English words for numbers and dates, for the default messages.
public enum English {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  private static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  /// `999`, `1,000`, `-1,234,567`.
  public static func number(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `1st`, `2nd`, `3rd`, `11th`, `21st`, `111th`, `1,000th`.
  public static func ordinal(_ number: Int) -> String {
    let suffix =
      switch (number.magnitude % 100, number.magnitude % 10) {
      case (11...13, _): "th"
      case (_, 1): "st"
      case (_, 2): "nd"
      case (_, 3): "rd"
      default: "th"
      }
    return "\(self.number(number))\(suffix)"
  }

  /// `a` or `an`, as it is said before a number or its ordinal: a 1st, an 8th, an 11th, an 18th, an 80th, a 100th.
  ///
  /// What counts is the sound: only eight, eleven, eighteen, eighty and what begins with them begin with a vowel.
  public static func article(before number: Int, capitalized: Bool = false) -> String {
    var leading = number.magnitude
    while leading >= 1_000 { leading /= 1_000 }
    let isVowel = [8, 11, 18].contains(leading) || 80...89 ~= leading || 800...899 ~= leading
    return (capitalized ? "A" : "a") + (isVowel ? "n" : "")
  }

  /// `one year`, `2 years`, `1,000 years`.
  public static func years(_ years: Int) -> String { years == 1 ? "one year" : "\(number(years)) years" }

  /// `4 May`
  public static func day(_ date: CivilDate) -> String {
    months.indices.contains(date.month - 1) ? "\(date.day) \(months[date.month - 1])" : date.description
  }

  /// `4 May 2026`
  public static func date(_ date: CivilDate) -> String { "\(day(date)) \(date.year)" }

  /// `Monday`
  public static func weekday(_ date: CivilDate) -> String {
    // 1970-01-01 was a Thursday; dates before it have negative numbers.
    weekdays[((date.dayNumber + 3) % 7 + 7) % 7]
  }

  /// `Monday 4 May`
  public static func weekdayAndDay(_ date: CivilDate) -> String { "\(weekday(date)) \(day(date))" }

  /// `today`, `tomorrow`, `in 7 days`.
  public static func inDays(_ days: Int) -> String {
    switch days {
    case 0: "today"
    case 1: "tomorrow"
    default: "in \(days) days"
    }
  }

  /// `Ada's`, `James'`, `JAMES'`.
  public static func possessive(_ name: String) -> String {
    name.utf8.last.map { $0 | 0x20 } == UInt8(ascii: "s") ? name + "'" : name + "'s"
  }
}
