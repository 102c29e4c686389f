import CivilTime
import EventModel
import PluginHost

extension TimeService {
  /// The plugins' time service over the agent's zones.
  init(_ database: TimeZoneDatabase) {
    self.init(
      instant: { zone, fields, gap, fold in
        guard let rules = try? database.zone(named: zone), let civil = CivilDateTime(fields) else { return nil }
        return rules.instant(of: civil, gap: GapPolicy(gap), fold: FoldPolicy(fold)).first
          .map { Timestamp(microseconds: $0.microseconds) }
      },
      civil: { zone, instant in
        guard let rules = try? database.zone(named: zone),
          let time = try? UnixTime(microseconds: instant.microseconds),
          let reading = try? rules.civil(at: time)
        else { return nil }
        return CivilFields(reading)
      })
  }
}

extension CivilDateTime {
  init?(_ fields: CivilFields) {
    guard
      let value = try? CivilDateTime(
        year: Int(fields.year), month: Int(fields.month), day: Int(fields.day), hour: Int(fields.hour),
        minute: Int(fields.minute), second: Int(fields.second))
    else { return nil }
    self = value
  }
}

extension CivilFields {
  init?(_ reading: LocalReading) {
    let civil = reading.civil
    guard let year = Int32(exactly: civil.date.year) else { return nil }
    self.init(
      year: year, month: UInt8(civil.date.month), day: UInt8(civil.date.day), hour: UInt8(civil.time.hour),
      minute: UInt8(civil.time.minute), second: UInt8(civil.time.second), fold: reading.fold.rawValue)
  }
}

extension GapPolicy {
  init(_ rule: GapRule) {
    self =
      switch rule {
      case .shiftForward: .shiftForward
      case .before: .before
      case .skip: .skip
      }
  }
}

extension FoldPolicy {
  init(_ rule: FoldRule) {
    self =
      switch rule {
      case .first: .first
      case .second: .second
      case .both: .both
      }
  }
}
