/// Reads events and tasks from a stream of iCalendar text (RFC 5545), a piece at a time; the second reading, after
/// ``CalendarIndex``.
struct ICalendarReader: Sendable {
  /// What the reader hands out: notes on an event before the event.
  enum Item: Sendable, Hashable {
    case event(ImportedEvent)
    case note(ImportNote)
  }

  private let settings: CalendarSettings
  private let overrides: OverrideTable
  private var zones: ZoneResolver
  private var unfolder = LineUnfolder()
  private var scanner = ComponentScanner()
  private var marks = ByteOrderMark()
  private var seen = SeenIdentities()
  /// Why nothing of the present calendar is taken.
  private var calendarRefusal: (kind: ImportNote.Kind, reason: String)?
  private var componentCount = 0

  init(index: CalendarIndex, settings: CalendarSettings) {
    self.settings = settings
    overrides = index.overrides
    zones = index.zones
  }

  /// Calendars begun so far.
  var calendarCount: Int { scanner.calendarCount }

  /// Reads the next bytes.
  mutating func consume(_ bytes: some Sequence<UInt8>, _ emit: (Item) -> Void) {
    var lines = unfolder
    lines.consume(bytes) { read($0, emit) }
    unfolder = lines
  }

  /// Reads what is left; the input has ended.
  mutating func finish(_ emit: (Item) -> Void) {
    var lines = unfolder
    lines.finish { read($0, emit) }
    unfolder = lines
    scanner.finish { if case .note(let note) = $0 { emit(.note(note)) } }
  }

  private mutating func read(_ line: LogicalLine, _ emit: (Item) -> Void) {
    var found: [ComponentScanner.Found] = []
    scanner.read(marks.removed(from: line)) { found.append($0) }
    for part in found { take(part, emit) }
  }

  private mutating func take(_ found: ComponentScanner.Found, _ emit: (Item) -> Void) {
    switch found {
    case .calendar: calendarRefusal = nil
    case .note(let note): emit(.note(note))
    case .property(let property): takeCalendarProperty(property)
    case .component(let component):
      if component.name != "VTIMEZONE" { read(component, emit) }
    }
  }

  private mutating func takeCalendarProperty(_ property: CalendarProperty) {
    let value = property.token?.uppercased() ?? ""
    switch property.name {
    case "METHOD" where value == "CANCEL":
      calendarRefusal = (.itemSkipped, "the calendar cancels it (METHOD:CANCEL on line \(property.line))")
    case "METHOD" where ["REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"].contains(value):
      calendarRefusal = (.itemSkipped, "the calendar is an answer to an invitation (METHOD:\(value))")
    case "VERSION" where value == "1.0":
      calendarRefusal = (.itemRefused, "it is in vCalendar 1.0, whose rules are others; export it as iCalendar 2.0")
    default: break
    }
  }

  private mutating func read(_ component: CalendarComponent, _ emit: (Item) -> Void) {
    componentCount += 1
    guard componentCount <= ICalendarLimits.maxComponents else {
      if componentCount == ICalendarLimits.maxComponents + 1 {
        let reason = "more than \(ICalendarLimits.maxComponents) events: the rest is not read; split the file"
        emit(.note(ImportNote(kind: .itemRefused, line: component.line, property: nil, reason: reason)))
      }
      return
    }
    var draft = EventDraft(component, settings: settings, zones: zones)
    let event: ImportedEvent
    do throws(EventDraft.Refusal) {
      if let calendarRefusal { throw EventDraft.Refusal(kind: calendarRefusal.kind, reason: calendarRefusal.reason) }
      event = try draft.event(leavingOut: overrides, unless: &seen)
      zones = draft.zones
    } catch {
      zones = draft.zones
      let reason = "\(component.noun) \(error.kind == .itemSkipped ? "skipped" : "refused"): \(error.reason)"
      for note in draft.allNotes { emit(.note(note)) }
      return emit(.note(ImportNote(kind: error.kind, line: component.line, property: nil, reason: reason)))
    }
    for note in draft.allNotes { emit(.note(note)) }
    emit(.event(event))
  }
}
