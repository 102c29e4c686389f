/// Instants as RFC 3339 writes them.
enum Timestamps {
  private static let millisecondsPerDay: Int64 = 86_400_000

  /// UTC with milliseconds: `2026-05-04T07:00:00.000Z`.
  static func rfc3339(milliseconds: Int64) -> String {
    CivilFields(epochMilliseconds: milliseconds).text + "Z"
  }

  /// Seconds and nanoseconds since 1970 of `2026-05-04T09:00:00+02:00`; fraction optional, at most
  /// nine digits; `Z` or an offset must be there.
  static func parse(_ text: String) -> (seconds: Int64, nanoseconds: Int32)? {
    let bytes = Array(text.uppercased().utf8)
    guard bytes.count >= 20, bytes.count <= 40 else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      guard bytes[range].allSatisfy(Byte.isDigit) else { return nil }
      return Int64(String(decoding: bytes[range], as: UTF8.self))
    }
    let signs: [(Int, String)] = [(4, "-"), (7, "-"), (10, "T "), (13, ":"), (16, ":")]
    guard signs.allSatisfy({ $0.1.utf8.contains(bytes[$0.0]) }), let year = number(0..<4), let month = number(5..<7),
      let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      PartialDate(year: Int(year), month: Int(month), day: Int(day)) != nil, hour < 24, minute < 60, second < 60
    else { return nil }
    var index = 19
    guard let nanoseconds = fraction(bytes, &index), let offset = offsetSeconds(bytes[index...]) else { return nil }
    let days = CivilFields.daysSinceEpoch(year: year, month: month, day: day)
    return (days * 86_400 + hour * 3_600 + minute * 60 + second - offset, nanoseconds)
  }

  private static func fraction(_ bytes: [UInt8], _ index: inout Int) -> Int32? {
    guard bytes[index] == Byte.dot else { return 0 }
    let digits = bytes[(index + 1)...].prefix(while: Byte.isDigit)
    guard 1...9 ~= digits.count else { return nil }
    index = digits.endIndex
    let text = String(decoding: digits, as: UTF8.self)
    return Int32(text + String(repeating: "0", count: 9 - digits.count))
  }

  private static func offsetSeconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let text = String(decoding: bytes, as: UTF8.self)
    if text == "Z" { return 0 }
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard let sign = text.first, "+-".contains(sign), parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy(Byte.isDigit) }),
      let hours = Int64(parts[0]), let minutes = Int64(parts[1]), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3_600 + minutes * 60) * (sign == "-" ? -1 : 1)
  }
}

/// A civil date and time of the proleptic Gregorian calendar.
struct CivilFields {
  var year: Int64
  var month: Int64
  var day: Int64
  var millisecondOfDay: Int64

  init(epochMilliseconds: Int64) {
    // Beyond the years 0000 to 9999 there is nothing that RFC 3339 could write.
    let bounded = min(max(epochMilliseconds, -62_167_219_200_000), 253_402_300_799_999)
    let day = bounded.dividedFloor(by: 86_400_000)
    millisecondOfDay = bounded - day * 86_400_000
    // Days are counted from 1 March 0000, so that the leap day is the last of a year.
    let shifted = day + 719_468
    let era = shifted.dividedFloor(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.dividedFloor(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// `2026-05-04T07:00:00.000`.
  var text: String { "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(timeOfDay)" }

  /// `07:00:00.000`.
  var timeOfDay: String {
    let seconds = millisecondOfDay / 1_000
    return
      "\(pad(seconds / 3_600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2)).\(pad(millisecondOfDay % 1_000, 3))"
  }

  private func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  fileprivate func dividedFloor(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
