/// Instants as RFC 3339 writes them.
public enum RFC3339 {
  /// Seconds since 1970-01-01T00:00:00Z of `2027-05-04T08:00:00Z` or `2027-05-04T10:00:00+02:00`; nil when the text is
  /// not so, or such a time does not exist. Fractions of a second are not taken.
  public static func unixSeconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 || bytes.count == 25, bytes[4] == minus, bytes[7] == minus,
      bytes[10] == UInt8(ascii: "T"), bytes[13] == colon, bytes[16] == colon,
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
      let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
      let offset = offsetSeconds(bytes[19...]),
      let date = UTCDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    return date.unixSeconds - offset
  }

  private static let minus = UInt8(ascii: "-")
  private static let colon = UInt8(ascii: ":")

  private static func offsetSeconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    if Array(bytes) == [UInt8(ascii: "Z")] { return 0 }
    let start = bytes.startIndex
    guard bytes.count == 6, [minus, UInt8(ascii: "+")].contains(bytes[start]), bytes[start + 3] == colon,
      let hours = number(bytes[(start + 1)..<(start + 3)]), 0...23 ~= hours,
      let minutes = number(bytes[(start + 4)...]), 0...59 ~= minutes
    else { return nil }
    let seconds = Int64(hours * 3_600 + minutes * 60)
    return bytes[start] == minus ? -seconds : seconds
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}
