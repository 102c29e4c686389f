public import CivilTime
public import EventModel
import PluginHost

/// The zones of this machine, for the desk and for the plugin.
public struct DeskZones: Sendable {
  private let database: TimeZoneDatabase

  /// Opens the zone files of the system.
  /// - Throws: when there are none.
  public init(folder: String = TimeZoneDatabase.systemFolder) throws(DeskError) {
    do throws(CivilTimeError) { database = try TimeZoneDatabase(folder: folder) } catch {
      throw DeskError("the time zones cannot be read: \(error.message)")
    }
  }

  /// The instant of a local time: in a gap as much later, of two the first, as a schedule has it unless it says otherwise.
  /// - Throws: for an unknown zone, with the nearest name, and for fields that are no date and time.
  public func instant(of civil: CivilFields, in zone: String) throws(DeskError) -> Timestamp {
    do throws(CivilTimeError) {
      let instant = try database.zone(named: zone).instant(of: Self.dateTime(civil)).first
      guard let instant else { throw CivilTimeError(.outOfRange, "\(zone) skips this local time") }
      return Timestamp(microseconds: instant.microseconds)
    } catch {
      throw DeskError(error.message)
    }
  }

  /// The local time of an instant.
  /// - Throws: for an unknown zone.
  public func civil(at instant: Timestamp, in zone: String) throws(DeskError) -> CivilFields {
    do throws(CivilTimeError) {
      let reading = try database.zone(named: zone).civil(at: UnixTime(microseconds: instant.microseconds))
      return Self.fields(reading.civil, fold: reading.fold.rawValue)
    } catch {
      throw DeskError(error.message)
    }
  }

  /// Reads `2026-03-01T09:00` or `2026-03-01T09:00:00`.
  /// - Throws: what it must look like.
  public static func civil(_ text: String) throws(DeskError) -> CivilFields {
    let whole = text.utf8.count == "2026-03-01T09:00".utf8.count ? text + ":00" : text
    do throws(CivilTimeError) {
      return fields(try CivilDateTime(whole))
    } catch {
      throw DeskError("must be a local time such as 2026-03-01T09:00: \(error.message)")
    }
  }

  /// What plugins are given.
  var service: TimeService {
    let database = database
    return TimeService(
      instant: { zone, fields, gap, fold in
        guard let rules = try? database.zone(named: zone), let civil = try? Self.dateTime(fields) else { return nil }
        return rules.instant(of: civil, gap: GapPolicy(gap), fold: FoldPolicy(fold)).first
          .map { Timestamp(microseconds: $0.microseconds) }
      },
      civil: { zone, instant in try? self.civil(at: instant, in: zone) })
  }

  private static func dateTime(_ fields: CivilFields) throws(CivilTimeError) -> CivilDateTime {
    try CivilDateTime(
      year: Int(fields.year), month: Int(fields.month), day: Int(fields.day), hour: Int(fields.hour),
      minute: Int(fields.minute), second: Int(fields.second))
  }

  private static func fields(_ civil: CivilDateTime, fold: UInt8 = 0) -> CivilFields {
    let (date, time) = (civil.date, civil.time)
    return CivilFields(
      year: Int32(clamping: date.year), month: UInt8(clamping: date.month), day: UInt8(clamping: date.day),
      hour: UInt8(clamping: time.hour), minute: UInt8(clamping: time.minute), second: UInt8(clamping: time.second),
      fold: fold)
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
