import ControlAPI
import SwiftProtobuf

extension Carillon_V1_Plugin: TableRow {
  static let columns: [Table.Column] = [
    .init("ID"), .init("VERSION"), .init("STATE"), .init("ISOLATION"), .init("DIGEST"), .init("TRIAL"),
    .init("PROVIDES"), .init("PROBLEM"),
    .init("SUMMARY", isWide: true), .init("VENDOR", isWide: true), .init("ABI", isWide: true),
    .init("LOADED", isWide: true), .init("PREVIOUS", isWide: true), .init("RELOADS", isWide: true, isRight: true),
    .init("LEFT", isWide: true, isRight: true), .init("PID", isWide: true, isRight: true),
    .init("RESTARTS", isWide: true, isRight: true), .init("MEMORY", isWide: true, isRight: true),
    .init("LAST EXIT", isWide: true), .init("ENFORCED", isWide: true), .init("CALLS", isWide: true, isRight: true),
    .init("FAILED", isWide: true, isRight: true), .init("TIMEOUTS", isWide: true, isRight: true),
    .init("STRIKES", isWide: true, isRight: true), .init("P50", isWide: true, isRight: true),
    .init("P99", isWide: true, isRight: true), .init("DISABLED BY", isWide: true),
    .init("UNTIL RESTART", isWide: true), .init("FILE", isWide: true),
  ]

  func cells(_ show: ValueText) -> [Table.Cell] {
    [
      .init(show.id(name)), .init(show.text(version)), stateCell(show),
      .init(isolation == .unspecified ? ValueText.none : EnumText.label(isolation)),
      .init(show.text(String(sha256.prefix(Self.shownDigits)))), trialCell,
      .init(show.text(provides.joined(separator: ", "))), .init(show.text(problem.isEmpty ? trial.reason : problem)),
      .init(show.text(summary)), .init(show.text(vendor)), .init(show.text(abiVersion)),
      .init(show.time(loadTime, isSet: hasLoadTime)), .init(show.text(previousVersion)), .init(String(reloads)),
      .init(hasReloadsLeft ? String(reloadsLeft) : ValueText.none),
    ] + processCells(show) + countCells + [
      .init(disabledBy == .unspecified ? ValueText.none : EnumText.label(disabledBy)),
      .init(show.text(untilRestart.joined(separator: ", "))), .init(show.text(file)),
    ]
  }

  /// Without what changes with every call.
  var steady: Self {
    var plugin = self
    plugin.clearStatistics()
    if plugin.hasProcess { plugin.process.residentBytes = 0 }
    return plugin
  }

  /// Of a digest; the whole of it is in the JSON.
  private static let shownDigits = 12

  private func stateCell(_ show: ValueText) -> Table.Cell {
    let until =
      process.hasQuarantinedUntilTime ? " until " + show.time(process.quarantinedUntilTime, isSet: true) : ""
    return .init(EnumText.label(state) + (state == .quarantined ? until : ""), state == .loaded ? .good : .bad)
  }

  /// `running 120/200, 2 failed`.
  private var trialCell: Table.Cell {
    guard hasTrial else { return .init(ValueText.none) }
    let label = EnumText.label(trial.state)
    switch trial.state {
    case .running:
      let failures = trial.failures > 0 ? ", \(trial.failures) failed" : ""
      return .init("\(label) \(trial.deliveries)/\(trial.wantedDeliveries)\(failures)", .warning)
    case .passed: return .init(label, .good)
    default: return .init(label, .bad)
    }
  }

  private func processCells(_ show: ValueText) -> [Table.Cell] {
    guard hasProcess else { return Array(repeating: .init(ValueText.none), count: 5) }
    return [
      .init(process.pid > 0 ? String(process.pid) : ValueText.none), .init(String(process.restarts)),
      .init(process.residentBytes > 0 ? "\(process.residentBytes / 1_048_576) MiB" : ValueText.none),
      .init(show.text(process.lastExit)), .init(show.text(process.enforced.joined(separator: ", "))),
    ]
  }

  private var countCells: [Table.Cell] {
    guard hasStatistics else { return Array(repeating: .init(ValueText.none), count: 6) }
    return [
      .init(String(statistics.calls)), .init(String(statistics.callFailures)), .init(String(statistics.timeouts)),
      .init(String(statistics.strikes)),
      .init(statistics.hasCallP50 ? Self.time(statistics.callP50) : ValueText.none),
      .init(statistics.hasCallP99 ? Self.time(statistics.callP99) : ValueText.none),
    ]
  }

  /// Calls of plugins are shorter than a millisecond, or far longer: `850us`, `1.2ms`, `3.4s`.
  private static func time(_ duration: Google_Protobuf_Duration) -> String {
    guard (0..<1_000_000).contains(duration.seconds) else { return "\(duration.seconds)s" }
    let microseconds = duration.seconds * 1_000_000 + Int64(duration.nanos) / 1_000
    guard microseconds >= 1_000 else { return "\(microseconds)us" }
    let (unit, name): (Int64, String) = microseconds < 1_000_000 ? (1_000, "ms") : (1_000_000, "s")
    return "\(microseconds / unit).\(microseconds % unit * 10 / unit)\(name)"
  }
}
