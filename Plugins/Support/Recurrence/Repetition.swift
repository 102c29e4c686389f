import PluginKit0

/// What repeats: the `repeat` of a definition, read.
public struct Repetition: Sendable {
  enum Kind: Sendable {
    case rule(RecurrenceRule)
    case cron(CronExpression)
    /// Seconds.
    case rate(Int)
  }

  let kind: Kind

  /// Reads an RRULE, `cron(…)` or `rate(…)`.
  public init(_ text: String) throws(RecurrenceFault) {
    guard text.utf8.count <= RecurrenceLimits.ruleBytes else {
      throw RecurrenceFault("is longer than \(RecurrenceLimits.ruleBytes) bytes")
    }
    guard text.utf8.allSatisfy({ 0x20...0x7E ~= $0 || $0 == 0x09 }) else {
      throw RecurrenceFault("has characters other than printable ASCII")
    }
    if let inner = Self.inside("cron", text) {
      kind = .cron(try CronExpression(inner))
    } else if let inner = Self.inside("rate", text) {
      kind = .rate(try Self.rate(inner))
    } else if text.contains("=") {
      kind = .rule(try RecurrenceRule(text))
    } else {
      throw RecurrenceFault("must be an RRULE (FREQ=WEEKLY;BYDAY=MO), cron(…) or rate(…)")
    }
  }

  /// What stands between the parentheses of a form.
  private static func inside(_ name: String, _ text: String) -> Substring? {
    guard text.hasPrefix(name + "("), text.hasSuffix(")") else { return nil }
    return text.dropFirst(name.count + 1).dropLast()
  }

  /// AWS' grammar: a number and a unit, singular with 1. Weeks are ours.
  private static func rate(_ text: Substring) throws(RecurrenceFault) -> Int {
    let units = ["minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800]
    let fault = RecurrenceFault(
      "must be rate(number unit), as rate(5 minutes): the number 1 with minute, hour, day or week, a larger one with "
        + "minutes, hours, days or weeks, and \(RecurrenceLimits.rateDays) days at most")
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2 else { throw fault }
    var scanner = ByteScanner(words[0])
    guard let number = scanner.number(), scanner.atEnd, number > 0 else { throw fault }
    let unit = number == 1 ? String(words[1]) : words[1].hasSuffix("s") ? String(words[1].dropLast()) : ""
    guard let seconds = units[unit], number * seconds <= RecurrenceLimits.rateDays * LocalTime.secondsPerDay else {
      throw fault
    }
    return number * seconds
  }

  /// Whether it counts from a start, and so must have one.
  public var needsStart: Bool { if case .rule = kind { true } else { false } }

  /// Whether it says itself when it ends, in which case `end` has no place.
  public var endsItself: Bool { needsStart }

  /// Whether there is any occurrence, whatever the zone turns out to be.
  ///
  /// - Throws: when finding it takes too long, or a COUNT does.
  public func everComes(in series: RecurrenceSeries) throws(RecurrenceFault) -> Bool {
    var steps = Steps()
    return try everComes(in: series, &steps)
  }

  /// The same, telling how many steps it took.
  public func everComes(in series: RecurrenceSeries, _ steps: inout Steps) throws(RecurrenceFault) -> Bool {
    var alone = series
    alone.added = []
    alone.excluded = []
    alone.leadSeconds = 0
    var isFound = false
    let first = RecurrenceLimits.first
    let position = RecurrenceSeries.Position(
      ClockReading(first), instant: first.seconds, isPastInstant: false, includesItself: true)
    // A name that no zone has: not UTC, which the clock would not be asked about.
    try alone.occasions(after: position, zone: "?", clock: FixedClock.earliest, &steps) { _ in
      isFound = true
      return .enough
    }
    return isFound
  }
}
