import PluginKit0

extension RecurrenceRule {
  /// Reads a rule, with `RRULE:` before it or without. Each part may stand once, in any order; names and values may be
  /// written in small letters, as everywhere in iCalendar (RFC 5545 section 2).
  public init(_ text: String) throws(RecurrenceFault) {
    guard text.utf8.count <= RecurrenceLimits.ruleBytes else {
      throw RecurrenceFault("is longer than \(RecurrenceLimits.ruleBytes) bytes")
    }
    var body = text.uppercasedASCII[...]
    if body.hasPrefix("RRULE:") { body = body.dropFirst(6) }
    // Some programs end a rule with a semicolon.
    if body.hasSuffix(";") { body = body.dropLast() }
    var parts: [(name: Substring, value: Substring)] = []
    for part in body.split(separator: ";", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw RecurrenceFault("has a part without \"=\"; a part is NAME=VALUE") }
      guard !parts.contains(where: { $0.name == sides[0] }) else {
        throw RecurrenceFault("has \(Self.shown(sides[0])) twice")
      }
      parts.append((sides[0], sides[1]))
    }
    guard let frequency = parts.first(where: { $0.name == "FREQ" })?.value else {
      throw RecurrenceFault("has no FREQ, which must be one of \(Self.frequencies)")
    }
    self.init(try Self.frequency(frequency))
    for part in parts where part.name != "FREQ" { try read(part.name, part.value) }
    try checkCombinations()
  }

  private static let frequencies = Frequency.allCases.reversed().map(\.rawValue).joined(separator: ", ")

  private static func frequency(_ text: Substring) throws(RecurrenceFault) -> Frequency {
    guard text != "SECONDLY" else {
      throw RecurrenceFault("has FREQ=SECONDLY, which is not taken; the shortest is MINUTELY")
    }
    guard let frequency = Frequency(rawValue: String(text)) else {
      throw RecurrenceFault("has FREQ=\(shown(text)), which must be one of \(frequencies)")
    }
    return frequency
  }

  private mutating func read(_ name: Substring, _ value: Substring) throws(RecurrenceFault) {
    switch name {
    case "INTERVAL": interval = try Self.number(name, value, RecurrenceLimits.intervals)
    case "COUNT": count = try Self.number(name, value, RecurrenceLimits.counts)
    case "UNTIL": until = try Self.until(value)
    case "WKST": weekStart = try Self.weekday(name, value)
    case "BYSECOND": bySecond = try Self.list(name, value, 0...59)
    case "BYMINUTE": byMinute = try Self.list(name, value, 0...59)
    case "BYHOUR": byHour = try Self.list(name, value, 0...23)
    case "BYDAY": byDay = try Self.weekdays(value)
    case "BYMONTHDAY": byMonthDay = try Self.list(name, value, 1...31, isSigned: true)
    case "BYYEARDAY": byYearDay = try Self.list(name, value, 1...366, isSigned: true)
    case "BYWEEKNO": byWeekNumber = try Self.list(name, value, 1...53, isSigned: true)
    case "BYMONTH": byMonth = try Self.list(name, value, 1...12)
    case "BYSETPOS": bySetPosition = try Self.list(name, value, 1...366, isSigned: true)
    case "RSCALE", "SKIP":
      throw RecurrenceFault("has \(name) (RFC 7529), which is not taken: the calendar is Gregorian")
    default:
      throw RecurrenceFault(
        "has \(Self.shown(name)), which is not known; known are FREQ, INTERVAL, COUNT, UNTIL, WKST, BYSECOND, BYMINUTE, "
          + "BYHOUR, BYDAY, BYMONTHDAY, BYYEARDAY, BYWEEKNO, BYMONTH and BYSETPOS")
    }
  }

  private static func number(
    _ name: Substring, _ value: Substring, _ range: ClosedRange<Int>
  ) throws(RecurrenceFault) -> Int {
    var scanner = ByteScanner(value)
    guard let number = scanner.number(), scanner.atEnd, range ~= number else {
      throw RecurrenceFault(
        "has \(name)=\(shown(value)), which must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func list(
    _ name: Substring, _ value: Substring, _ range: ClosedRange<Int>, isSigned: Bool = false
  ) throws(RecurrenceFault) -> [Int] {
    var numbers: Set<Int> = []
    for item in value.split(separator: ",", omittingEmptySubsequences: false) {
      var scanner = ByteScanner(item)
      let isNegative = isSigned && scanner.skip("-")
      if isSigned, !isNegative { _ = scanner.skip("+") }
      guard let number = scanner.number(), scanner.atEnd, range ~= number else {
        let allowed = "\(range.lowerBound) to \(range.upperBound)"
        throw RecurrenceFault(
          "has \(shown(item)) in \(name), whose numbers must be \(allowed)"
            + (isSigned ? ", or the same from the end with \"-\"" : ""))
      }
      numbers.insert(isNegative ? -number : number)
    }
    return numbers.sorted()
  }

  private static func weekday(_ name: Substring, _ value: Substring) throws(RecurrenceFault) -> Weekday {
    guard let weekday = Weekday(text: String(value)) else {
      throw RecurrenceFault("has \(name)=\(shown(value)), which must be one of MO, TU, WE, TH, FR, SA, SU")
    }
    return weekday
  }

  private static func weekdays(_ value: Substring) throws(RecurrenceFault) -> [WeekdayEntry] {
    var entries: Set<WeekdayEntry> = []
    for item in value.split(separator: ",", omittingEmptySubsequences: false) {
      var scanner = ByteScanner(item)
      let isNegative = scanner.skip("-")
      let hasSign = isNegative || scanner.skip("+")
      let ordinal = scanner.number()
      guard let weekday = Weekday(text: scanner.word()), scanner.atEnd, ordinal.map({ 1...53 ~= $0 }) ?? !hasSign
      else {
        throw RecurrenceFault(
          "has \(shown(item)) in BYDAY, which takes MO, TU, WE, TH, FR, SA, SU, each with 1 to 53 or -1 to -53 before it "
            + "where it counts within the month or year")
      }
      entries.insert(WeekdayEntry(weekday: weekday, ordinal: (ordinal ?? 0) * (isNegative ? -1 : 1)))
    }
    return entries.sorted()
  }

  private static func until(_ value: Substring) throws(RecurrenceFault) -> Until {
    var scanner = ByteScanner(value)
    let forms =
      "has UNTIL=\(shown(value)), which must be a date (20261223), a local time (20261223T170000) or one in UTC "
      + "(20261223T170000Z), in the years \(RecurrenceLimits.years.lowerBound) to \(RecurrenceLimits.years.upperBound)"
    guard let date = scanner.date(separator: nil), RecurrenceLimits.years ~= date.year else {
      throw RecurrenceFault(forms)
    }
    // Inclusive: a date holds its whole day.
    if scanner.atEnd { return .local(LocalTime(day: date.dayNumber, second: LocalTime.secondsPerDay - 1)) }
    guard scanner.skip("T"), let hour = scanner.number(digits: 2), let minute = scanner.number(digits: 2),
      let second = scanner.number(digits: 2), let time = CivilTimeOfDay(hour: hour, minute: minute, second: second)
    else { throw RecurrenceFault(forms) }
    let local = LocalTime(day: date.dayNumber, second: time.secondOfDay)
    if scanner.atEnd { return .local(local) }
    guard scanner.skip("Z"), scanner.atEnd else { throw RecurrenceFault(forms) }
    return .utc(local.seconds)
  }

  /// A value as a message shows it: short, and printable ASCII only.
  static func shown(_ text: Substring) -> String {
    let clean = text.unicodeScalars.prefix(24).map { 0x21...0x7E ~= $0.value ? Character($0) : "?" }
    return clean.isEmpty ? "nothing" : String(clean)
  }
}

extension String {
  /// ASCII letters in capitals; nothing else changes.
  var uppercasedASCII: String {
    String(
      decoding: utf8.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 & ~0x20 : $0 }, as: UTF8.self)
  }
}
