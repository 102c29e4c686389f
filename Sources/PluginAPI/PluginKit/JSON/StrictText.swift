import Glibc

extension String {
  /// A text of bytes that are UTF-8, or nil when they are not.
  ///
  /// Decodes, which repairs, and compares: the standard library's validating initializer is generic code that is
  /// not specialised here, and takes several times as long for the short texts of which a request is made.
  init?(strict bytes: UnsafeBufferPointer<UInt8>) {
    self.init(decoding: bytes, as: UTF8.self)
    guard let start = bytes.baseAddress else { return }
    let isSame = withUTF8 { decoded in
      guard let decodedStart = decoded.baseAddress else { return bytes.isEmpty }
      return decoded.count == bytes.count && memcmp(decodedStart, start, bytes.count) == 0
    }
    if !isSame { return nil }
  }

  /// Decimal digits of fixed width with a separator between the fields, as dates and times are written.
  ///
  /// - Parameter fields: numbers and widths; each number has at most its width in digits.
  init(fields first: (Int, Int), _ second: (Int, Int), _ third: (Int, Int), separator: Unicode.Scalar) {
    let length = first.1 + second.1 + third.1 + 2
    self.init(unsafeUninitializedCapacity: length) { bytes in
      var end = length
      for (number, width) in [third, second, first] {
        var rest = number
        for _ in 0..<width {
          end -= 1
          bytes[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
          rest /= 10
        }
        if end > 0 {
          end -= 1
          bytes[end] = UInt8(truncatingIfNeeded: separator.value)
        }
      }
      return length
    }
  }
}
