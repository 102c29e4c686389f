public import PluginKit0

/// When a single event is.
public enum Moment: Sendable, Hashable {
  /// As soon as it can be.
  case now
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  case instant(nanoseconds: Int64)
  /// A local time, in the schedule's zone.
  case civil(Civil)

  /// Reads an instant with its offset (RFC 3339, section 5.6: `2026-05-04T09:00:00.5+02:00`), or a local time
  /// without one (`2026-05-04T09:00`, `2026-05-04T09:00:00`). Leap seconds are refused, because no clock here
  /// shows them, and so are instants beyond what 64 bits of nanoseconds hold (the years 1678 to 2261 are safe).
  public init?(_ text: String) {
    var scanner = DigitScanner(text)
    guard let date = scanner.date(), scanner.skip("T") || scanner.skip("t"), let time = scanner.timeOfDay() else {
      return nil
    }
    if scanner.atEnd {
      self = .civil(Civil(date, time))
      return
    }
    var nanoseconds = 0
    if scanner.skip(".") {
      guard let fraction = scanner.number(upTo: 9) else { return nil }
      nanoseconds = (fraction.digits..<9).reduce(fraction.value) { value, _ in value * 10 }
    }
    // RFC 3339 wants seconds when there is an offset.
    guard text.utf8.dropFirst(16).first == UInt8(ascii: ":"), let offset = scanner.offsetSeconds(), scanner.atEnd
    else { return nil }
    let seconds = date.dayNumber * 86_400 + time.hour * 3_600 + time.minute * 60 + time.second - offset
    let (product, tooFar) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, tooFarToo) = product.addingReportingOverflow(Int64(nanoseconds))
    guard !tooFar, !tooFarToo else { return nil }
    self = .instant(nanoseconds: sum)
  }
}

extension DigitScanner {
  /// `Z`, or `+HH:MM` or `-HH:MM`.
  fileprivate mutating func offsetSeconds() -> Int? {
    if skip("Z") || skip("z") { return 0 }
    let sign: Int
    if skip("+") {
      sign = 1
    } else if skip("-") {
      sign = -1
    } else {
      return nil
    }
    guard let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2), hours <= 23, minutes <= 59 else {
      return nil
    }
    return sign * (hours * 3_600 + minutes * 60)
  }
}
