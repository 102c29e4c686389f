import ControlPlane
import EventModel
import PluginHost

/// A new version beside the one that it replaced, until it is clear which of the two fails less.
struct TrialRun: Sendable {
  /// Failures that are needed before a version is called worse: a single one proves nothing.
  static let minimumFailures: Int64 = 3
  /// How much more may fail, as a share of all, before a version is called worse.
  static let tolerance = 0.02

  let settings: PluginTrialSettings
  let version: String
  let startedAt: Timestamp
  /// What the version before did until then.
  let baseline: PluginTally.Counts
  /// What the new version had done when its trial began.
  let start: PluginTally.Counts

  /// How it stands.
  enum Verdict: Hashable, Sendable {
    case running
    case passed
    case worse(String)
  }

  /// Judges by what the new version did so far.
  /// - Parameter trouble: why it cannot work at all, if so.
  func judge(_ now: PluginTally.Counts, at moment: Timestamp, trouble: String?) -> Verdict {
    if let trouble { return .worse(trouble) }
    let (bad, total) = (now.bad - start.bad, now.total - start.total)
    let before = baseline.failureRate ?? 0
    if bad >= Self.minimumFailures, Double(bad) / Double(total) > before + Self.tolerance {
      return .worse(
        "\(bad) of its \(total) deliveries failed, \(Self.percent(Double(bad) / Double(total))); of the version before "
          + "it was \(Self.percent(before))")
    }
    let isOver = total >= Int64(settings.deliveries) || moment >= startedAt + settings.duration
    return isOver ? .passed : .running
  }

  /// How it is shown.
  func facts(_ now: PluginTally.Counts, _ verdict: Verdict, endedAt: Timestamp?) -> PluginTrial {
    let (state, reason): (PluginTrial.State, String) =
      switch verdict {
      case .running: (.running, "")
      case .passed: (.passed, "")
      case .worse(let why): (.rolledBack, why)
      }
    return PluginTrial(
      state: state, version: version, startedAt: startedAt, endedAt: endedAt, deliveries: Int(now.total - start.total),
      failures: Int(now.bad - start.bad), wantedDeliveries: settings.deliveries,
      baselineFailureRate: baseline.failureRate, reason: reason)
  }

  private static func percent(_ rate: Double) -> String { "\((rate * 1_000).rounded() / 10) %" }
}
