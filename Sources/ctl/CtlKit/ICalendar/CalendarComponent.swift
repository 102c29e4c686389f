/// A component of a calendar with the properties that an import uses (RFC 5545 section 3.6).
struct CalendarComponent: Equatable, Sendable {
  /// Upper case: `VEVENT`.
  let name: String
  /// Number of its BEGIN line, from 1.
  let line: Int
  var properties: [CalendarProperty] = []
  var children: [CalendarComponent] = []
  /// Lines of it that cannot be read, and cost only themselves.
  var notes: [ImportNote] = []
  /// Why it cannot be taken at all, though its end was found.
  var fault: String?

  init(name: String, line: Int) {
    self.name = name
    self.line = line
  }

  /// The first property of a name.
  subscript(name: String) -> CalendarProperty? { properties.first { $0.content.name == name } }

  /// All properties of a name.
  func all(_ name: String) -> [CalendarProperty] { properties.filter { $0.content.name == name } }

  /// `event` or `task`, for a report.
  var noun: String { name == "VTODO" ? "task" : "event" }
}

/// A property with its place.
struct CalendarProperty: Equatable, Sendable {
  var line: Int
  var content: ContentLine
  /// The line was longer than is kept.
  var isCut = false

  var name: String { content.name }

  /// The value as it stands, or why it is no text.
  var raw: Result<String, TextValue.Failure> {
    Result { () throws(TextValue.Failure) in try TextValue.decode(content) }
  }

  /// The value without blanks at its ends, where it is text.
  var token: String? {
    guard case .success(let text) = raw else { return nil }
    return TextValue.singleLine(text, maxLength: .max)
  }
}

extension CalendarProperty {
  /// The properties that are used; every other one passes without a word.
  static let used: Set<String> = [
    "UID", "DTSTART", "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "SUMMARY",
    "DESCRIPTION", "LOCATION", "STATUS", "COMPLETED", "PERCENT-COMPLETE", "TRIGGER", "ACTION", "REPEAT", "PROXIMITY",
    "X-APPLE-PROXIMITY", "TZID", "X-LIC-LOCATION", "TZURL", "TZOFFSETFROM", "TZOFFSETTO",
  ]

  /// Those without which an event would ring at the wrong time: one that cannot be read costs the whole event.
  static let essential: Set<String> = [
    "UID", "DTSTART", "DUE", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "TRIGGER", "TZOFFSETFROM",
    "TZOFFSETTO", "TZID", "STATUS",
  ]
}
