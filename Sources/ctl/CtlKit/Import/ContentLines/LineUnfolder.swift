/// One unfolded line of a vCard or iCalendar stream.
struct LogicalLine: Equatable {
  /// Number of its first physical line, from 1.
  var number: Int
  /// Content without line ends and folds; the first ``ContentLineLimits/maxLineBytes`` bytes of it.
  var bytes: [UInt8]
  /// More followed than is kept.
  var isTruncated = false
}

/// Joins physical lines to logical ones: RFC 6350 section 3.2 and RFC 5545 section 3.1 (a line that begins with a space or a
/// tab continues the one before, also in the middle of a UTF-8 sequence, hence on bytes) and the
/// soft line breaks of quoted-printable as vCard 2.1 writes them (`=` at the end of a line).
///
/// Bytes come in pieces of any size. A line is handed out when the next one is known not to continue it.
struct LineUnfolder {
  private enum Position {
    /// At the start of a physical line: its first byte decides whether it continues the last one.
    case lineStart
    case inLine
    /// After a quoted-printable soft break: whatever comes belongs to the last line.
    case softBreak
  }

  private var position = Position.lineStart
  private var current: LogicalLine?
  private var physicalLine = 1
  private var header = QuotedPrintableHeader()

  /// Takes the next bytes and hands each line that they complete to `body`.
  mutating func consume(_ bytes: some Sequence<UInt8>, _ body: (LogicalLine) -> Void) {
    for byte in bytes {
      if byte == Byte.lineFeed {
        endPhysicalLine(body)
      } else {
        take(byte, body)
      }
    }
  }

  /// Hands out the last line; the input has ended.
  mutating func finish(_ body: (LogicalLine) -> Void) {
    if position == .inLine { endPhysicalLine(body) }
    if let line = current { body(line) }
    current = nil
  }

  private mutating func take(_ byte: UInt8, _ body: (LogicalLine) -> Void) {
    switch position {
    case .lineStart:
      position = .inLine
      if byte == Byte.space || byte == Byte.tab, current != nil { return }
      if let line = current { body(line) }
      current = LogicalLine(number: physicalLine, bytes: [])
      header = QuotedPrintableHeader()
      append(byte)
    case .inLine, .softBreak:
      position = .inLine
      append(byte)
    }
  }

  private mutating func append(_ byte: UInt8) {
    header.see(byte)
    guard let count = current?.bytes.count, count < ContentLineLimits.maxLineBytes else {
      current?.isTruncated = true
      return
    }
    current?.bytes.append(byte)
  }

  private mutating func endPhysicalLine(_ body: (LogicalLine) -> Void) {
    physicalLine &+= 1
    if position == .lineStart {
      // An empty line: nothing may continue across it.
      if let line = current { body(line) }
      current = nil
      return
    }
    if current?.bytes.last == Byte.carriageReturn { current?.bytes.removeLast() }
    if header.isQuotedPrintable, current?.bytes.last == Byte.equals, current?.isTruncated == false {
      current?.bytes.removeLast()
      position = .softBreak
    } else {
      position = .lineStart
    }
  }
}

/// Watches the part of a line before its colon for the word QUOTED-PRINTABLE, in any case.
private struct QuotedPrintableHeader {
  private static let word = Array("QUOTED-PRINTABLE".utf8)
  private var matched = 0
  private var isOver = false
  private(set) var isQuotedPrintable = false

  mutating func see(_ byte: UInt8) {
    guard !isOver else { return }
    if byte == Byte.colon {
      isOver = true
      return
    }
    let upper = Byte.uppercased(byte)
    if upper == Self.word[matched] {
      matched += 1
    } else {
      matched = upper == Self.word[0] ? 1 : 0
    }
    if matched == Self.word.count {
      isQuotedPrintable = true
      matched = 0
    }
  }
}
