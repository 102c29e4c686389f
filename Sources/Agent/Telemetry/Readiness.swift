import Synchronization

/// What must hold for the agent to call itself ready, by name; `/readyz` names what fails.
public final class Readiness: Sendable {
  private let checks = Mutex<[(name: String, problem: @Sendable () -> String?)]>([])

  /// Makes a board without checks.
  public init() {}

  /// Adds a check. It is asked at every look, must be quick, and answers what is wrong; nil when nothing is.
  public func add(_ name: String, _ problem: @escaping @Sendable () -> String?) {
    checks.withLock { $0.append((name, problem)) }
  }

  /// What fails, as `name: problem`, in the order of the checks; empty when ready.
  public var failures: [String] {
    checks.withLock { $0 }.compactMap { check in check.problem().map { "\(check.name): \($0)" } }
  }
}
