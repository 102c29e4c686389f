/// One field of a cron expression: the values it names.
struct CronField: Sendable, Hashable {
  /// What may stand in a field.
  struct Kind: Sendable {
    var name: String
    var range: ClosedRange<Int>
    /// Names for values, in capitals, from `firstNamed` on.
    var names: [String] = []
    var firstNamed = 0
    /// Whether a step may follow a single value, and goes on from there (AWS): `0/15`.
    var stepsFromValue = false

    /// What is allowed, for messages.
    var allowed: String {
      let named = names.isEmpty ? "" : " (or \(names[0]) to \(names[names.count - 1]))"
      let form = stepsFromValue ? "*/n, a/n or a-b/n" : "*/n or a-b/n"
      return "*, and lists of numbers \(range.lowerBound) to \(range.upperBound)\(named), ranges a-b and steps \(form)"
    }
  }

  /// The values named.
  let values: Set<Int>
  /// Whether it begins with `*`, as cron's programs ask.
  let startsWithStar: Bool

  /// Reads lists, ranges, steps and names.
  init(_ text: Substring, _ kind: Kind) throws(RecurrenceFault) {
    startsWithStar = text.hasPrefix("*")
    var values: Set<Int> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let named = Self.values(of: item, kind) else {
        throw RecurrenceFault("has \(RecurrenceRule.shown(item)) for the \(kind.name), which takes \(kind.allowed)")
      }
      values.formUnion(named)
    }
    self.values = values
  }

  private static func values(of item: Substring, _ kind: Kind) -> [Int]? {
    let sides = item.split(separator: "/", omittingEmptySubsequences: false)
    guard 1...2 ~= sides.count else { return nil }
    var step: Int?
    if sides.count == 2 {
      var scanner = ByteScanner(sides[1])
      guard let number = scanner.number(), scanner.atEnd, number > 0 else { return nil }
      step = number
    }
    guard let range = range(of: sides[0], kind, hasStep: step != nil) else { return nil }
    // A step beyond the field's width names the first value alone.
    return Array(stride(from: range.lowerBound, through: range.upperBound, by: step ?? 1))
  }

  private static func range(of text: Substring, _ kind: Kind, hasStep: Bool) -> ClosedRange<Int>? {
    if text == "*" { return kind.range }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let low = value(ends[0], kind) else { return nil }
    switch ends.count {
    case 1:
      if hasStep { return kind.stepsFromValue ? low...kind.range.upperBound : nil }
      return low...low
    case 2: return value(ends[1], kind).flatMap { low <= $0 ? low...$0 : nil }
    default: return nil
    }
  }

  /// A number or a name of the field.
  static func value(_ text: Substring, _ kind: Kind) -> Int? {
    if let place = kind.names.firstIndex(of: String(text)) { return kind.firstNamed + place }
    var scanner = ByteScanner(text)
    guard let number = scanner.number(), scanner.atEnd, kind.range ~= number else { return nil }
    return number
  }
}

extension CronField.Kind {
  static let minutes = Self(name: "minutes", range: 0...59)
  static let hours = Self(name: "hours", range: 0...23)
  static let daysOfMonth = Self(name: "day of the month", range: 1...31)
  static let months = Self(
    name: "month", range: 1...12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], firstNamed: 1)
  static let years = Self(name: "year", range: 1970...2199)
  private static let weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
  /// 0 and 7 are Sunday.
  static let weekdays = Self(name: "day of the week", range: 0...7, names: weekdayNames)
  /// 1 is Sunday.
  static let awsWeekdays = Self(name: "day of the week", range: 1...7, names: weekdayNames, firstNamed: 1)

  /// The same with AWS' step from a value.
  var steppingFromValue: Self {
    var kind = self
    kind.stepsFromValue = true
    return kind
  }
}
