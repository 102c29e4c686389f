/// How the text of a table is written as bytes.
enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case windows1252 = "windows-1252"
  case latin1 = "iso-8859-1"
}

/// Turns a stream of bytes into UTF-8, a piece at a time. UTF-8 passes as it is; whether it is valid is asked value by
/// value.
struct EncodingConverter {
  private enum Form {
    /// The first bytes decide.
    case undecided([UInt8])
    case utf8
    case utf16(isBigEndian: Bool, pending: [UInt8])
    case singleByte(TextEncoding)
  }

  private var form: Form
  /// The high half of a pair whose low half has not come yet.
  private var highSurrogate: UInt16?

  /// - Parameter encoding: nil: UTF-16 where a byte order mark says so, else UTF-8.
  init(_ encoding: TextEncoding?) {
    switch encoding {
    case nil, .utf8?, .utf16?: form = .undecided([])
    case .windows1252?, .latin1?: form = .singleByte(encoding ?? .latin1)
    }
    isUTF16Expected = encoding == .utf16
  }

  private let isUTF16Expected: Bool

  mutating func convert(_ bytes: some Collection<UInt8>) -> [UInt8] {
    switch form {
    case .undecided(let kept):
      let all = kept + bytes
      guard all.count >= 3 else {
        form = .undecided(all)
        return []
      }
      return decide(all)
    case .utf8: return Array(bytes)
    case .utf16(let isBigEndian, let pending): return units(pending + bytes, isBigEndian)
    case .singleByte(let encoding): return Self.text(bytes, encoding)
    }
  }

  /// What is left; the input has ended.
  mutating func finish() -> [UInt8] {
    if case .undecided(let kept) = form { return decide(kept) }
    return []
  }

  private mutating func decide(_ bytes: [UInt8]) -> [UInt8] {
    if bytes.starts(with: [0xFF, 0xFE]) { return begin(bytes.dropFirst(2), isBigEndian: false) }
    if bytes.starts(with: [0xFE, 0xFF]) { return begin(bytes.dropFirst(2), isBigEndian: true) }
    if isUTF16Expected { return begin(bytes[...], isBigEndian: false) }
    form = .utf8
    return bytes.starts(with: ByteOrderMark.utf8) ? Array(bytes.dropFirst(3)) : bytes
  }

  private mutating func begin(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> [UInt8] {
    form = .utf16(isBigEndian: isBigEndian, pending: [])
    return units(Array(bytes), isBigEndian)
  }

  /// A half pair becomes U+FFFD, which no value holds unless something is wrong with it.
  private mutating func units(_ bytes: [UInt8], _ isBigEndian: Bool) -> [UInt8] {
    var scalars = String.UnicodeScalarView()
    var index = 0
    while index + 1 < bytes.count {
      let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
      append(isBigEndian ? first << 8 | second : second << 8 | first, to: &scalars)
      index += 2
    }
    form = .utf16(isBigEndian: isBigEndian, pending: Array(bytes[index...]))
    return Array(String(scalars).utf8)
  }

  private mutating func append(_ unit: UInt16, to scalars: inout String.UnicodeScalarView) {
    if let high = highSurrogate {
      highSurrogate = nil
      if 0xDC00...0xDFFF ~= unit {
        let code = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
        return scalars.append(Unicode.Scalar(code) ?? "\u{FFFD}")
      }
      scalars.append("\u{FFFD}")
    }
    if 0xD800...0xDBFF ~= unit {
      highSurrogate = unit
    } else {
      scalars.append(Unicode.Scalar(unit) ?? "\u{FFFD}")
    }
  }

  private static func text(_ bytes: some Collection<UInt8>, _ encoding: TextEncoding) -> [UInt8] {
    var scalars = String.UnicodeScalarView()
    for byte in bytes {
      scalars.append(encoding == .latin1 ? Unicode.Scalar(byte) : TextValue.windows1252(byte) ?? "\u{FFFD}")
    }
    return Array(String(scalars).utf8)
  }
}
