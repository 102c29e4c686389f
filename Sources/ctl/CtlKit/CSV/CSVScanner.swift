/// One row of a table.
struct CSVRow: Equatable {
  /// Number of its first line, from 1.
  var line: Int
  var fields: [[UInt8]]
  /// Why it cannot be used.
  var fault: String?

  /// A line without anything.
  var isEmpty: Bool { fault == nil && fields.allSatisfy { $0.allSatisfy { $0 == Byte.space } } }
}

/// Splits bytes into rows and fields: RFC 4180, and what spreadsheets make of it (line feeds alone, line breaks in
/// quotes, blanks after a closing quote). Takes any of several delimiters.
struct CSVScanner {
  private enum State {
    case fieldStart
    case plain
    case quoted
    /// After a quote inside a quoted field: a second one stands for a quote, anything else ends the field.
    case quoteInQuoted
    /// After a field's closing quote.
    case afterQuoted
  }

  let delimiter: UInt8
  private var state = State.fieldStart
  private var row: CSVRow
  private var field: [UInt8] = []
  private var rowBytes = 0
  private var line = 1
  private var quoteLine = 1

  init(delimiter: UInt8) {
    self.delimiter = delimiter
    row = CSVRow(line: 1, fields: [])
  }

  /// Takes the next bytes and hands each row that they complete to `body`.
  mutating func consume(_ bytes: some Sequence<UInt8>, _ body: (CSVRow) -> Void) {
    let bytes = Array(bytes)
    var start = 0
    while start < bytes.count {
      let end = endOfText(bytes, from: start)
      if end > start {
        field.append(contentsOf: bytes[start..<end])
        rowBytes += end - start
        if state == .fieldStart { state = .plain }
        start = end
      } else {
        take(bytes[start], body)
        start += 1
      }
    }
  }

  /// Where the bytes end that can only be a field's text: most are, and need no decision each.
  private func endOfText(_ bytes: [UInt8], from start: Int) -> Int {
    guard state == .plain || state == .fieldStart || state == .quoted else { return start }
    let most = min(bytes.count, start + max(0, CSVLimits.maxRowBytes - rowBytes))
    var end = start
    while end < most {
      switch bytes[end] {
      case delimiter, Byte.quote, Byte.lineFeed, Byte.carriageReturn: return end
      default: end += 1
      }
    }
    return end
  }

  /// Hands out the last row; the input has ended.
  mutating func finish(_ body: (CSVRow) -> Void) {
    if state == .quoted { row.fault = row.fault ?? "the quote that begins on line \(quoteLine) does not end" }
    if rowBytes > 0 { endRow(body) }
  }

  private mutating func take(_ byte: UInt8, _ body: (CSVRow) -> Void) {
    if byte == Byte.lineFeed { line += 1 }
    rowBytes += 1
    if rowBytes > CSVLimits.maxRowBytes { return overflow(byte, body) }
    switch state {
    case .quoted:
      if byte == Byte.quote { state = .quoteInQuoted } else { field.append(byte) }
    case .quoteInQuoted where byte == Byte.quote:
      field.append(byte)
      state = .quoted
    case .fieldStart where byte == Byte.quote:
      quoteLine = line
      state = .quoted
    case .fieldStart, .plain, .quoteInQuoted, .afterQuoted: takeUnquoted(byte, body)
    }
  }

  private mutating func takeUnquoted(_ byte: UInt8, _ body: (CSVRow) -> Void) {
    switch byte {
    case delimiter: endField()
    case Byte.lineFeed: endRow(body)
    case Byte.carriageReturn:
      // The end of a line, as it will turn out; a lone one is text.
      if state == .fieldStart || state == .plain { field.append(byte) } else { state = .afterQuoted }
    default:
      if state == .quoteInQuoted || state == .afterQuoted {
        state = .afterQuoted
        if byte != Byte.space, byte != Byte.tab { row.fault = row.fault ?? "text follows a closing quote" }
      } else {
        state = .plain
        field.append(byte)
      }
    }
  }

  /// Too long, most often for a quote that never ends: the next line begins a row again.
  private mutating func overflow(_ byte: UInt8, _ body: (CSVRow) -> Void) {
    if row.fault == nil {
      let isQuoted = state == .quoted || state == .quoteInQuoted
      row.fault =
        "the row is longer than \(CSVLimits.maxRowBytes) bytes"
        + (isQuoted ? "; does the quote that begins on line \(quoteLine) end?" : "")
      row.fields = []
    }
    field = []
    state = .plain
    if byte == Byte.lineFeed { endRow(body) }
  }

  private mutating func endField() {
    if state == .plain || state == .fieldStart, field.last == Byte.carriageReturn { field.removeLast() }
    if row.fields.count < CSVLimits.maxColumns {
      row.fields.append(field)
    } else {
      row.fault = row.fault ?? "the row has more than \(CSVLimits.maxColumns) columns"
    }
    field = []
    state = .fieldStart
  }

  private mutating func endRow(_ body: (CSVRow) -> Void) {
    endField()
    body(row)
    row = CSVRow(line: line, fields: [])
    rowBytes = 0
  }
}

extension CSVScanner {
  /// In the order in which equal counts are decided.
  private static let delimiters = [Byte.comma, Byte.semicolon, Byte.tab, UInt8(ascii: "|")]

  /// The delimiter that stands most often in a first line outside of quotes; nil when none does.
  static func delimiter(of bytes: some Sequence<UInt8>) -> UInt8? {
    var counts = [UInt8: Int]()
    var isQuoted = false
    for byte in bytes {
      if byte == Byte.quote { isQuoted.toggle() }
      if byte == Byte.lineFeed, !isQuoted { break }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    var best: (byte: UInt8, count: Int)?
    for byte in delimiters where counts[byte, default: 0] > best?.count ?? 0 {
      best = (byte, counts[byte, default: 0])
    }
    return best?.byte
  }
}
