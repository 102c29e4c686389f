import EventModel
import GRPCCore
import GRPCProtobuf
import Logging
import Store

/// What a store verb answers; nil where it says `.notFound`.
func ifFound<Value: Sendable>(
  _ verb: () async throws(StoreError) -> Value
) async throws(StoreError) -> Value? {
  do throws(StoreError) {
    return try await verb()
  } catch {
    if error.code == .notFound { return nil }
    throw error
  }
}

/// What every service works with.
struct Environment: Sendable {
  let store: any Store
  let plugins: any PluginCatalog
  /// Loads and changes plugins; nil when this agent's stay as they are.
  let operations: (any PluginOperations)?
  let pipeline: any PipelineControl
  let zones: any ZoneCatalog
  /// What this agent wrote to its log.
  let log: any LogSource
  /// Reads the configuration again; nil when there is none that could be.
  let reloader: (any ConfigurationReloader)?
  /// The pipeline's corrected clock.
  let now: @Sendable () -> Timestamp
  /// Waits are measured and slept on it.
  let clock: any Clock<Duration>
  let limits: ControlPlaneLimits
  /// Set when the server stops: open watches end then.
  let shutdown: ShutdownSignal
  /// How many watches are open.
  let watches: Gate
  /// How many exports are open.
  let exports: Gate
  /// Who may do what, in memory.
  let access: AccessDirectory
  /// Signs certificates; nil when this agent does not hold the authority's key.
  let issuer: (any CertificateIssuer)?
  /// The listener's certificate.
  let certificates: CertificateStatus
  let logger: Logger

  /// Who calls, for the audit record.
  func actor(_ context: ServerContext) -> Actor {
    Actor(name: context.call?.caller?.identity ?? "unknown")
  }

  /// Makes one change. What this agent goes by (a queue, a sink, words), it goes by when this returns.
  func commit(
    _ change: Change, about name: ResourceName, dryRun: Bool, path: FieldPath = .root, context: ServerContext
  ) async throws -> ChangeResult {
    let result = try await naming(name, path: path) {
      let results = try await store.commit([change], actor: actor(context), dryRun: dryRun, now: now())
      guard let result = results.first else { throw StoreError(.unknown, "the store answered nothing for a change") }
      return result
    }
    if !dryRun, change.isOfSettings, result.effect != .unchanged { await refreshSettings() }
    return result
  }

  /// Lets this agent act at once by a change that is durable. A fault is only logged: every agent, this one too, reads
  /// the change with the next renewal of its lease.
  func refreshSettings() async {
    do throws(StoreError) {
      try await pipeline.refreshSettings()
    } catch {
      logger.warning("settings were not read again at once", metadata: ["error": "\(error)"])
    }
  }

  /// Runs store verbs about one resource; an error of theirs names it, and faults name the request's fields.
  func naming<Value: Sendable>(
    _ name: ResourceName, path: FieldPath = .root, _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch let error as StoreError {
      if error.code == .invalid, !error.violations.isEmpty {
        var violations = Violations()
        violations.keep(ModelError(violations: error.violations), under: path)
        try violations.check()
      }
      throw Failure.status(of: error, resource: name) ?? error
    }
  }

  /// Changes a resource that was read before, again when somebody else came between and the caller sent no etag.
  func retryingConflicts<Value: Sendable>(
    etag: String, _ body: () async throws -> Value
  ) async throws -> Value {
    for _ in 1..<Self.conflictAttempts {
      do {
        return try await body()
      } catch let error as GoogleStatus where error.code == .aborted && etag.isEmpty {
        try Task.checkCancellation()
      }
    }
    return try await body()
  }

  /// How often a change without an etag is tried when others keep changing the same thing.
  static let conflictAttempts = 5
}
