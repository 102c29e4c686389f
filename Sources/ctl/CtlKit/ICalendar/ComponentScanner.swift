/// Groups the lines of a calendar into its events, tasks and time zones.
///
/// What is broken costs the component that it is in; the next `BEGIN` is read again.
struct ComponentScanner {
  enum Found {
    case component(CalendarComponent)
    case note(ImportNote)
    /// A calendar begins; what was said of the last one holds no more.
    case calendar
    /// A property of the calendar itself.
    case property(CalendarProperty)
  }

  private static let taken: Set<String> = ["VEVENT", "VTODO", "VTIMEZONE"]
  /// What stands directly in a calendar, or is one: its BEGIN ends whatever is still open.
  private static let outer: Set<String> = ["VCALENDAR", "VEVENT", "VTODO", "VTIMEZONE", "VJOURNAL", "VFREEBUSY"]
  private static let ofCalendar: Set<String> = ["METHOD", "VERSION"]

  private var isInCalendar = false
  /// Whether this stretch of foreign lines was told already.
  private var isOutsideTold = false
  private var stack: [CalendarComponent] = []
  private var lineCount = 0
  private var byteCount = 0
  /// The component that is passed over until it ends.
  private var ignored: String?
  private var ignoredDepth = 0
  private(set) var calendarCount = 0

  /// Reads the next line.
  mutating func read(_ line: LogicalLine, _ emit: (Found) -> Void) {
    switch Mark(line.bytes) {
    case .begin(let name): begin(name, line.number, emit)
    case .end(let name): end(name, line.number, emit)
    case nil: readProperty(line, emit)
    }
  }

  /// The input has ended.
  mutating func finish(_ emit: (Found) -> Void) {
    refuse("the input ends before END:\(stack.first?.name ?? "")", emit)
  }

  // MARK: marks

  private mutating func begin(_ name: String, _ number: Int, _ emit: (Found) -> Void) {
    if Self.outer.contains(name) {
      refuse("no END:\(stack.first?.name ?? "") before BEGIN:\(name) on line \(number)", emit)
      ignored = nil
    }
    if ignored != nil {
      if name == ignored { ignoredDepth += 1 }
      return
    }
    if name == "VCALENDAR" {
      isInCalendar = true
      isOutsideTold = false
      calendarCount += 1
      return emit(.calendar)
    }
    guard isInCalendar else { return tellOutside("BEGIN:\(name)", number, emit) }
    if stack.isEmpty { beginOuter(name, number, emit) } else { beginInner(name, number, emit) }
  }

  private mutating func beginOuter(_ name: String, _ number: Int, _ emit: (Found) -> Void) {
    guard Self.taken.contains(name) else {
      ignore(name)
      let reason = "a component \(Excerpt.of(name)) is not taken; events (VEVENT) and tasks (VTODO) are"
      return emit(.note(ImportNote(kind: .itemSkipped, line: number, property: nil, reason: reason)))
    }
    stack = [CalendarComponent(name: name, line: number)]
    lineCount = 0
    byteCount = 0
  }

  private mutating func beginInner(_ name: String, _ number: Int, _ emit: (Found) -> Void) {
    guard stack.count < ICalendarLimits.maxDepth else {
      return drop("components nest deeper than \(ICalendarLimits.maxDepth) on line \(number)", emit)
    }
    guard countLine(emit) else { return }
    stack.append(CalendarComponent(name: name, line: number))
  }

  private mutating func end(_ name: String, _ number: Int, _ emit: (Found) -> Void) {
    if name == "VCALENDAR" {
      refuse("no END:\(stack.first?.name ?? "") before END:VCALENDAR on line \(number)", emit)
      ignored = nil
      isInCalendar = false
      return
    }
    if let ignored {
      guard name == ignored else { return }
      ignoredDepth -= 1
      if ignoredDepth == 0 { self.ignored = nil }
      return
    }
    guard let top = stack.last else {
      return isInCalendar ? () : tellOutside("END:\(name)", number, emit)
    }
    guard top.name == name else {
      return drop("END:\(name) on line \(number) where END:\(top.name) is due", emit)
    }
    stack.removeLast()
    guard !stack.isEmpty else { return emit(.component(top)) }
    stack[stack.count - 1].children.append(top)
  }

  // MARK: properties

