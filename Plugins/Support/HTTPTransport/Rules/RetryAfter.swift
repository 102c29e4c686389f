/// The wait that an answer names (RFC 9110, section 10.2.3).
public enum RetryAfter {
  /// A longer wait counts as this one: a day.
  public static let maximumMilliseconds: UInt64 = 86_400_000

  /// Milliseconds to wait; nil when the field is absent or neither whole seconds nor an HTTP date.
  /// A date in the past is a wait of zero.
  public static func milliseconds(_ field: String?, nowMilliseconds: Int64) -> UInt64? {
    guard let field else { return nil }
    let text = field.trimmed
    guard !text.isEmpty else { return nil }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // Too many digits to count are a long wait, not a broken field.
      guard let seconds = UInt64(text) else { return maximumMilliseconds }
      return min(seconds, maximumMilliseconds / 1_000) * 1_000
    }
    guard let seconds = HTTPDate.unixSeconds(text, nowSeconds: nowMilliseconds / 1_000) else { return nil }
    let (wait, overflow) = (seconds * 1_000).subtractingReportingOverflow(nowMilliseconds)
    guard !overflow, wait > 0 else { return 0 }
    return min(UInt64(wait), maximumMilliseconds)
  }
}

extension String {
  fileprivate var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
