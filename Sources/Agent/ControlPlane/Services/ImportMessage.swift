import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// The items of one message as they were read: what to commit, and what to answer.
struct ImportMessage: Sendable {
  private let isDryRun: Bool
  private var results: [Carillon_V1_ImportResult] = []
  private var drafts: [ImportDraft] = []
  /// Which result each draft's is.
  private var places: [Int] = []
  /// The users and schedules that are put, and whose they are.
  private(set) var names: Set<String> = []

  init(isDryRun: Bool) {
    self.isDryRun = isDryRun
  }

  /// Adds what was read of an item.
  mutating func add(_ draft: Result<ImportDraft, ModelError>, tag: Int64) {
    var result = Carillon_V1_ImportResult()
    result.tag = tag
    switch draft {
    case .success(let draft):
      places.append(results.count)
      drafts.append(draft)
      for change in draft.changes { note(change) }
    case .failure(let error): result.violations = Self.violations(error)
    }
    results.append(result)
  }

  private mutating func note(_ change: Change) {
    switch change {
    case .importUser(let user, _): names.insert("u" + user.id)
    case .putSchedule(let schedule, _):
      names.insert("s" + schedule.id)
      if let user = schedule.userID { names.insert("u" + user) }
    default: break
    }
  }

  /// Commits the items and answers for each, in order.
  func commit(_ environment: Environment, _ actor: Actor) async throws -> Carillon_V1_ImportUsersResponse {
    var results = results
    for (place, outcome) in zip(places, try await commitAll(environment, actor)) {
      switch outcome {
      case .success(let effect): results[place].effect = effect
      case .failure(let error): results[place].violations = Self.violations(error)
      }
    }
    if !isDryRun, !drafts.isEmpty { environment.pipeline.kickPlanner() }
    return .with { $0.results = results }
  }

  /// Commits as many items at a time as a transaction takes.
  private func commitAll(
    _ environment: Environment, _ actor: Actor
  ) async throws -> [Result<Carillon_V1_Effect, ModelError>] {
    let most = type(of: environment.store).maximumChangesPerTransaction
    var results: [Result<Carillon_V1_Effect, ModelError>] = []
    var start = 0
    var size = 0
    for (index, draft) in drafts.enumerated() {
      if size + draft.changes.count > most, index > start {
        results += try await commitTogether(drafts[start..<index], environment, actor)
        start = index
        size = 0
      }
      size += draft.changes.count
    }
    return results + (try await commitTogether(drafts[start...], environment, actor))
  }

  /// All in one transaction; when it is refused, each half in one of its own, down to the item that is at fault.
  private func commitTogether(
    _ drafts: ArraySlice<ImportDraft>, _ environment: Environment, _ actor: Actor
  ) async throws -> [Result<Carillon_V1_Effect, ModelError>] {
    guard let first = drafts.first else { return [] }
    try Task.checkCancellation()
    do {
      let results = try await environment.store.commit(
        drafts.flatMap(\.changes), actor: actor, dryRun: isDryRun, now: environment.now())
      return try Self.effects(of: drafts, results).map { .success($0) }
    } catch let error as StoreError {
      guard let fault = first.fault(error) else { throw error }
      guard drafts.count > 1 else { return [.failure(fault)] }
      let middle = drafts.startIndex + drafts.count / 2
      return try await commitTogether(drafts[..<middle], environment, actor)
        + commitTogether(drafts[middle...], environment, actor)
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
