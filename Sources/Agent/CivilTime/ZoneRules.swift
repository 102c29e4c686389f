/// The rules of one time zone, as they stood when its file was read. They never change; after a reload, ask the
/// database again.
public final class ZoneRules: Sendable {
  /// The zone's name, such as `Europe/Lisbon`.
  public let name: String
  /// A number that stays the same, also across processes, as long as the rules say the same, however the file
  /// is encoded ("fat" or "slim").
  public let digest: UInt64

  /// The file's transitions, less those that the footer repeats, and the footer's first years after them.
  private let listed: TransitionTable
  /// From this time on, local or of UTC, the footer's cycle applies; nil when there is no daylight-saving footer.
  private let cycle: (startSeconds: Int64, changes: FooterCycle)?
  private let canonical: CanonicalRules

  /// Reads the rules from the bytes of a compiled zone file (RFC 9636).
  ///
  /// - Throws: `malformedFile`, `malformedFooter`, `leapSeconds` or `limitExceeded`.
  public convenience init(name: String, tzif bytes: [UInt8]) throws(CivilTimeError) {
    try self.init(name: name, tzif: bytes, cycles: nil)
  }

  /// `cycles` lets zones with the same footer share a table.
  init(name: String, tzif bytes: [UInt8], cycles: FooterCycleCache?) throws(CivilTimeError) {
    do {
      let contents = try TZifReader.read(bytes)
      self.name = name
      canonical = CanonicalRules(contents)
      digest = canonical.digest
      listed = canonical.listedTable()
      cycle = canonical.cycleRule.map { ($0.startSeconds, cycles?.cycle(of: $0.rule) ?? FooterCycle($0.rule)) }
    } catch {
      throw CivilTimeError(error.code, "zone \(quoted(name)): \(error.message)", cause: error.cause)
    }
  }

  /// Whether both have always shown, and will always show, the same.
  public func hasSameRules(as other: ZoneRules) -> Bool { canonical == other.canonical }

  /// How the zone's clocks show a local time: once, never or twice.
  public func mapping(of civil: CivilDateTime) -> LocalMapping { mapping(ofLocal: civil.localSeconds) }

  private func mapping(ofLocal local: Int64) -> LocalMapping {
    guard let cycle, local >= cycle.startSeconds else { return listed.mapping(ofLocal: local) }
    let shift = cycle.changes.shift(of: local)
    let mapping = cycle.changes.table.mapping(ofLocal: local &- shift)
    guard case .gap(let twin) = mapping else { return mapping }
    return .gap(twin.shifted(by: shift))
  }

  /// The instant that a local time names in this zone.
  ///
  /// - Parameters:
  ///   - civil: The local date and time; its part of a second is kept.
  ///   - gap: What to do when the clocks skip it.
  ///   - fold: What to do when the clocks show it twice.
  public func instant(
    of civil: CivilDateTime, gap: GapPolicy = .shiftForward, fold: FoldPolicy = .first
  ) -> Resolution {
    let local = civil.localSeconds
    let nanosecond = Int32(truncatingIfNeeded: civil.time.nanosecond)
    func instant(_ offsetSeconds: Int) -> UnixTime {
      UnixTime(checkedSeconds: local &- Int64(offsetSeconds), nanosecond: nanosecond)
    }
    switch mapping(ofLocal: local) {
    case .unique(let offset): return .unique(instant(offset))
    case .gap(let transition):
      switch gap {
      case .shiftForward: return .shifted(instant(transition.offsetSecondsBefore), over: transition)
      case .before:
        return .shifted(UnixTime(checkedSeconds: transition.unixSeconds &- 1, nanosecond: 0), over: transition)
      case .skip: return .skipped(over: transition)
      }
    case .fold(let first, let second):
      switch fold {
      case .first: return .fold(instant(first), .first)
      case .second: return .fold(instant(second), .second)
      case .both: return .both(instant(first), instant(second))
      }
    }
  }

  /// What the zone's clocks and calendar show at an instant.
  ///
  /// - Throws: `outOfRange` when the local date is outside the years of `CivilDate`.
  public func civil(at instant: UnixTime) throws(CivilTimeError) -> LocalReading {
    let (table, shift) = table(at: instant.seconds)
    let shifted = instant.seconds &- shift
    let entry = table.entry(at: shifted)
    let type = table.types[entry]
    let local = instant.seconds &+ Int64(type.offsetSeconds)
    guard let civil = CivilDateTime(localSeconds: local, nanosecond: instant.nanosecond) else {
      throw CivilTimeError(
        .outOfRange, "the local date at Unix time \(instant.seconds) s is outside the years \(CivilDate.years)")
    }
    return LocalReading(
      civil: civil, offsetSeconds: Int(type.offsetSeconds), isDaylightSaving: type.isDaylightSaving,
      abbreviation: type.abbreviation, fold: table.fold(at: shifted, entry: entry))
  }

  /// The first transition after an instant; nil when there is none any more.
  public func nextTransition(after instant: UnixTime) -> ZoneTransition? {
    let (table, shift) = table(at: instant.seconds)
    let entry = table.entry(at: instant.seconds &- shift)
    if entry < table.times.count { return table.transition(entry).shifted(by: shift) }
    return nil
  }

  private func table(at unixSeconds: Int64) -> (table: TransitionTable, shift: Int64) {
    guard let cycle, unixSeconds >= cycle.startSeconds else { return (listed, 0) }
    return (cycle.changes.table, cycle.changes.shift(of: unixSeconds))
  }
}

extension ZoneTransition {
  func shifted(by seconds: Int64) -> ZoneTransition {
    ZoneTransition(
      unixSeconds: unixSeconds &+ seconds, offsetSecondsBefore: offsetSecondsBefore,
      offsetSecondsAfter: offsetSecondsAfter)
  }
}
