/// A part's text, made ready for a body.
enum BodyText {
  /// A text is base64 when more than one byte in so many would have to be coded; quoted-printable stays readable.
  private static let codedBytesInOne = 5

  /// The coding's name and the lines.
  struct Coded {
    let encoding: String
    let lines: [UInt8]
  }

  static func coded(_ text: String) -> Coded {
    let normalised = normalised(text)
    // Line ends are not coded.
    let coded = QuotedPrintable.coded(normalised) - 2 * normalised.count { $0 == 0x0A }
    if coded > normalised.count / codedBytesInOne {
      return Coded(encoding: "base64", lines: Base64.lines(normalised))
    }
    return Coded(encoding: "quoted-printable", lines: QuotedPrintable.lines(normalised))
  }

  /// UTF-8 with every line's end as CRLF, the last line's too: a bare CR or LF means different things to different
  /// relays, and a line with a bare LF and a dot has smuggled commands.
  static func normalised(_ text: String) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.utf8.count + text.utf8.count / 32 + 2)
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 0x0D: output += [0x0D, 0x0A]
      case 0x0A: if previous != 0x0D { output += [0x0D, 0x0A] }
      default: output.append(byte)
      }
      previous = byte
    }
    if output.last != 0x0A { output += [0x0D, 0x0A] }
    return output
  }
}
