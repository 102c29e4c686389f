/// The first reading of a calendar: what may stand after the events that need it. Time zones, and the occurrences that
/// are described apart from their series.
struct CalendarIndex {
  private(set) var zones: ZoneResolver
  private(set) var overrides = OverrideTable()
  private var unfolder = LineUnfolder()
  private var scanner = ComponentScanner()
  private var marks = ByteOrderMark()
  private var fault: CtlError?

  /// - Parameter now: milliseconds since 1970.
  init(now: Int64) { zones = ZoneResolver(now: now) }

  /// Reads the next bytes; none: the input has ended.
  mutating func consume(_ bytes: some Collection<UInt8>) throws(CtlError) {
    var lines = unfolder
    if bytes.isEmpty {
      lines.finish { read($0) }
      scanner.finish { _ in }
    } else {
      lines.consume(bytes) { read($0) }
    }
    unfolder = lines
    if let fault { throw fault }
  }

  private mutating func read(_ line: LogicalLine) {
    var components: [CalendarComponent] = []
    scanner.read(marks.removed(from: line)) { if case .component(let component) = $0 { components.append(component) } }
    for component in components { take(component) }
  }

  private mutating func take(_ component: CalendarComponent) {
    if component.name == "VTIMEZONE" {
      guard zones.definitionCount < ICalendarLimits.maxZones else {
        return refuse("time zones (VTIMEZONE)", ICalendarLimits.maxZones)
      }
      return zones.add(component)
    }
    guard let property = component["RECURRENCE-ID"], property.content.parameter("RANGE") == nil,
      component.fault == nil, let uid = component["UID"]?.token, let time = property.token.flatMap(CalendarTime.init)
    else { return }
    if !overrides.add(.init(time: time, zone: property.content.parameter("TZID")), of: uid) {
      refuse("changed occurrences (RECURRENCE-ID)", ICalendarLimits.maxOverrides)
    }
  }

  private mutating func refuse(_ what: String, _ most: Int) {
    fault = CtlError(.invalidArgument, "the calendar has more than \(most) \(what)", hint: "split the file")
  }
}

/// Takes the byte order mark off the first line of an input.
struct ByteOrderMark {
  static let utf8: [UInt8] = [0xEF, 0xBB, 0xBF]
  private var isFirstLine = true

  mutating func removed(from line: LogicalLine) -> LogicalLine {
    guard isFirstLine else { return line }
    isFirstLine = false
    guard line.bytes.starts(with: Self.utf8) else { return line }
    var rest = line
    rest.bytes.removeFirst(Self.utf8.count)
    return rest
  }
}
