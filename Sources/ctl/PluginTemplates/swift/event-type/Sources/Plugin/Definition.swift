import PluginKit0

/// What a schedule wants. The host has checked it against the schema already; the rest is checked here.
struct Definition {
  let title: String
  let first: CivilDate
  /// Days from one to the next, 1 or more.
  let every: Int
  let time: CivilTimeOfDay

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "definition")
    var faults: [PluginError.Violation] = []
    let first = Self.date(object["from"]?.string ?? "")
    if first == nil { faults.append(.init(pointer: "/from", code: "date", message: "is no day of the calendar")) }
    let time = Self.time(object["at"]?.string ?? "09:00")
    if time == nil { faults.append(.init(pointer: "/at", code: "time", message: "is no time of day")) }
    let every = Int(object["every"]?.integer ?? 0)
    if every < 1 { faults.append(.init(pointer: "/every", code: "range", message: "must be at least 1")) }
    guard let first, let time, faults.isEmpty else { throw PluginError(violations: faults) }
    (self.first, self.time, self.every) = (first, time, every)
    title = object["title"]?.string ?? ""
  }

  /// The number of a date in the series, from 1.
  func number(of date: CivilDate) -> Int { max(0, date.dayNumber - first.dayNumber) / every + 1 }

  private static func date(_ text: String) -> CivilDate? {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return parts.count == 3 ? CivilDate(year: parts[0], month: parts[1], day: parts[2]) : nil
  }

  private static func time(_ text: String) -> CivilTimeOfDay? {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    return parts.count == 2 ? CivilTimeOfDay(hour: parts[0], minute: parts[1]) : nil
  }
}
