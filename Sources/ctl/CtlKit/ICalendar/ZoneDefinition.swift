/// A time zone as a calendar defines it: VTIMEZONE (RFC 5545 section 3.6.5).
struct ZoneDefinition: Sendable {
  /// Standard or daylight saving time, with the instants at which it begins.
  private struct Observance: Sendable {
    var start: CalendarTime
    /// Seconds east of Greenwich before it begins, and from then on.
    var from: Int64
    var to: Int64
    var rule: ZoneRule?
    /// RDATE.
    var dates: [CalendarTime] = []
  }

  /// A change of the offset.
  struct Transition: Equatable, Sendable {
    /// Seconds since 1970.
    var instant: Int64
    /// Seconds east of Greenwich from then on.
    var offset: Int64
  }

  let line: Int
  /// Names that the calendar gives beside TZID: X-LIC-LOCATION, and the end of TZURL.
  private(set) var hints: [String] = []
  /// Why its rules cannot be compared with any other.
  private(set) var fault: String?
  private var observances: [Observance] = []

  init(_ component: CalendarComponent) {
    line = component.line
    fault = component.fault
    for name in ["X-LIC-LOCATION", "TZURL"] {
      if let hint = component[name]?.token, hint.utf8.count <= ICalendarLimits.maxZoneNameBytes {
        hints.append(hint.hasSuffix(".ics") ? String(hint.dropLast(4)) : hint)
      }
    }
    guard component.children.count <= ICalendarLimits.maxObservances else {
      fault = "has more than \(ICalendarLimits.maxObservances) rules"
      return
    }
    for child in component.children where child.name == "STANDARD" || child.name == "DAYLIGHT" {
      guard let observance = Self.observance(child) else {
        fault = fault ?? "has a rule that is not understood on line \(child.line)"
        return
      }
      observances.append(observance)
    }
    if observances.isEmpty { fault = fault ?? "has no rule" }
  }

  private static func observance(_ component: CalendarComponent) -> Observance? {
    guard let start = component["DTSTART"]?.token.flatMap(CalendarTime.init), !start.isUTC,
      let from = component["TZOFFSETFROM"]?.token.flatMap(offset),
      let to = component["TZOFFSETTO"]?.token.flatMap(offset)
    else { return nil }
    var result = Observance(start: start, from: from, to: to)
    let rules = component.all("RRULE")
    guard rules.count <= 1 else { return nil }
    if let text = rules.first {
      guard let rule = text.token.flatMap({ ZoneRule($0, start: start) }) else { return nil }
      result.rule = rule
    }
    for property in component.all("RDATE") {
      for text in (property.token ?? "").split(separator: ",") {
        guard result.dates.count < ICalendarLimits.maxDates, let date = CalendarTime(String(text)) else { return nil }
        result.dates.append(date)
      }
    }
    return result
  }

  /// Seconds of `+0100`, `-033000`.
  private static func offset(_ text: String) -> Int64? {
    let digits = Array(text.utf8.dropFirst())
    guard let sign = text.first, sign == "+" || sign == "-", digits.count == 4 || digits.count == 6,
      digits.allSatisfy(Byte.isDigit), let number = Int64(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let padded = digits.count == 4 ? number * 100 : number
    let seconds = padded / 10_000 * 3_600 + padded / 100 % 100 * 60 + padded % 100
    guard seconds < 86_400 else { return nil }
    return sign == "-" ? -seconds : seconds
  }

  /// The offset at the beginning of a year, and its changes until the end of another; nil where nothing is known.
  func transitions(from firstYear: Int64, through lastYear: Int64) -> (initial: Int64, changes: [Transition])? {
    guard fault == nil else { return nil }
    let begin = CivilFields.daysSinceEpoch(year: firstYear, month: 1, day: 1) * 86_400
    let end = CivilFields.daysSinceEpoch(year: lastYear + 1, month: 1, day: 1) * 86_400
    // Two years more at the start, so that the change before it is among them.
    let all = observances.flatMap { Self.onsets(of: $0, years: (firstYear - 2)...lastYear) }
      .sorted { $0.instant < $1.instant }
    guard let first = observances.min(by: { $0.start.seconds - $0.from < $1.start.seconds - $1.from }) else {
      return nil
    }
    var offset = all.last { $0.instant <= begin }?.offset ?? first.from
    let initial = offset
    var changes: [Transition] = []
    for change in all where change.instant > begin && change.instant < end && change.offset != offset {
      changes.append(change)
      offset = change.offset
    }
    return (initial, changes)
  }

  private static func onsets(of observance: Observance, years: ClosedRange<Int64>) -> [Transition] {
    let time = observance.start.second ?? 0
    var locals =
      [observance.start.seconds] + observance.dates.map { $0.isUTC ? $0.seconds + observance.from : $0.seconds }
    if let rule = observance.rule {
      for year in years {
        let local = rule.day(in: year) * 86_400 + time
        if local > observance.start.seconds, local - observance.from <= rule.until ?? .max { locals.append(local) }
      }
    }
    return locals.map { Transition(instant: $0 - observance.from, offset: observance.to) }
  }
}
