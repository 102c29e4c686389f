public import Store

/// A rule that a store broke.
public struct ConformanceFailure: Error, CustomStringConvertible {
  /// What was expected, and what came.
  public let description: String
}

/// One rule, that any store must pass.
public struct ConformanceRule: Sendable, CustomStringConvertible {
  /// What it says, as a sentence.
  public let name: String
  let body: @Sendable (Scene) async throws -> Void

  /// The name.
  public var description: String { name }

  init(_ name: String, _ body: @escaping @Sendable (Scene) async throws -> Void) {
    self.name = name
    self.body = body
  }
}

/// Runs the rules against one kind of store.
public struct StoreConformance: Sendable {
  /// Every rule.
  public static let rules: [ConformanceRule] =
    planningRules + replanRules + oneOffRules + claimRules + leaseRules + fleetRules + shareRules + recordRules
    + followUpRules + commandRules + withdrawalRules + routingRules + resourceRules + deletionRules + listingRules
    + upkeepRules + exceptionRules + templateRules + stopRules + deadLetterRules + eraseRules + changeRules
    + endRules + relayRules + sinkRules + digestRules + batchRules + accessRules + auditRules + creationRules
    + bulkRules
    + statisticsRules + randomRules

  private let makeStore: @Sendable () async throws -> any Store
  private let reopen: @Sendable (any Store) async throws -> any Store

  /// Takes what makes a fresh, empty store, and what closes a store and opens it again on the same data.
  public init(
    makeStore: @escaping @Sendable () async throws -> any Store,
    reopen: @escaping @Sendable (any Store) async throws -> any Store
  ) {
    self.makeStore = makeStore
    self.reopen = reopen
  }

  /// Runs one rule on a store of its own.
  /// - Throws: ``ConformanceFailure``, or what the store threw where it should not have.
  public func run(_ rule: ConformanceRule) async throws {
    let scene = Scene(store: try await makeStore(), reopen: reopen)
    do {
      try await rule.body(scene)
    } catch {
      await scene.store.close()
      throw error
    }
    await scene.store.close()
  }
}
