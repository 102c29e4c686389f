/// Spans of time as people write them: `90s`, `1h30m`, `7d`, `250ms`.
enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]
  /// 100 years: nothing here is longer.
  private static let maxMilliseconds: Int64 = 36_525 * 86_400_000

  /// Milliseconds, or nil when it is no span of time.
  static func milliseconds(_ text: String) -> Int64? {
    var rest = text[...]
    var total: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard let count = Int64(digits), let unit = units.first(where: { $0.name == name }) else { return nil }
      let (product, isTooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
      guard !isTooLong, product <= maxMilliseconds - total else { return nil }
      total += product
    }
    return total
  }

  /// The shortest form: `1h30m`; `0s` for nothing.
  static func text(milliseconds: Int64) -> String {
    var rest = milliseconds.magnitude
    var text = ""
    for unit in units {
      let count = rest / UInt64(unit.milliseconds)
      rest %= UInt64(unit.milliseconds)
      if count > 0 { text += "\(count)\(unit.name)" }
    }
    return text.isEmpty ? "0s" : (milliseconds < 0 ? "-" : "") + text
  }
}
