public import CivilTime
public import EventModel

/// The time zones, as the control plane needs them.
public protocol ZoneCatalog: Sendable {
  /// Nil when the zone can be used; else why not, with the nearest known name where one is close.
  func problem(withZone name: String) -> String?

  /// Which edition of the zone data is in use, such as `2026a`.
  var version: String { get }

  /// The local time of an instant in a zone, ISO 8601 without offset; nil when the zone is unknown or the instant is
  /// beyond the calendar.
  func localTime(of instant: Timestamp, zone: String) -> String?

  /// Reads a local time, ISO 8601 without offset; nil when it is none.
  func civil(_ text: String) -> CivilFields?

  /// The instant of a local time in a zone, shifted forward out of a gap, the first one in a fold; nil when the zone or
  /// the time is none.
  func instant(of civil: CivilFields, zone: String) -> Timestamp?
}

/// The zones of the system's folder.
public struct SystemZones: ZoneCatalog {
  private let database: TimeZoneDatabase

  /// Makes a catalog over a database.
  public init(_ database: TimeZoneDatabase) {
    self.database = database
  }

  /// Nil when the zone can be used; else why not.
  public func problem(withZone name: String) -> String? {
    do {
      _ = try database.zone(named: name)
      return nil
    } catch {
      return error.message
    }
  }

  /// The edition in use.
  public var version: String { database.version.label }

  /// The local time of an instant in a zone.
  public func localTime(of instant: Timestamp, zone: String) -> String? {
    guard let rules = try? database.zone(named: zone),
      let time = try? UnixTime(microseconds: instant.microseconds),
      let reading = try? rules.civil(at: time)
    else { return nil }
    return reading.civil.description
  }

  /// Reads a local time, ISO 8601 without offset.
  public func civil(_ text: String) -> CivilFields? {
    guard let civil = try? CivilDateTime(text) else { return nil }
    return CivilFields(
      year: Int32(clamping: civil.date.year), month: UInt8(clamping: civil.date.month),
      day: UInt8(clamping: civil.date.day), hour: UInt8(clamping: civil.time.hour),
      minute: UInt8(clamping: civil.time.minute), second: UInt8(clamping: civil.time.second))
  }

  /// The instant of a local time in a zone.
  public func instant(of civil: CivilFields, zone: String) -> Timestamp? {
    guard let rules = try? database.zone(named: zone),
      let date = try? CivilDate(year: Int(civil.year), month: Int(civil.month), day: Int(civil.day)),
      let time = try? CivilTimeOfDay(hour: Int(civil.hour), minute: Int(civil.minute), second: Int(civil.second))
    else { return nil }
    return rules.instant(of: CivilDateTime(date, time), gap: .shiftForward, fold: .first).first
      .map { Timestamp(microseconds: $0.microseconds) }
  }
}
