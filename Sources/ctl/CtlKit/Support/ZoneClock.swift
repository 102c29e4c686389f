import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Shows instants in a zone, with the rules that the system has.
///
/// The C library knows one zone at a time (the TZ variable), so all conversions share a lock.
struct ZoneClock: Sendable {
  static let utc = ZoneClock(name: "UTC")

  private static let libraryZone = Mutex<String?>(nil)
  private static let folder = "/usr/share/zoneinfo/"

  /// IANA name; nil: the system's own.
  private let name: String?

  private init(name: String?) { self.name = name }

  /// The zone of `--tz`; nil is the zone of the machine.
  init(named name: String?) throws(CtlError) {
    if let name, name != "UTC" {
      let isName = name.utf8.allSatisfy { Byte.isLetter($0) || Byte.isDigit($0) || "_+-/".utf8.contains($0) }
      guard isName, !name.isEmpty, access(Self.folder + name, R_OK) == 0 else {
        throw .invalid(
          "--tz", "\(Excerpt.of(name)) is no time zone of this system", hint: "write an IANA name such as Europe/Paris")
      }
    }
    self.name = name
  }

  /// `2026-05-04T09:00:00.000+02:00`.
  func rfc3339(milliseconds: Int64) -> String {
    let offset = offsetSeconds(milliseconds: milliseconds)
    let text = CivilFields(epochMilliseconds: milliseconds + offset * 1_000).text
    guard offset != 0 else { return text + "Z" }
    let minutes = abs(offset) / 60
    let digits = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return text + (offset < 0 ? "-" : "+") + digits.joined(separator: ":")
  }

  /// `09:00:00.000`.
  func timeOfDay(milliseconds: Int64) -> String {
    CivilFields(epochMilliseconds: milliseconds + offsetSeconds(milliseconds: milliseconds) * 1_000).timeOfDay
  }

  /// Seconds east of Greenwich.
  func offsetSeconds(milliseconds: Int64) -> Int64 {
    Self.libraryZone.withLock { current in
      if let name, current != name {
        setenv("TZ", name, 1)
        tzset()
        current = name
      }
      var seconds = time_t(milliseconds / 1_000)
      var fields = tm()
      guard localtime_r(&seconds, &fields) != nil else { return 0 }
      return Int64(fields.tm_gmtoff)
    }
  }
}
