import PluginKit0
import Recurrence

/// The host's time service, in whole seconds.
struct HostClock: LocalClock {
  static let nanosecondsPerSecond: Int64 = 1_000_000_000

  private let host: Host

  init(_ host: Host) { self.host = host }

  func instant(of local: LocalTime, in zone: String, gap: GapPolicy, fold: FoldPolicy) throws(PluginError) -> Int {
    guard let civil = local.civil else { throw Self.tooFar }
    let nanoseconds = try host.instant(of: civil, in: zone, gap: gap, fold: fold)
    // The last instant before a gap may be less than a whole second before it.
    let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: Self.nanosecondsPerSecond)
    return Int(rest < 0 ? quotient - 1 : quotient)
  }

  func reading(at instant: Int, in zone: String) throws(PluginError) -> ClockReading {
    let (nanoseconds, isTooFar) = Int64(instant).multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    if isTooFar { throw Self.tooFar }
    let civil = try host.civil(atNanoseconds: nanoseconds, in: zone)
    return ClockReading(LocalTime(civil), isSecond: civil.fold == 1)
  }

  private static let tooFar = PluginError(.invalid, "a time is beyond what the clock can tell")
}
