/// When an event rings.
enum Ring: Hashable {
  /// Minutes before each occurrence; negative: after. An all-day event's alarm counts from its 00:00.
  case before(minutes: Int64, fromMidnight: Bool)
  /// Once, at an instant.
  case once(CalendarTime)

  func reminder(
    id: String, title: String, text: String, start: ReminderTime, series: EventSeries, settings: CalendarSettings
  ) -> ImportedReminder {
    switch self {
    case .once(let time):
      return ImportedReminder(id: id, title: title, text: text, start: time.text, timeZone: settings.zone)
    case .before(let minutes, let fromMidnight):
      var time = start.time
      // A series needs a zone to repeat in; a single instant does not.
      let isUTCSeries = time.isUTC && series.isRepeated
      if isUTCSeries { time.isUTC = false }
      return ImportedReminder(
        id: id, title: title, text: text, start: time.text,
        at: time.isDate ? (fromMidnight ? "00:00" : settings.at) : nil, rule: series.rule, added: series.added,
        excluded: series.excluded, leadMinutes: minutes,
        timeZone: isUTCSeries ? "UTC" : start.zone ?? settings.zone)
    }
  }

  /// Whether it rang for the last time before `now` (milliseconds since 1970), with two days to spare for zones.
  func isOver(_ series: EventSeries, now: Int64) -> Bool {
    let last: Int64
    switch self {
    case .once(let time): last = time.seconds
    case .before(let minutes, _):
      guard let day = series.lastDay else { return false }
      last = day * 86_400 + max(0, -minutes) * 60
    }
    return last + 2 * 86_400 < now / 1_000
  }
}

extension EventDraft {
  /// When it rings, earliest first, by number: at its alarms; without any, before its start as the settings say. What
  /// is over keeps its number, so that the others keep theirs at a later import.
  mutating func rings(_ anchor: ReminderTime, _ series: EventSeries) throws(Refusal) -> [(index: Int, ring: Ring)] {
    var rings: [Ring] = []
    let alarms = settings.takesAlarms ? component.children.filter { $0.name == "VALARM" } : []
    for alarm in alarms {
      guard let ring = try ring(alarm, anchor), !rings.contains(ring) else { continue }
      guard rings.count < ICalendarLimits.maxAlarms else {
        throw Refusal(reason: "it has more than \(ICalendarLimits.maxAlarms) alarms")
      }
      rings.append(ring)
    }
    if rings.isEmpty { rings = [try standardRing(anchor)] }
    rings.sort { Self.rank($0) > Self.rank($1) }
    let numbered = rings.enumerated().map { (index: $0.offset, ring: $0.element) }
    let coming = numbered.filter { settings.takesPast || !$0.ring.isOver(series, now: settings.now) }
    guard !coming.isEmpty else {
      let day = CalendarTime(day: series.lastDay ?? anchor.time.day, second: nil).text
      throw Refusal(kind: .itemSkipped, reason: "it was over on \(day); --past takes it")
    }
    return coming
  }

  private static func rank(_ ring: Ring) -> Int64 {
    switch ring {
    case .before(let minutes, _): minutes
    // Absolute ones come last, the earliest first.
    case .once(let time): ICalendarLimits.leadMinutes.lowerBound - 1 - time.seconds
    }
  }

  private mutating func standardRing(_ anchor: ReminderTime) throws(Refusal) -> Ring {
    // A repeated task is counted from its start, and rings when it is due.
    var wait: Int64 = 0
    if component.name == "VTODO", let due = component["DUE"] { wait = try seconds(from: anchor, to: due) }
    return .before(minutes: settings.defaultLeadMinutes - wait / 60, fromMidnight: false)
  }

  private mutating func ring(_ alarm: CalendarComponent, _ anchor: ReminderTime) throws(Refusal) -> Ring? {
    // Apple's calendar writes an alarm without an action for "no alarm, not even the standard one".
    guard alarm["ACTION"]?.token?.uppercased() != "NONE" else { return nil }
    if let place = alarm["PROXIMITY"] ?? alarm["X-APPLE-PROXIMITY"] {
      note(.propertySkipped, place, "an alarm that rings at a place is not taken")
      return nil
    }
    guard let trigger = alarm["TRIGGER"], let text = trigger.token else {
      throw Refusal(reason: "the alarm on line \(alarm.line) has no TRIGGER")
    }
    if let property = alarm["REPEAT"], property.token != "0" {
      note(.adjusted, property, "an alarm that rings again and again is taken once")
    }
    if let time = CalendarTime(text), !time.isDate {
      return .once(CalendarTime(day: time.day, second: time.second, isUTC: true))
    }
    guard let offset = CalendarDuration.seconds(text) else {
      throw Refusal(reason: "TRIGGER on line \(trigger.line) is no span of time such as -PT15M: \(Excerpt.of(text))")
    }
    return try ring(trigger, offset, anchor)
  }

  private mutating func ring(
    _ trigger: CalendarProperty, _ offset: Int64, _ anchor: ReminderTime
  ) throws(Refusal) -> Ring? {
    let isFromEnd = trigger.content.parameter("RELATED")?.uppercased() == "END"
    let seconds = try (isFromEnd ? end(anchor) : begin(anchor)) + offset
    // Rounded to the minute before.
    let minutes = seconds >= 0 ? seconds / 60 : -((-seconds + 59) / 60)
    if seconds % 60 != 0 { note(.adjusted, trigger, "is taken to the minute before") }
    guard ICalendarLimits.leadMinutes ~= -minutes else {
      note(.propertySkipped, trigger, "rings more than 365 days before or 28 days after, which is not taken")
      return nil
    }
    return .before(minutes: -minutes, fromMidnight: anchor.time.isDate)
  }

  /// Seconds from the anchor to where RELATED=START counts from.
  private mutating func begin(_ anchor: ReminderTime) throws(Refusal) -> Int64 {
    guard let start = component["DTSTART"] else { return 0 }
    return try seconds(from: anchor, to: start)
  }

  /// Seconds from the anchor to the end, where RELATED=END counts from.
  private mutating func end(_ anchor: ReminderTime) throws(Refusal) -> Int64 {
    if let end = component[component.name == "VTODO" ? "DUE" : "DTEND"] { return try seconds(from: anchor, to: end) }
    if let property = component["DURATION"] {
      guard let duration = property.token.flatMap(CalendarDuration.seconds) else {
        throw Refusal(reason: "DURATION on line \(property.line) is no span of time such as PT1H")
      }
      return try begin(anchor) + duration
    }
    // A day ends with it (section 3.6.1); an instant at once.
    return component.name == "VEVENT" && anchor.time.isDate ? 86_400 : try begin(anchor)
  }

  private mutating func seconds(from anchor: ReminderTime, to property: CalendarProperty) throws(Refusal) -> Int64 {
    let other = try time(property)
    if other.zone == anchor.zone, other.time.isUTC == anchor.time.isUTC || other.time.isDate {
      return other.time.seconds - anchor.time.seconds
    }
    return other.instant - anchor.instant
  }
}
