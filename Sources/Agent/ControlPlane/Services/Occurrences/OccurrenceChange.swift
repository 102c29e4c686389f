import EventModel
import GRPCCore
import GRPCProtobuf
import Store

/// Says something about one occurrence, or takes it back.
///
/// The exception is written first: from then on no plan in the making plans the occurrence otherwise. Then the event, if
/// it is planned already, is changed as a person would do it, so that the answer is true: after it, nothing is sent at the
/// old time. Should it be too late for that, the exception is taken back. If this agent dies in between, the planner
/// does the rest, as the exception asks for a re-plan.
struct OccurrenceChange {
  let occurrence: NamedOccurrence
  let actor: Actor
  private var environment: Environment { occurrence.environment }
  private var name: ResourceName { occurrence.name }

  /// This occurrence is not sent.
  func skip(reason: String, dryRun: Bool) async throws -> Schedule {
    if try await isSkipped() { return try await occurrence.stored() }
    _ = try await occurrence.requireOpen(verb: "skip")
    let exception = OccurrenceException(
      key: occurrence.key, action: .skip, reason: reason, createdAt: environment.now())
    return try await put(exception, dryRun: dryRun) {
      guard try await occurrence.event() != nil else { return }
      let result = try await environment.store.cancel(
        occurrence.identity, reason: Self.cancelReason(reason), actor: actor, now: environment.now())
      // Skipped by the planner, that heard of it meanwhile.
      try await intervention("skip", asGood: [.cancelled, .skipped]).settle(result)
    }
  }

  /// This occurrence is at another time.
  func move(to civil: CivilFields, at due: Timestamp, reason: String, dryRun: Bool) async throws -> Schedule {
    _ = try await occurrence.requireOpen(verb: "move")
    let exception = OccurrenceException(
      key: occurrence.key, action: .move(to: civil), reason: reason, createdAt: environment.now())
    return try await put(exception, dryRun: dryRun) { try await relocate(to: due, verb: "move") }
  }

  /// The occurrence is as its schedule says.
  func restore() async throws -> Schedule {
    guard let exception = occurrence.exception else {
      let known = occurrence.schedule.exceptions.map(\.key)
      throw Failure.invalid("occurrence_key", Environment.unknown("exception", occurrence.key, known: known))
    }
    try await requireRestorable(exception)
    guard let due = try await occurrence.dueAt(asWritten: true) else {
      throw Failure.precondition(
        "OCCURRENCE_PAST", "\(occurrence.key) of \(name.text) cannot be restored: its own time is over")
    }
    return try await change(
      .deleteException(namespace: name.namespace, schedule: name.id, key: occurrence.key), dryRun: false
    ) {
      if case .move = exception.action { try await relocate(to: due, verb: "restore") }
    }
  }

  private func requireRestorable(_ exception: OccurrenceException) async throws {
    guard let event = try await occurrence.event() else { return }
    let isOver = try await occurrence.isOver(event)
    switch exception.action {
    case .move where isOver: throw occurrence.tooLate(event, verb: "restore")
    case .skip where isOver:
      throw Failure.precondition(
        "SKIP_IS_FINAL",
        "\(occurrence.key) of \(name.text) was planned already when it was skipped: \(occurrence.eventName.text) is "
          + "\(event.state.rawValue) for good; run the schedule to send it after all",
        metadata: ["event": occurrence.eventName.text])
    case .skip where event.state == .processing:
      throw Failure.precondition(
        "SKIP_UNDER_WAY", "the agent that owns \(occurrence.eventName.text) was asked to cancel it: look at it again")
    case .move, .skip: return
    }
  }

  /// Whether it is skipped and nothing is left to do.
  private func isSkipped() async throws -> Bool {
    guard occurrence.exception?.action == .skip, let event = try await occurrence.event() else { return false }
    guard event.state == .cancelled || event.state == .skipped else { return false }
    return try await occurrence.isOver(event)
  }

  /// Moves the event, if it is planned and waits at another time.
  private func relocate(to due: Timestamp, verb: String) async throws {
    guard let event = try await occurrence.event() else { return }
    if try await occurrence.isOver(event) { throw occurrence.tooLate(event, verb: verb) }
    guard event.state == .pending || event.state == .processing, event.dueAt != due else { return }
    let result = try await environment.store.move(
      occurrence.identity, dueAt: due, queue: nil, actor: actor, now: environment.now())
    // Moved by the planner, that heard of it meanwhile.
    try await intervention(verb, asGood: [.moved]).settle(result)
  }

  private func put(
    _ exception: OccurrenceException, dryRun: Bool, _ act: () async throws -> Void
  ) async throws -> Schedule {
    let change = Change.putException(namespace: name.namespace, schedule: name.id, exception)
    guard !dryRun else {
      _ = try await commit(change, dryRun: true)
      var schedule = occurrence.schedule
      schedule.exceptions.removeAll { $0.key == exception.key }
      schedule.exceptions.append(exception)
      schedule.exceptions.sort { $0.key < $1.key }
      return schedule
    }
    return try await self.change(change, dryRun: false, act)
  }

  private func change(_ change: Change, dryRun: Bool, _ act: () async throws -> Void) async throws -> Schedule {
    try await commit(change, dryRun: dryRun)
    environment.pipeline.kickPlanner()
    do {
      try await act()
    } catch let error as GoogleStatus where error.code == .failedPrecondition {
      try await takeBack()
      throw error
    }
    return try await occurrence.stored()
  }

  /// As it was before this change.
  private func takeBack() async throws {
    let before = occurrence.exception.map { exception in
      Change.putException(namespace: name.namespace, schedule: name.id, exception)
    }
    try await commit(
      before ?? .deleteException(namespace: name.namespace, schedule: name.id, key: occurrence.key), dryRun: false)
    environment.pipeline.kickPlanner()
  }

  private func commit(_ change: Change, dryRun: Bool) async throws {
    try await environment.naming(name) {
      _ = try await environment.store.commit([change], actor: actor, dryRun: dryRun, now: environment.now())
    }
  }

  private func intervention(_ verb: String, asGood: Set<Outcome>) -> Intervention {
    Intervention(environment: environment, name: occurrence.eventName, verb: verb, asGood: asGood)
  }

  private static func cancelReason(_ reason: String) -> String {
    Failure.cut(reason.isEmpty ? "skipped" : "skipped: " + reason, Intervention.maximumReasonBytes)
  }
}
