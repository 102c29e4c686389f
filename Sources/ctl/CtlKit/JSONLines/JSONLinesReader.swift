import ControlAPI

/// Reads users and schedules from a stream of JSON objects, one a line (jsonlines.org), a piece at a time.
struct JSONLinesReader {
  /// What the reader hands out.
  enum Item: Sendable {
    case record(Carillon_V1_ImportItem, label: String, line: Int, bytes: Int)
    case note(ImportNote)
  }

  private let records: RecordReader
  private var splitter = LineSplitter(maxBytes: JSONLinesLimits.maxLineBytes)
  private var seen = SeenIdentities()
  /// Lines with something on them so far.
  private(set) var lineCount = 0

  init(namespace: String) { records = RecordReader(namespace: namespace) }

  /// Reads the next bytes.
  mutating func consume(_ bytes: some Collection<UInt8>, _ emit: (Item) -> Void) {
    var lines = splitter
    lines.consume(bytes) { read($0, emit) }
    splitter = lines
  }

  /// Reads what is left; the input has ended.
  mutating func finish(_ emit: (Item) -> Void) {
    var lines = splitter
    lines.finish { read($0, emit) }
    splitter = lines
  }

  private mutating func read(_ line: LineSplitter.Line, _ emit: (Item) -> Void) {
    var bytes = line.bytes[...]
    if line.number == 1, bytes.starts(with: ByteOrderMark.utf8) { bytes = bytes.dropFirst(ByteOrderMark.utf8.count) }
    guard bytes.contains(where: { ![Byte.space, Byte.tab, Byte.carriageReturn].contains($0) }) else { return }
    lineCount += 1
    guard lineCount <= JSONLinesLimits.maxLines else {
      if lineCount == JSONLinesLimits.maxLines + 1 {
        refuse(line, "more than \(JSONLinesLimits.maxLines) lines: the rest is not read; split the file", emit)
      }
      return
    }
    guard !line.isCut else { return refuse(line, "is longer than \(JSONLinesLimits.maxLineBytes) bytes", emit) }
    do {
      let (item, label) = try records.item(Array(bytes))
      let name = item.hasUser ? item.user.name : item.schedules.first?.name ?? ""
      guard seen.insert(name) else {
        let reason = "\(Excerpt.of(ResourceName.id(name))) was on an earlier line"
        return emit(.note(ImportNote(kind: .itemSkipped, line: line.number, property: nil, reason: reason)))
      }
      emit(.record(item, label: label, line: line.number, bytes: bytes.count))
    } catch {
      emit(.note(ImportNote(kind: error.kind, line: line.number, property: nil, reason: error.reason)))
    }
  }

  private func refuse(_ line: LineSplitter.Line, _ reason: String, _ emit: (Item) -> Void) {
    emit(.note(ImportNote(kind: .itemRefused, line: line.number, property: nil, reason: reason)))
  }
}
