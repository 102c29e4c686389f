/// When an event is, besides its start.
struct EventSeries: Hashable {
  /// Text of the RRULE.
  var rule: String?
  var added: [String] = []
  var excluded: [String] = []
  /// The last day on which it can be, counted from 1970-01-01; nil where the rule does not say it.
  var lastDay: Int64?

  var isRepeated: Bool { rule != nil || !added.isEmpty }
}

extension EventDraft {
  /// Where its times are counted from: DTSTART; DUE of a task that is not repeated, or has no start.
  mutating func anchor() throws(Refusal) -> ReminderTime {
    let isRepeated = component["RRULE"] != nil || component["RDATE"] != nil
    let start = component["DTSTART"]
    let due = component.name == "VTODO" ? component["DUE"] : nil
    guard let property = isRepeated ? start ?? due : due ?? start else {
      guard component.name == "VTODO" else { throw Refusal(reason: "it has no start (DTSTART)") }
      throw Refusal(kind: .itemSkipped, reason: "it has no date (DUE or DTSTART)")
    }
    return try time(property)
  }

  /// Yearly events may begin where no reminder can: Apple's birthdays without a year are in 1604. The Gregorian
  /// calendar repeats itself every 400 years, weekdays and leap days too.
  mutating func start(_ anchor: ReminderTime) -> ReminderTime {
    let year = CivilFields(epochMilliseconds: anchor.time.seconds * 1_000).year
    let rule = component["RRULE"]?.token?.uppercased() ?? ""
    guard let property = component["DTSTART"] ?? component["DUE"], year < ICalendarLimits.years.lowerBound,
      rule.contains("FREQ=YEARLY"), !rule.contains("COUNT"), !rule.contains("INTERVAL")
    else { return anchor }
    var moved = anchor
    while CivilFields(epochMilliseconds: moved.time.seconds * 1_000).year < ICalendarLimits.years.lowerBound {
      moved.time.day += 146_097
    }
    note(.adjusted, property, "the year \(year) is taken as \(moved.time.date.prefix(4)): reminders begin in 1700")
    return moved
  }

  /// The time of a property, with the zone that its TZID means.
  mutating func time(_ property: CalendarProperty) throws(Refusal) -> ReminderTime {
    guard let text = property.token, let time = CalendarTime(text) else {
      throw Refusal(
        reason: "\(property.name) on line \(property.line) is no time such as 20261123T093000: "
          + Excerpt.of(property.content.value))
    }
    return ReminderTime(time, zone: try zone(of: property, time))
  }

  /// The zone that a property's TZID means; none for UTC, dates and floating times.
  private mutating func zone(of property: CalendarProperty, _ time: CalendarTime) throws(Refusal) -> String? {
    guard !time.isUTC, !time.isDate, let name = property.content.parameter("TZID") else { return nil }
    switch resolve(name) {
    case .zone(let zone): return zone
    case .unknown(let reason):
      throw Refusal(reason: "\(property.name) on line \(property.line): TZID \(reason)")
    }
  }

  /// The rule and the dates of a series.
  mutating func series(_ anchor: ReminderTime, isOverride: Bool) throws(Refusal) -> EventSeries {
    if let property = component["EXRULE"] {
      throw Refusal(
        reason: "EXRULE on line \(property.line) is not taken (obsolete since RFC 5545); list the days in EXDATE")
    }
    guard !isOverride else { return EventSeries(lastDay: anchor.time.day) }
    var series = EventSeries()
    let added = try times("RDATE")
    series.added = added.map { $0.text(beside: anchor) }
    series.excluded = try times("EXDATE").map { $0.text(beside: anchor) }
    series.lastDay = ([anchor] + added).map(\.time.day).max()
    if let rule = try rule(anchor) {
      series.rule = rule
      series.lastDay = until(rule).flatMap { day in series.lastDay.map { max($0, day) } }
    }
    return series
  }

  private func rule(_ anchor: ReminderTime) throws(Refusal) -> String? {
    let properties = component.all("RRULE")
    guard let property = properties.first else { return nil }
    guard properties.count == 1 else {
      throw Refusal(reason: "it has \(properties.count) rules (RRULE); split it into as many events")
    }
    let text = (property.token ?? "").uppercased().filter { $0 != " " }
    guard text.utf8.count <= ICalendarLimits.maxRuleBytes, text.contains("FREQ="),
      text.utf8.allSatisfy({ Byte.isLetter($0) || Byte.isDigit($0) || "=;,:+-".utf8.contains($0) })
    else {
      throw Refusal(reason: "RRULE on line \(property.line) is no rule: \(Excerpt.of(property.content.value))")
    }
    let parts = text.split(separator: ";").map { part in
      // A day has no time, though some programs write one (section 3.3.10: UNTIL is of DTSTART's type).
      anchor.time.isDate && part.hasPrefix("UNTIL=") ? String(part.prefix(14)) : String(part)
    }
    return parts.joined(separator: ";")
  }

  private func until(_ rule: String) -> Int64? {
    let part = rule.split(separator: ";").first { $0.hasPrefix("UNTIL=") }
    return part.flatMap { CalendarTime(String($0.dropFirst(6)))?.day }
  }

  private mutating func times(_ name: String) throws(Refusal) -> [ReminderTime] {
    var times: [ReminderTime] = []
    for property in component.all(name) {
      for value in (property.token ?? "").split(separator: ",") {
        // Of a period only its start matters (section 3.3.9).
        let text = String(value.prefix { $0 != "/" })
        guard let time = CalendarTime(text) else {
          throw Refusal(reason: "\(name) on line \(property.line) has no time: \(Excerpt.of(String(value)))")
        }
        guard times.count < ICalendarLimits.maxDates else {
          throw Refusal(reason: "it has more than \(ICalendarLimits.maxDates) dates in \(name)")
        }
        times.append(ReminderTime(time, zone: try zone(of: property, time)))
      }
    }
    return times
  }
}
