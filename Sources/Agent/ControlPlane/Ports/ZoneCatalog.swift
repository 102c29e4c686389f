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
}
