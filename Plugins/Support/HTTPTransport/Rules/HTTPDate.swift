/// The three date forms that a recipient must accept (RFC 9110, section 5.6.7).
public enum HTTPDate {
  private static let months = [
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
  ]
  private static let shortDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let longDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  /// Seconds since 1970-01-01T00:00:00Z; nil when the text is none of the forms.
  ///
  /// - Parameter nowSeconds: the present, for the two-digit year of RFC 850: a date over 50 years ahead is read as the
  ///   most recent past year with those digits.
  public static func unixSeconds(_ text: String, nowSeconds: Int64) -> Int64? {
    guard text.utf8.count <= 40 else { return nil }
    let words = text.split(separator: " ").map(String.init)
    switch words.count {
    case 6: return fixdate(words)
    case 4: return rfc850(words, nowSeconds: nowSeconds)
    case 5: return asctime(words)
    default: return nil
    }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  private static func fixdate(_ words: [String]) -> Int64? {
    guard words[0].hasSuffix(","), shortDays.contains(String(words[0].dropLast())), words[5] == "GMT",
      let day = number(words[1], 2...2), let month = months[words[2]], let year = number(words[3], 4...4)
    else { return nil }
    return instant(year, month, day, words[4])
  }

  /// `Sunday, 06-Nov-94 08:49:37 GMT`
  private static func rfc850(_ words: [String], nowSeconds: Int64) -> Int64? {
    let parts = words[1].split(separator: "-").map(String.init)
    guard words[0].hasSuffix(","), longDays.contains(String(words[0].dropLast())), words[3] == "GMT",
      parts.count == 3, let day = number(parts[0], 2...2), let month = months[parts[1]],
      let digits = number(parts[2], 2...2)
    else { return nil }
    let now = UTCDate(unixSeconds: nowSeconds)
    var year = now.year - now.year % 100 + digits
    if year > now.year + 50 { year -= 100 }
    if year + 50 < now.year { year += 100 }
    return instant(year, month, day, words[2])
  }

  /// `Sun Nov  6 08:49:37 1994`
  private static func asctime(_ words: [String]) -> Int64? {
    guard shortDays.contains(words[0]), let month = months[words[1]], let day = number(words[2], 1...2),
      let year = number(words[4], 4...4)
    else { return nil }
    return instant(year, month, day, words[3])
  }

  private static func instant(_ year: Int, _ month: Int, _ day: Int, _ time: String) -> Int64? {
    let parts = time.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let hour = number(parts[0], 2...2), let minute = number(parts[1], 2...2),
      let second = number(parts[2], 2...2)
    else { return nil }
    return UTCDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)?.unixSeconds
  }

  private static func number(_ text: String, _ digits: ClosedRange<Int>) -> Int? {
    guard digits ~= text.utf8.count, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
