import EventModel
import Logging

/// Reads the configuration again and has every part go by it: all of them, or none.
actor ConfigurationReload {
  private let loader: ConfigurationLoader
  private var participants: [any ReloadParticipant] = []
  private let logger: Logger
  /// What each setting in force is, by its path: of those that take a restart, what the agent began with.
  private var inForce: [String: String]
  /// The reload under way: the next one waits for it.
  private var latest: Task<Void, Never>?

  init(current: Configuration, loader: ConfigurationLoader, logger: Logger) {
    self.loader = loader
    self.logger = logger
    inForce = Dictionary(current.entries.map { ($0.path, $0.fingerprint) }, uniquingKeysWith: { $1 })
  }

  /// Has one more part go by what is read.
  func add(_ participant: any ReloadParticipant) { participants.append(participant) }

  /// What became of it.
  struct Outcome: Hashable, Sendable {
    /// Settings that are different now, by path; sinks whose secrets are, by name.
    var changed: [String]
    /// Those among them that count only after a restart.
    var needsRestart: [String]
  }

  /// Reloads.
  /// - Parameter isTrial: says what would change, and changes nothing.
  /// - Throws: every fault; the old configuration goes on. It is logged, too.
  func reload(isTrial: Bool) async throws(ConfigurationError) -> Outcome {
    let before = latest
    let turn = Task { () -> Result<Outcome, ConfigurationError> in
      await before?.value
      return await self.attempt(isTrial: isTrial)
    }
    latest = Task { _ = await turn.value }
    return try await turn.value.get()
  }

  private func attempt(isTrial: Bool) async -> Result<Outcome, ConfigurationError> {
    do throws(ConfigurationError) {
      let new = try loader.load()
      let prepared = try await prepare(new)
      let outcome = compare(new, prepared)
      guard !isTrial else {
        for one in prepared { await one.abandon() }
        return .success(outcome)
      }
      for one in prepared { await one.commit() }
      for entry in new.entries where entry.isLive { inForce[entry.path] = entry.fingerprint }
      tell(outcome, new.warnings)
      return .success(outcome)
    } catch {
      if !isTrial {
        for fault in error.faults {
          logger.error("the configuration was not reloaded, the old one goes on", metadata: ["reason": "\(fault)"])
        }
      }
      return .failure(error)
    }
  }

  private func prepare(_ new: Configuration) async throws(ConfigurationError) -> [PreparedReload] {
    var prepared: [PreparedReload] = []
    var faults: [ConfigurationError.Fault] = []
    for participant in participants {
      do throws(ConfigurationError) {
        prepared.append(try await participant.prepare(new))
      } catch {
        faults += error.faults
      }
    }
    guard faults.isEmpty else {
      for one in prepared { await one.abandon() }
      throw ConfigurationError(faults: faults)
    }
    return prepared
  }

  private func compare(_ new: Configuration, _ prepared: [PreparedReload]) -> Outcome {
    let different = new.entries.filter { inForce[$0.path] != $0.fingerprint }
    let changed = Set(different.map(\.path) + prepared.flatMap(\.changed))
    return Outcome(
      changed: changed.sorted(), needsRestart: Set(different.filter { !$0.isLive }.map(\.path)).sorted())
  }

  private func tell(_ outcome: Outcome, _ warnings: [String]) {
    logger.notice(
      "configuration reloaded",
      metadata: [
        "changed": "\(outcome.changed.joined(separator: ", "))",
        "needs_restart": "\(outcome.needsRestart.joined(separator: ", "))",
      ])
    for warning in warnings { logger.warning("configuration", metadata: ["reason": "\(warning)"]) }
  }
}
