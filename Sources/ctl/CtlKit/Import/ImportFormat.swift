import ArgumentParser

/// What a file of an import is.
enum ImportFormat: String, Sendable, CaseIterable, ExpressibleByArgument {
  case vcard
  case ical
  case csv
  case jsonl

  /// Bytes at the beginning that tell.
  static let headBytes = 64 * 1024

  init?(argument: String) {
    self.init(word: argument)
  }

  private init?(word: String) {
    switch word.lowercased() {
    case "vcard", "vcf": self = .vcard
    case "ical", "icalendar", "ics": self = .ical
    case "csv", "tsv": self = .csv
    case "jsonl", "ndjson": self = .jsonl
    default: return nil
    }
  }

  /// What it has, for people.
  var noun: String {
    switch self {
    case .vcard, .csv: "people"
    case .ical: "events"
    case .jsonl: "records"
    }
  }

  /// What an input of this format with nothing in it lacks.
  var nothing: (what: String, hint: String) {
    switch self {
    case .vcard: ("card", "a vCard begins with BEGIN:VCARD; is it another format (--format), or UTF-16?")
    case .ical: ("calendar", "a calendar begins with BEGIN:VCALENDAR; is it another format (--format), or UTF-16?")
    case .csv: ("row", "a table has a header, and a row for each person")
    case .jsonl: ("line", "JSON Lines has an object on each line")
    }
  }
}

extension ImportFormat {
  /// What the content says; where it says nothing, the name's ending.
  static func detect(_ head: [UInt8], name: String, mapsColumns: Bool) -> ImportFormat? {
    if let format = marked(head) { return format }
    if let ending = name.split(separator: "/").last?.split(separator: ".").dropFirst().last,
      let format = ImportFormat(word: String(ending))
    {
      return format
    }
    if isObject(head) { return .jsonl }
    return mapsColumns || hasKnownColumns(head) ? .csv : nil
  }

  /// By the first line that begins a card or a calendar.
  private static func marked(_ head: [UInt8]) -> ImportFormat? {
    for line in head.split(whereSeparator: { $0 == Byte.lineFeed || $0 == Byte.carriageReturn }) {
      let text = line.starts(with: ByteOrderMark.utf8) ? line.dropFirst(ByteOrderMark.utf8.count) : line
      guard text.count <= 24, text.first.map(Byte.uppercased) == UInt8(ascii: "B") else { continue }
      switch String(decoding: text.filter { $0 != Byte.space && $0 != Byte.tab }.map(Byte.uppercased), as: UTF8.self) {
      case "BEGIN:VCARD": return .vcard
      case "BEGIN:VCALENDAR": return .ical
      default: continue
      }
    }
    return nil
  }

  private static func isObject(_ head: [UInt8]) -> Bool {
    let text = head.starts(with: ByteOrderMark.utf8) ? head.dropFirst(ByteOrderMark.utf8.count) : head[...]
    let rest = text.drop { $0 <= Byte.space }
    guard rest.first == UInt8(ascii: "{") else { return false }
    return rest.dropFirst().first { $0 > Byte.space }.map { $0 == Byte.quote || $0 == UInt8(ascii: "}") } ?? false
  }

  private static func hasKnownColumns(_ head: [UInt8]) -> Bool {
    var reader = CSVReader(settings: CSVSettings(), source: "")
    do { try reader.consume(head) { _ in } } catch { return false }
    do { try reader.finish { _ in } } catch { return false }
    return reader.hasHeader
  }
}
