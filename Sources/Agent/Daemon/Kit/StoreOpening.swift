import EventModel
import Glibc
import Logging
import ServiceLifecycle
import Store
import StorePostgreSQL
import StoreSQLite
import Synchronization
import Telemetry
import UnixSignals

/// Opens the store. A database that cannot be reached yet is waited for: meanwhile the agent is live and not ready, and
/// says why; so is one that does not let it in, or a standby, as these change without the agent. What waiting does not mend (a
/// wrong setting, a missing right, tables of a newer version) ends it.
struct StoreOpening {
  let configuration: Configuration
  let logger: Logger

  /// Between two attempts, in milliseconds: doubled from the first to the last.
  private static let shortestWait = 250
  private static let longestWait = 10_000

  /// Answers nil when a signal came first.
  func open() async throws -> (any Store)? {
    try makeFolder(configuration.stateDirectory)
    do throws(StoreError) {
      return try await attempt()
    } catch {
      guard Self.isWorthWaiting(error), case .postgresql = configuration.store else { throw Self.failure(error) }
      logger.warning("the store cannot be opened; trying again", metadata: ["reason": "\(error.message)"])
      return try await wait(because: error.message)
    }
  }

  private func attempt() async throws(StoreError) -> any Store {
    switch configuration.store {
    case .sqlite(let path):
      return try await SQLiteStore.open(path: path, options: SQLiteStore.Options(agent: configuration.agentName))
    case .postgresql(let setting):
      return try await PostgresStore.open(
        PostgresStore.Options(
          url: setting.url, directURL: setting.directURL, replicaURL: setting.replicaURL, prepares: setting.prepares,
          connections: setting.pool,
          partitionsAhead: TimeSpan(
            microseconds: configuration.horizon.microseconds + TimeSpan.hours(3 * 24).microseconds),
          agent: configuration.agentName))
    }
  }

  private static func isWorthWaiting(_ error: StoreError) -> Bool { error.code == .unavailable || error.code == .full }

  private static func failure(_ error: StoreError) -> AgentError {
    AgentError("the store cannot be opened: \(error.message)")
  }

  /// Tries until it is open or a signal comes, and tells everybody who asks that it is not.
  private func wait(because reason: String) async throws -> (any Store)? {
    let state = WaitState(reason)
    let readiness = Readiness()
    readiness.add("store") { state.reason }
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(
        service: Waiting(opening: self, state: state), successTerminationBehavior: .gracefullyShutdownGroup,
        failureTerminationBehavior: .cancelGroup)
    ]
    if let ops = configuration.ops {
      let server = OpsServer(
        host: ops.host, port: ops.port, registry: MetricRegistry(), readiness: readiness, logger: logger)
      services.insert(.init(service: server), at: 0)
    }
    var group = ServiceGroupConfiguration(
      services: services, logger: Logger(label: "agent") { _ in SwiftLogNoOpLogHandler() })
    group.gracefulShutdownSignals = [.sigterm, .sigint]
    try await ServiceGroup(configuration: group).run()
    return state.store
  }

  /// What is known while it is waited for.
  private final class WaitState: Sendable {
    private let value: Mutex<(reason: String?, store: (any Store)?)>

    init(_ reason: String) {
      value = Mutex((reason, nil))
    }

    var reason: String? { value.withLock { $0.reason } }
    var store: (any Store)? { value.withLock { $0.store } }

    /// Answers whether it is another reason than before.
    func note(_ reason: String) -> Bool {
      value.withLock { value in
        defer { value.reason = reason }
        return value.reason != reason
      }
    }

    func opened(_ store: any Store) { value.withLock { $0 = (nil, store) } }
  }

  private struct Waiting: Service {
    let opening: StoreOpening
    let state: WaitState

    func run() async throws {
      try await cancelWhenGracefulShutdown {
        var wait = StoreOpening.shortestWait
        while (try? await Task.sleep(for: .milliseconds(wait))) != nil {
          wait = min(wait * 2, StoreOpening.longestWait)
          do throws(StoreError) {
            state.opened(try await opening.attempt())
            return opening.logger.notice("the store is open")
          } catch {
            guard StoreOpening.isWorthWaiting(error) else { throw StoreOpening.failure(error) }
            if state.note(error.message) {
              opening.logger.warning(
                "the store cannot be opened; trying again", metadata: ["reason": "\(error.message)"])
            }
          }
        }
      }
    }
  }

  private func makeFolder(_ path: String) throws(AgentError) {
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    throw AgentError(
      "agent.state_directory: \(path) cannot be made: \(String(cString: strerror(errno)))", exitCode: EX_CANTCREAT)
  }
}
