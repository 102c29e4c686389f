import CivilTime
import EventModel
import Pipeline
import PluginHost

extension TimeService {
  /// The plugins' time service over the agent's zones.
  init(_ database: TimeZoneDatabase) {
    self.init(
      instant: { zone, fields, gap, fold in
        guard let rules = database.zone(ifKnown: zone), let civil = try? CivilDateTime(fields) else { return nil }
        return rules.instant(of: civil, gap: GapPolicy(gap), fold: FoldPolicy(fold)).first
          .map { Timestamp(microseconds: $0.microseconds) }
      },
      civil: { zone, instant in
        guard let rules = database.zone(ifKnown: zone),
          let time = try? UnixTime(microseconds: instant.microseconds),
          let reading = try? rules.civil(at: time)
        else { return nil }
        return CivilFields(reading)
      })
  }
}
