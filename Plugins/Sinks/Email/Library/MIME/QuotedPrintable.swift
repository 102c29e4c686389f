/// Quoted-printable (RFC 2045, section 6.7).
enum QuotedPrintable {
  private static let maximumLineBytes = 76
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// Lines of at most 76 characters, each with CRLF. `text` has CRLF line ends.
  ///
  /// Beyond what the rules ask for, a dot that begins a line is coded, and so is the F of `From `: relays that treat
  /// those specially find none.
  static func lines(_ text: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count + text.count / 8 + 80)
    var start = 0
    while start < text.count {
      let end = lineEnd(text, from: start)
      line(text[start..<end], into: &output)
      output += [0x0D, 0x0A]
      start = end + 2
    }
    return output
  }

  /// How many bytes of a text would have to be coded.
  static func coded(_ text: [UInt8]) -> Int { text.count { !isPlain($0) } }

  private static func lineEnd(_ text: [UInt8], from start: Int) -> Int {
    var index = start
    while index + 1 < text.count, !(text[index] == 0x0D && text[index + 1] == 0x0A) { index += 1 }
    return index + 1 < text.count ? index : text.count
  }

  private static func line(_ line: ArraySlice<UInt8>, into output: inout [UInt8]) {
    var width = 0
    for index in line.indices {
      let byte = line[index]
      let isLast = index == line.endIndex - 1
      let isSpace = byte == 0x20 || byte == 0x09
      // A space that ends a line would be lost on the way.
      let mustCode = isSpace ? isLast : !isPlain(byte) || width == 0 && isRisky(line[index...])
      let size = mustCode ? 3 : 1
      if width + size > maximumLineBytes - (isLast ? 0 : 1) {
        output += [UInt8(ascii: "="), 0x0D, 0x0A]
        width = 0
      }
      // A soft break may have made it the first of its line.
      if mustCode || width == 0 && isRisky(line[index...]) {
        output += [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
        width += 3
      } else {
        output.append(byte)
        width += 1
      }
    }
  }

  private static func isRisky(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.first == UInt8(ascii: ".") || rest.starts(with: "From ".utf8)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "=") || byte == 0x09
  }
}
