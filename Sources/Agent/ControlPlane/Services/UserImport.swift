import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// One import: a stream of users with their schedules, or of schedules alone. Each item is one transaction's worth; many of them share one for
/// speed, and are taken apart again when one of them fails.
struct UserImport {
  let environment: Environment
  let actor: Actor
  private var namespace: String?
  private var dryRun = false

  init(environment: Environment, actor: Actor) {
    self.environment = environment
    self.actor = actor
  }

  /// Takes one message and answers for each of its items, in order.
  mutating func take(_ message: Carillon_V1_ImportUsersRequest) async throws -> Carillon_V1_ImportUsersResponse {
    let namespace = try begin(message)
    let maximum = environment.limits.maximumImportItems
    guard message.items.count <= maximum else { throw Failure.invalid("items", "must be at most \(maximum)") }
    let reader = try await ImportReader(environment: environment, namespace: namespace)
    var results: [Carillon_V1_ImportResult] = []
    var pending: [ImportDraft] = []
    var places: [Int] = []
    for item in message.items {
      var result = Carillon_V1_ImportResult()
      result.tag = item.tag
      let outcome = await reader.draft(item)
      switch outcome {
      case .success(let draft):
        places.append(results.count)
        pending.append(draft)
      case .failure(let error): result.violations = Self.violations(error)
      }
      results.append(result)
    }
    for (place, outcome) in zip(places, try await commit(pending)) {
      switch outcome {
      case .success(let effect): results[place].effect = effect
      case .failure(let error): results[place].violations = Self.violations(error)
      }
    }
    if !dryRun, !pending.isEmpty { environment.pipeline.kickPlanner() }
    return .with { $0.results = results }
  }

  private mutating func begin(_ message: Carillon_V1_ImportUsersRequest) throws -> String {
    if let namespace {
      guard message.parent.isEmpty || message.parent == ResourceName(kind: .namespace, id: namespace).text else {
        throw Failure.invalid("parent", "must be left out, or the same as in the first message")
      }
      return namespace
    }
    let namespace = try ResourceName.namespace(message.parent)
    self.namespace = namespace
    dryRun = message.validateOnly
    return namespace
  }

  /// Commits as many items at a time as a transaction takes.
  private func commit(
    _ drafts: [ImportDraft]
  ) async throws -> [Result<Carillon_V1_Effect, ModelError>] {
    let most = type(of: environment.store).maximumChangesPerTransaction
    var results: [Result<Carillon_V1_Effect, ModelError>] = []
    var batch: [ImportDraft] = []
    var size = 0
    for draft in drafts {
      if size + draft.changes.count > most, !batch.isEmpty {
        results += try await commitTogether(batch[...])
        batch = []
        size = 0
      }
      batch.append(draft)
      size += draft.changes.count
    }
    return results + (try await commitTogether(batch[...]))
  }

  /// All in one transaction; when it is refused, each half in one of its own, down to the item that is at fault.
  private func commitTogether(
    _ drafts: ArraySlice<ImportDraft>
  ) async throws -> [Result<Carillon_V1_Effect, ModelError>] {
    guard let first = drafts.first else { return [] }
    try Task.checkCancellation()
    do {
      let results = try await environment.store.commit(
        drafts.flatMap(\.changes), actor: actor, dryRun: dryRun, now: environment.now())
      return try Self.effects(of: drafts, results).map { .success($0) }
    } catch let error as StoreError {
      guard let fault = first.fault(error) else { throw error }
      guard drafts.count > 1 else { return [.failure(fault)] }
      let middle = drafts.startIndex + drafts.count / 2
      return try await commitTogether(drafts[..<middle]) + commitTogether(drafts[middle...])
    }
  }

  private static func effects(
    of drafts: ArraySlice<ImportDraft>, _ results: [ChangeResult]
  ) throws -> [Carillon_V1_Effect] {
    guard results.count == drafts.reduce(0, { $0 + $1.changes.count }) else {
      throw StoreError(.unknown, "the store did not answer for each change")
    }
    var rest = results[...]
    return drafts.map { draft in
      let own = rest.prefix(draft.changes.count)
      rest = rest.dropFirst(draft.changes.count)
      return draft.effect(of: own.map(\.effect))
    }
  }

  private static func violations(_ error: ModelError) -> [Carillon_V1_FieldViolation] {
    Failure.shown(error.violations, maximumBytes: Failure.maximumViolationBytes).map { violation in
      .with {
        $0.field = violation.field
        $0.description_p = violation.message
      }
    }
  }
}
