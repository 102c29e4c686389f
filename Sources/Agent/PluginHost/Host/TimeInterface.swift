import CPluginAPI
public import EventModel

/// Time zones, for plugins: given by whoever has the zone files.
public struct TimeService: Sendable {
  /// The instant of a local time in a zone; nil for an unknown zone, or in a gap with `.skip`.
  public var instant: @Sendable (_ zone: String, CivilFields, GapRule, FoldRule) -> Timestamp?
  /// The local time of an instant in a zone; nil for an unknown zone.
  public var civil: @Sendable (_ zone: String, Timestamp) -> CivilFields?

  /// Makes a service of two functions.
  public init(
    instant: @escaping @Sendable (_ zone: String, CivilFields, GapRule, FoldRule) -> Timestamp?,
    civil: @escaping @Sendable (_ zone: String, Timestamp) -> CivilFields?
  ) {
    self.instant = instant
    self.civil = civil
  }
}

/// `carillon.host.time/1`
enum TimeInterface {
  /// Longest zone name that is looked up, in bytes; the longest of IANA's has 32.
  static let maximumZoneBytes = 128

  static func table(_ context: UnsafeMutableRawPointer) -> carillon_host_time_1 {
    carillon_host_time_1(
      struct_size: UInt32(MemoryLayout<carillon_host_time_1>.size), reserved: 0, context: context, instant: findInstant,
      civil: findCivil)
  }

  private typealias Instant =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, UnsafePointer<carillon_civil>?, Int32, Int32, UnsafeMutablePointer<Int64>?
    ) -> carillon_status

  private static let findInstant: Instant = { context, zone, civil, gap, fold, result in
    guard let host = HostContext.of(context), let civil, let result else { return CARILLON_INVALID }
    return Self.instant(host.time, zone, civil.pointee, gap, fold, &result.pointee)
  }

  /// The instant of a local time, by the ABI's numbers for the rules.
  static func instant(
    _ time: TimeService, _ zone: carillon_str, _ civil: carillon_civil, _ gap: Int32, _ fold: Int32,
    _ result: inout Int64
  ) -> carillon_status {
    guard zone.len <= maximumZoneBytes, let fields = CivilFields(civil), let gap = GapRule(gap),
      let fold = FoldRule(fold)
    else { return CARILLON_INVALID }
    guard let instant = time.instant(zone.text(maximumBytes: maximumZoneBytes), fields, gap, fold) else {
      return CARILLON_NOT_FOUND
    }
    let (nanoseconds, overflow) = instant.microseconds.multipliedReportingOverflow(by: 1_000)
    guard !overflow else { return CARILLON_INVALID }
    result = nanoseconds
    return CARILLON_OK
  }

  private typealias Civil =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, Int64, UnsafeMutablePointer<carillon_civil>?
    ) -> carillon_status

  private static let findCivil: Civil = { context, zone, instant, result in
    guard let host = HostContext.of(context), let result else { return CARILLON_INVALID }
    return Self.civil(host.time, zone, instant, &result.pointee)
  }

  /// The local time of an instant.
  static func civil(
    _ time: TimeService, _ zone: carillon_str, _ instant: Int64, _ result: inout carillon_civil
  ) -> carillon_status {
    guard zone.len <= maximumZoneBytes else { return CARILLON_INVALID }
    let name = zone.text(maximumBytes: maximumZoneBytes)
    guard let fields = time.civil(name, Timestamp(nanoseconds: instant)) else { return CARILLON_NOT_FOUND }
    result = carillon_civil(fields)
    return CARILLON_OK
  }
}

extension GapRule {
  fileprivate init?(_ value: Int32) {
    switch value {
    case CARILLON_GAP_SHIFT_FORWARD: self = .shiftForward
    case CARILLON_GAP_BEFORE: self = .before
    case CARILLON_GAP_SKIP: self = .skip
    default: return nil
    }
  }
}

extension FoldRule {
  fileprivate init?(_ value: Int32) {
    switch value {
    case CARILLON_FOLD_FIRST: self = .first
    case CARILLON_FOLD_SECOND: self = .second
    default: return nil
    }
  }
}
