import Synchronization

/// What must hold before the agent calls itself ready, by name; `/readyz` names what fails.
public final class Readiness: Sendable {
  private let reasons = Mutex<[String: String]>([:])

  /// Makes a board on which these checks have not passed yet.
  public init(pending checks: [String]) {
    reasons.withLock { for check in checks { $0[check] = "starting" } }
  }

  /// The check passes.
  public func pass(_ check: String) {
    reasons.withLock { _ = $0.removeValue(forKey: check) }
  }

  /// The check fails, for this reason.
  public func fail(_ check: String, _ reason: String) {
    reasons.withLock { $0[check] = reason }
  }

  /// What fails, as `check: reason`, sorted; empty when ready.
  public var failures: [String] {
    reasons.withLock { $0 }.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
  }
}
