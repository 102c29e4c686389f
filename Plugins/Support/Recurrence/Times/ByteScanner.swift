import PluginKit0

/// Reads numbers, words and signs from a text's bytes.
struct ByteScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }
  var atEnd: Bool { position == bytes.count }

  /// Steps over one character; false, and nothing read, when another stands there.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let next, UInt32(next) == character.value else { return false }
    position += 1
    return true
  }

  private mutating func digit() -> Int? {
    guard let next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= next else { return nil }
    position += 1
    return Int(next - UInt8(ascii: "0"))
  }

  /// Exactly so many digits.
  mutating func number(digits: Int) -> Int? {
    var value = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// One digit or more, at most nine.
  mutating func number() -> Int? {
    guard var value = digit() else { return nil }
    for _ in 0..<8 {
      guard let digit = digit() else { return value }
      value = value * 10 + digit
    }
    return digit() == nil ? value : nil
  }

  /// A run of ASCII letters, in capitals; empty when there is none.
  mutating func word() -> String {
    var word = ""
    while let next, (next | 0x20) >= UInt8(ascii: "a"), (next | 0x20) <= UInt8(ascii: "z"), word.utf8.count < 16 {
      word.unicodeScalars.append(Unicode.Scalar(next & ~0x20))
      position += 1
    }
    return word
  }

  /// `YYYY-MM-DD`, with other or no separators where they are given.
  mutating func date(separator: Unicode.Scalar? = "-") -> CivilDate? {
    guard let year = number(digits: 4), separator.map({ skip($0) }) ?? true, let month = number(digits: 2),
      separator.map({ skip($0) }) ?? true, let day = number(digits: 2)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// `HH:MM`, with `:SS` when it follows.
  mutating func timeOfDay() -> CivilTimeOfDay? {
    guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2) else { return nil }
    guard skip(":") else { return CivilTimeOfDay(hour: hour, minute: minute) }
    return number(digits: 2).flatMap { CivilTimeOfDay(hour: hour, minute: minute, second: $0) }
  }

  /// An IANA name: 1 to 64 letters, digits and `_ + - /`.
  mutating func zoneName() -> String? {
    let start = position
    while let next, Self.isInZoneName(next) { position += 1 }
    guard 1...64 ~= position - start else { return nil }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isInZoneName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
