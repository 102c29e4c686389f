/// How a table is to be read.
struct CSVSettings: Sendable {
  var mappings: [CSVHeader.Mapping] = []
  var dateOrder: DateOrder?
  /// nil: UTF-8, or UTF-16 by its byte order mark.
  var encoding: TextEncoding?
}

/// Reads people from a stream of rows (RFC 4180) with a header, a piece at a time.
struct CSVReader {
  /// What the reader hands out: notes on a row before its person.
  enum Item: Sendable, Hashable {
    case person(ImportedPerson)
    case note(ImportNote)
  }

  private enum State {
    /// The first line decides the delimiter.
    case start([UInt8])
    case rows(CSVScanner)
    /// Too many rows: the rest is passed over.
    case full
  }

  private let settings: CSVSettings
  private let source: String
  private var converter: EncodingConverter
  private var state = State.start([])
  private var header: CSVHeader?
  private var failure: CtlError?
  private var seen = SeenIdentities()
  /// Rows read so far, without the header.
  private(set) var rowCount = 0

  /// Whether the header was read, and has a column that is known.
  var hasHeader: Bool { header != nil }

  /// - Parameter source: what the input is called in errors.
  init(settings: CSVSettings, source: String) {
    self.settings = settings
    self.source = source
    converter = EncodingConverter(settings.encoding)
  }

  /// Reads the next bytes.
  /// - Throws: when the header cannot be used.
  mutating func consume(_ bytes: some Collection<UInt8>, _ emit: (Item) -> Void) throws(CtlError) {
    read(converter.convert(bytes), emit)
    if let failure { throw failure }
  }

  /// Reads what is left; the input has ended.
  mutating func finish(_ emit: (Item) -> Void) throws(CtlError) {
    read(converter.finish(), emit)
    if case .start(let bytes) = state { begin(bytes, emit) }
    if case .rows(var scanner) = state { scanner.finish { take($0, emit) } }
    if let failure { throw failure }
  }

  private mutating func read(_ bytes: [UInt8], _ emit: (Item) -> Void) {
    switch state {
    case .start(let kept):
      let all = kept + bytes
      if all.contains(Byte.lineFeed) || all.count > CSVLimits.maxRowBytes {
        begin(all, emit)
      } else {
        state = .start(all)
      }
    case .rows(var scanner):
      // The scanner is taken out of the state, so that changing it copies nothing.
      state = .full
      var isFull = false
      scanner.consume(bytes) { isFull = !take($0, emit) || isFull }
      if !isFull { state = .rows(scanner) }
    case .full: break
    }
  }

  /// The first line is here: finds the delimiter. Excel may name it there (`sep=;`).
  private mutating func begin(_ bytes: [UInt8], _ emit: (Item) -> Void) {
    let named = bytes.count > 4 && bytes.starts(with: Array("sep=".utf8)) ? bytes[4] : nil
    var scanner = CSVScanner(delimiter: named ?? CSVScanner.delimiter(of: bytes) ?? Byte.comma)
    isDelimiterLine = named != nil
    state = .full
    var isFull = false
    scanner.consume(bytes) { isFull = !take($0, emit) || isFull }
    if !isFull { state = .rows(scanner) }
  }

  private var isDelimiterLine = false

  /// False when no more rows are read.
  @discardableResult
  private mutating func take(_ row: CSVRow, _ emit: (Item) -> Void) -> Bool {
    guard failure == nil else { return false }
    if isDelimiterLine {
      isDelimiterLine = false
      return true
    }
    guard !row.isEmpty else { return true }
    guard let header else {
      do {
        let found = try CSVHeader(row, mappings: settings.mappings, source: source)
        for note in found.notes { emit(.note(note)) }
        header = found
      } catch { failure = error }
      return failure == nil
    }
    guard rowCount < CSVLimits.maxRows else {
      let reason = "more than \(CSVLimits.maxRows) rows: the rest is not read; split the file"
      emit(.note(ImportNote(kind: .itemRefused, line: row.line, property: nil, reason: reason)))
      return false
    }
    rowCount += 1
    read(row, header, emit)
    return true
  }

  private mutating func read(_ row: CSVRow, _ header: CSVHeader, _ emit: (Item) -> Void) {
    var draft = RowDraft(row, dates: TableDate(order: settings.dateOrder))
    let person: ImportedPerson
    do { person = try draft.person(header) } catch {
      return refuse(.itemRefused, row, "row refused: \(error.reason)", emit)
    }
    guard seen.insert(person.id) else {
      return refuse(.itemSkipped, row, "row skipped: the id \(Excerpt.of(person.id)) was on an earlier row", emit)
    }
    for note in draft.notes { emit(.note(note)) }
    emit(.person(person))
  }

  private func refuse(_ kind: ImportNote.Kind, _ row: CSVRow, _ reason: String, _ emit: (Item) -> Void) {
    emit(.note(ImportNote(kind: kind, line: row.line, property: nil, reason: reason)))
  }
}