  private mutating func readProperty(_ line: LogicalLine, _ emit: (Found) -> Void) {
    guard ignored == nil, !line.bytes.allSatisfy({ $0 == Byte.space || $0 == Byte.tab }) else { return }
    guard isInCalendar else { return tellOutside(line.bytes, line.number, emit) }
    let name = Self.name(line.bytes)
    guard !stack.isEmpty else {
      if Self.ofCalendar.contains(name), let content = try? ContentLine(line.bytes) {
        emit(.property(CalendarProperty(line: line.number, content: content, isCut: line.isTruncated)))
      }
      return
    }
    guard countLine(emit) else { return }
    // A line without a name that is known may be a known one that is broken; that is told.
    guard CalendarProperty.used.contains(name) || name.isEmpty else { return }
    byteCount += line.bytes.count
    guard byteCount <= ICalendarLimits.maxComponentBytes else {
      return drop("more than \(ICalendarLimits.maxComponentBytes) bytes", emit)
    }
    take(line, name)
  }

  /// False when the component has more lines than one may have; it is dropped then.
  private mutating func countLine(_ emit: (Found) -> Void) -> Bool {
    lineCount += 1
    if lineCount > ICalendarLimits.maxComponentLines {
      drop("more than \(ICalendarLimits.maxComponentLines) lines", emit)
      return false
    }
    return true
  }

  private mutating func take(_ line: LogicalLine, _ name: String) {
    let top = stack.count - 1
    let isEssential = CalendarProperty.essential.contains(name)
    if line.isTruncated, isEssential {
      stack[0].fault = "\(name) on line \(line.number) is longer than \(ContentLineLimits.maxLineBytes) bytes"
      return
    }
    do {
      let content = try ContentLine(line.bytes)
      stack[top].properties.append(.init(line: line.number, content: content, isCut: line.isTruncated))
    } catch {
      let reason = "\(error.rawValue): \(Excerpt.of(line.bytes))"
      if isEssential { stack[0].fault = "line \(line.number): \(reason)" }
      guard !isEssential, stack[0].notes.count < ICalendarLimits.maxNotesPerComponent else { return }
      stack[0].notes.append(ImportNote(kind: .propertySkipped, line: line.number, property: nil, reason: reason))
    }
  }

  /// What stands before the first `;` or `:`, upper case; nothing when that is no name.
  private static func name(_ bytes: [UInt8]) -> String {
    let word = bytes.prefix(64).prefix { $0 != Byte.semicolon && $0 != Byte.colon }
    guard word.count < min(bytes.count, 64),
      word.allSatisfy({ Byte.isLetter($0) || Byte.isDigit($0) || $0 == Byte.dash || $0 == Byte.underscore })
    else { return "" }
    return String(decoding: word.map(Byte.uppercased), as: UTF8.self)
  }

  // MARK: what is wrong

  private mutating func tellOutside(_ text: some Collection<UInt8>, _ number: Int, _ emit: (Found) -> Void) {
    guard !isOutsideTold else { return }
    isOutsideTold = true
    let reason = "outside any calendar (BEGIN:VCALENDAR … END:VCALENDAR): \(Excerpt.of(text))"
    emit(.note(ImportNote(kind: .outside, line: number, property: nil, reason: reason)))
  }

  private mutating func tellOutside(_ text: String, _ number: Int, _ emit: (Found) -> Void) {
    tellOutside(Array(text.utf8), number, emit)
  }

  /// Refuses what is open, if anything is.
  private mutating func refuse(_ reason: String, _ emit: (Found) -> Void) {
    guard let component = stack.first else { return }
    stack = []
    for note in component.notes { emit(.note(note)) }
    emit(
      .note(
        ImportNote(
          kind: .itemRefused, line: component.line, property: nil, reason: "\(component.noun) refused: \(reason)")))
  }

  /// Refuses what is open, and passes over the rest of it.
  private mutating func drop(_ reason: String, _ emit: (Found) -> Void) {
    let name = stack.first?.name ?? ""
    refuse(reason, emit)
    ignore(name)
  }

  private mutating func ignore(_ name: String) {
    ignored = name
    ignoredDepth = 1
  }
}

extension ComponentScanner {
  /// The lines that enclose a component.
  private enum Mark {
    case begin(String)
    case end(String)

    init?(_ bytes: [UInt8]) {
      guard bytes.count <= 80, let colon = bytes.firstIndex(of: Byte.colon), colon == 3 || colon == 5 else {
        return nil
      }
      let word = String(decoding: bytes[..<colon].map(Byte.uppercased), as: UTF8.self)
      guard word == "BEGIN" || word == "END" else { return nil }
      let rest = bytes[(colon + 1)...].filter { $0 != Byte.space && $0 != Byte.tab }
      let name = String(decoding: rest.map(Byte.uppercased), as: UTF8.self)
      self = word == "BEGIN" ? .begin(name) : .end(name)
    }
  }
}
