import ControlAPI

/// What a source hands out: notes on an item before the item.
enum ImportPart: Sendable {
  case note(ImportNote)
  case entry(ImportEntry)
}

/// One item on its way to the agent.
struct ImportEntry: Sendable {
  /// Number of the line it begins on, from 1; its mark in the answer.
  var line: Int
  /// What it is called in the report.
  var label: String
  var item: Carillon_V1_ImportItem
  /// About how many bytes it has, so that a message stays within the agent's bound.
  var bytes: Int

  /// The resources it makes: the user, or the schedules where there is none.
  var names: [String] { item.hasUser ? [item.user.name] : item.schedules.map(\.name) }
}

/// Reads one format, a piece at a time.
protocol ImportSource: Sendable {
  /// Cards, calendars, rows or lines begun so far.
  var count: Int { get }

  /// Reads the next bytes.
  mutating func consume(_ bytes: ArraySlice<UInt8>) throws(CtlError) -> [ImportPart]

  /// Reads what is left; the input has ended.
  mutating func finish() throws(CtlError) -> [ImportPart]
}

struct VCardSource: ImportSource {
  let items: ImportItems
  private var reader = VCardReader()

  init(items: ImportItems) { self.items = items }

  var count: Int { reader.cardCount }

  mutating func consume(_ bytes: ArraySlice<UInt8>) throws(CtlError) -> [ImportPart] {
    let items = items
    var parts: [ImportPart] = []
    reader.consume(bytes) { parts.append(items.part($0)) }
    return parts
  }

  mutating func finish() throws(CtlError) -> [ImportPart] {
    let items = items
    var parts: [ImportPart] = []
    reader.finish { parts.append(items.part($0)) }
    return parts
  }
}

struct CSVSource: ImportSource {
  let items: ImportItems
  private var reader: CSVReader

  init(items: ImportItems, settings: CSVSettings, name: String) {
    self.items = items
    reader = CSVReader(settings: settings, source: name)
  }

  var count: Int { reader.rowCount }

  mutating func consume(_ bytes: ArraySlice<UInt8>) throws(CtlError) -> [ImportPart] {
    let items = items
    var parts: [ImportPart] = []
    try reader.consume(bytes) { parts.append(items.part($0)) }
    return parts
  }

  mutating func finish() throws(CtlError) -> [ImportPart] {
    let items = items
    var parts: [ImportPart] = []
    try reader.finish { parts.append(items.part($0)) }
    return parts
  }
}

struct ICalendarSource: ImportSource {
  let items: ImportItems
  private var reader: ICalendarReader

  init(items: ImportItems, index: CalendarIndex, settings: CalendarSettings) {
    self.items = items
    reader = ICalendarReader(index: index, settings: settings)
  }

  var count: Int { reader.calendarCount }

  mutating func consume(_ bytes: ArraySlice<UInt8>) throws(CtlError) -> [ImportPart] {
    let items = items
    var parts: [ImportPart] = []
    reader.consume(bytes) { parts.append(items.part($0)) }
    return parts
  }

  mutating func finish() throws(CtlError) -> [ImportPart] {
    let items = items
    var parts: [ImportPart] = []
    reader.finish { parts.append(items.part($0)) }
    return parts
  }
}

struct JSONLinesSource: ImportSource {
  private var reader: JSONLinesReader

  init(namespace: String) { reader = JSONLinesReader(namespace: namespace) }

  var count: Int { reader.lineCount }

  mutating func consume(_ bytes: ArraySlice<UInt8>) throws(CtlError) -> [ImportPart] {
    var parts: [ImportPart] = []
    reader.consume(bytes) { parts.append(Self.part($0)) }
    return parts
  }

  mutating func finish() throws(CtlError) -> [ImportPart] {
    var parts: [ImportPart] = []
    reader.finish { parts.append(Self.part($0)) }
    return parts
  }

  private static func part(_ item: JSONLinesReader.Item) -> ImportPart {
    switch item {
    case .note(let note): return .note(note)
    case .record(var item, let label, let line, let bytes):
      item.tag = Int64(line)
      return .entry(ImportEntry(line: line, label: label, item: item, bytes: bytes))
    }
  }
}

extension ImportItems {
  fileprivate func part(_ item: VCardReader.Item) -> ImportPart {
    switch item {
    case .note(let note): .note(note)
    case .person(let person): .entry(entry(person))
    }
  }

  fileprivate func part(_ item: CSVReader.Item) -> ImportPart {
    switch item {
    case .note(let note): .note(note)
    case .person(let person): .entry(entry(person))
    }
  }

  fileprivate func part(_ item: ICalendarReader.Item) -> ImportPart {
    switch item {
    case .note(let note): .note(note)
    case .event(let event): .entry(entry(event))
    }
  }
}
