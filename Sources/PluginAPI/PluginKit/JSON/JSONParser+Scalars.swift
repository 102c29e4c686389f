// Strings and numbers, RFC 8259 sections 6 and 7.

extension JSONParser {
  /// At the opening quote. Most strings have no escape, and are made from their bytes in one step.
  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), at: start)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw syntax("a control character in a string") }
      position += 1
    }
    throw syntax("")
  }

  private func text(_ run: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
    guard let text = String(strict: run) else {
      throw JSONError(code: .encoding, offset: offset, message: "a string is not UTF-8")
    }
    return text
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var unescaped = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return try unescaped.withUnsafeBufferPointer { (run) throws(JSONError) in try text(run, at: start) }
      case UInt8(ascii: "\\"):
        try escape(into: &unescaped)
      case 0..<0x20:
        throw syntax("a control character in a string")
      default:
        unescaped.append(byte)
        position += 1
      }
    }
    throw syntax("")
  }

  private mutating func escape(into unescaped: inout [UInt8]) throws(JSONError) {
    position += 1
    let byte = current
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0C)
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      return unescaped.append(contentsOf: UTF8.encode(try escapedScalar()).map(Array.init) ?? [])
    default: throw syntax("an escape that JSON does not have")
    }
    position += 1
  }

  /// After `\u`: four hexadecimal digits, and for a character beyond U+FFFF the second half of the pair.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let start = position
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, current == UInt8(ascii: "\\") {
      position += 1
      if current == UInt8(ascii: "u") {
        position += 1
        let second = try fourHexDigits()
        if 0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + second - 0xDC00) {
          return scalar
        }
      }
    }
    throw JSONError(code: .encoding, offset: start, message: "half a surrogate pair")
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch current {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = current - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = current - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = current - UInt8(ascii: "A") + 10
      default: throw syntax("\\u needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let negative = current == UInt8(ascii: "-")
    if negative { position += 1 }
    let digits = position
    var value: Int64 = 0
    var fits = true
    while case UInt8(ascii: "0")...UInt8(ascii: "9") = current {
      // Accumulated downwards: the smallest Int64 has no positive counterpart.
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLargeToo) = product.subtractingReportingOverflow(Int64(current - UInt8(ascii: "0")))
      fits = fits && !tooLarge && !tooLargeToo
      value = sum
      position += 1
    }
    guard position > digits else { throw syntax("a number without digits") }
    guard position == digits + 1 || bytes[digits] != UInt8(ascii: "0") else {
      position = digits
      throw syntax("a number with a leading zero")
    }
    let whole = try !skipFraction()
    if whole, fits, negative, value != 0 { return .integer(value) }
    if whole, fits, !negative, value != .min { return .integer(-value) }
    return .number(try double(from: start))
  }

  /// Steps over fraction and exponent; true when there was either.
  private mutating func skipFraction() throws(JSONError) -> Bool {
    let start = position
    if current == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
    return position > start
  }

  private mutating func skipDigits() throws(JSONError) {
    let start = position
    while case UInt8(ascii: "0")...UInt8(ascii: "9") = current { position += 1 }
    guard position > start else { throw syntax("a digit is missing") }
  }

  private func double(from start: Int) throws(JSONError) -> Double {
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
      throw JSONError(code: .range, offset: start, message: "a number too large for a double")
    }
    return value
  }
}
