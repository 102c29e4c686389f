/// Finds the zone of the database that a TZID means.
///
/// In order: a name of the database, alone or at the end of a path (`/freeassociation.sourceforge.net/Europe/Berlin`);
/// a name of Windows; what the calendar's own VTIMEZONE says, when a known zone has the same offsets at the same times.
struct ZoneResolver {
  /// What a TZID means.
  enum Resolution: Equatable {
    case zone(String)
    /// Completes "TZID …".
    case unknown(String)
  }

  /// Years that are compared beside the present one.
  private static let yearsBefore: Int64 = 1
  private static let yearsAfter: Int64 = 8
  /// Between two changes the offset is looked at every so many seconds.
  private static let sampleSeconds: Int64 = 20 * 86_400

  private let zones = SystemZones()
  private let years: ClosedRange<Int64>
  private var definitions: [String: ZoneDefinition] = [:]
  private var known: [String: Resolution] = [:]
  private var candidates: [String]?

  /// - Parameter now: milliseconds since 1970.
  init(now: Int64) {
    let year = CivilFields(epochMilliseconds: now).year
    years = (year - Self.yearsBefore)...(year + Self.yearsAfter)
  }

  var definitionCount: Int { definitions.count }

  /// Takes a VTIMEZONE; the first of a name counts.
  mutating func add(_ component: CalendarComponent) {
    guard let name = component["TZID"]?.token, definitions[name] == nil else { return }
    definitions[name] = ZoneDefinition(component)
  }

  /// The zone of a TZID. A zone found by its rules is told once, with the line of its VTIMEZONE.
  mutating func resolve(_ name: String, _ note: (ImportNote) -> Void) -> Resolution {
    if let resolution = known[name] { return resolution }
    let resolution = find(name, note)
    // What a hostile file names without a definition is not kept.
    if known.count < ICalendarLimits.maxZones { known[name] = resolution }
    return resolution
  }

  private mutating func find(_ name: String, _ note: (ImportNote) -> Void) -> Resolution {
    guard name.utf8.count <= ICalendarLimits.maxZoneNameBytes else {
      return .unknown("is longer than \(ICalendarLimits.maxZoneNameBytes) bytes")
    }
    if let zone = byName(name) ?? windows(name) { return .zone(zone) }
    guard let definition = definitions[name] else {
      return .unknown("\(Excerpt.of(name)) is no known zone, and the calendar has no VTIMEZONE of that name")
    }
    let (zone, reason) = byRules(definition)
    guard let zone else {
      return .unknown("\(Excerpt.of(name)) is no known zone, and its VTIMEZONE on line \(definition.line) \(reason)")
    }
    let words = "\(Excerpt.of(name)) is taken as \(zone), \(reason)"
    note(ImportNote(kind: .adjusted, line: definition.line, property: "VTIMEZONE", reason: words))
    return .zone(zone)
  }

  /// A name of the database, or a path that ends in one.
  private func byName(_ name: String) -> String? {
    if ["UTC", "Z", "ETC/UTC", "GMT", "COORDINATED UNIVERSAL TIME"].contains(name.uppercased()) { return "UTC" }
    let parts = name.split(separator: "/")
    return [3, 2].lazy.filter { $0 <= parts.count }.map { parts.suffix($0).joined(separator: "/") }.first(
      where: zones.has)
  }

  private func windows(_ name: String) -> String? {
    WindowsZones.zone(name).map { $0 == "Etc/UTC" ? "UTC" : $0 }
  }

  // MARK: rules

  private mutating func byRules(_ definition: ZoneDefinition) -> (zone: String?, reason: String) {
    let hints = definition.hints.compactMap(byName)
    guard let expected = definition.transitions(from: years.lowerBound, through: years.upperBound) else {
      let fault = definition.fault ?? "has no rule"
      guard let hint = hints.first else { return (nil, fault) }
      return (hint, "which it names: it \(fault)")
    }
    let samples = samples(expected.initial, expected.changes)
    let fixed = expected.changes.isEmpty ? SystemZones.fixed : []
    for zone in hints + fixed + all() where agrees(zone, samples) {
      return (zone, "whose offsets from \(years.lowerBound) to \(years.upperBound) are the same")
    }
    return (nil, "has the offsets of no known zone from \(years.lowerBound) to \(years.upperBound)")
  }

  private mutating func all() -> [String] {
    if let candidates { return candidates }
    let found = zones.isInstalled ? zones.candidates() : []
    candidates = found
    return found
  }

  /// Instants with the offset that holds there: right before and at each change, and in between.
  private func samples(_ initial: Int64, _ changes: [ZoneDefinition.Transition]) -> [ZoneDefinition.Transition] {
    let begin = CivilFields.daysSinceEpoch(year: years.lowerBound, month: 1, day: 1) * 86_400
    let end = CivilFields.daysSinceEpoch(year: years.upperBound + 1, month: 1, day: 1) * 86_400
    var result: [ZoneDefinition.Transition] = []
    var offset = initial
    var instant = begin
    for change in changes + [.init(instant: end, offset: 0)] {
      while instant < change.instant {
        result.append(.init(instant: instant, offset: offset))
        instant += Self.sampleSeconds
      }
      result.append(.init(instant: change.instant - 1, offset: offset))
      offset = change.offset
      instant = change.instant
    }
    return result
  }

  private func agrees(_ zone: String, _ samples: [ZoneDefinition.Transition]) -> Bool {
    guard let clock = try? ZoneClock(named: zone) else { return false }
    return samples.allSatisfy { clock.offsetSeconds(milliseconds: $0.instant * 1_000) == $0.offset }
  }
}
