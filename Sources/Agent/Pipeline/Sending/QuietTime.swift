import CivilTime
import EventModel
import Logging

/// When quiet hours end, by the clocks of a zone.
struct QuietTime: Sendable {
  let zones: TimeZoneDatabase
  let logger: Logger

  /// The end of the quiet hours that an instant is in; nil when it is in none. A zone that cannot be read has none: an
  /// event at night is better than none.
  func end(of quiet: QuietHours, in zone: String, now: Timestamp) -> Timestamp? {
    do {
      return try Self.end(of: quiet, by: zones.zone(named: zone), now: now)
    } catch {
      logger.warning(
        "quiet hours cannot be kept: the zone cannot be read", metadata: ["zone": "\(zone)", "error": "\(error)"])
      return nil
    }
  }

  /// The same by a zone's rules. Where the clocks skip the end, it is as much later; where they show it twice, it is the
  /// first one still to come.
  static func end(of quiet: QuietHours, by rules: ZoneRules, now: Timestamp) throws(CivilTimeError) -> Timestamp? {
    let local = try rules.civil(at: UnixTime(microseconds: now.microseconds)).civil
    let minute = Int32(clamping: local.time.hour * 60 + local.time.minute)
    guard quiet.contains(minuteOfDay: minute) else { return nil }
    let date = quiet.endsTomorrow(minuteOfDay: minute) ? try local.date.adding(days: 1) : local.date
    let time = try CivilTimeOfDay(hour: Int(quiet.until / 60), minute: Int(quiet.until % 60))
    let end = CivilDateTime(date, time)
    for fold in [FoldPolicy.first, .second] {
      for instant in rules.instant(of: end, fold: fold).instants {
        let found = Timestamp(seconds: instant.seconds)
        if found > now { return found }
      }
    }
    return nil
  }
}
