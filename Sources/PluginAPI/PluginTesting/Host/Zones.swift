import CivilTime
import EventModel
import PluginHost

/// The system's time zones.
enum Zones {
  /// None on a system without zone files: then no zone is known.
  private static let database = try? TimeZoneDatabase()

  /// As the agent gives them to plugins.
  static let service = TimeService(
    instant: { zone, fields, gap, fold in
      guard let rules = try? database?.zone(named: zone), let civil = civil(fields) else { return nil }
      return rules.instant(of: civil, gap: GapPolicy(gap), fold: FoldPolicy(fold)).first
        .map { Timestamp(microseconds: $0.microseconds) }
    },
    civil: { zone, instant in
      guard let rules = try? database?.zone(named: zone),
        let time = try? UnixTime(microseconds: instant.microseconds), let reading = try? rules.civil(at: time)
      else { return nil }
      let (date, clock) = (reading.civil.date, reading.civil.time)
      return CivilFields(
        year: Int32(date.year), month: UInt8(date.month), day: UInt8(date.day), hour: UInt8(clock.hour),
        minute: UInt8(clock.minute), second: UInt8(clock.second), fold: reading.fold.rawValue)
    })

  private static func civil(_ fields: CivilFields) -> CivilDateTime? {
    guard let date = try? CivilDate(year: Int(fields.year), month: Int(fields.month), day: Int(fields.day)),
      let time = try? CivilTimeOfDay(
        hour: Int(fields.hour), minute: Int(fields.minute), second: Int(fields.second))
    else { return nil }
    return CivilDateTime(date, time)
  }
}

extension GapPolicy {
  fileprivate init(_ rule: GapRule) {
    switch rule {
    case .shiftForward: self = .shiftForward
    case .before: self = .before
    case .skip: self = .skip
    }
  }
}

extension FoldPolicy {
  fileprivate init(_ rule: FoldRule) {
    switch rule {
    case .first: self = .first
    case .second: self = .second
    case .both: self = .both
    }
  }
}
