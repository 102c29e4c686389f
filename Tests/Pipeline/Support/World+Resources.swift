import EventModel
import Store
import Testing

@testable import Pipeline

extension World {
  func commit(_ changes: Change...) async throws { try await commit(changes) }

  func commit(_ changes: [Change]) async throws {
    for start in stride(from: 0, to: changes.count, by: 1_000) {
      let part = Array(changes[start..<min(start + 1_000, changes.count)])
      _ = try await store.commit(part, actor: .agent, dryRun: false, now: time.now())
    }
  }

  /// A sink of this name that every event goes to.
  func subscribe(
    _ name: String, to sink: any SinkPort, eventType: String = Subscription.anyEventType, addressKind: String? = nil,
    onUnknown: Sink.OnUnknown = .resend, maximumInFlight: Int32 = Sink.standardInFlight
  ) async throws {
    plugins.put(sink, named: name)
    try await commit(
      .putSink(
        Sink(
          namespace: "default", name: name, plugin: "test", configurationJSON: "{}", addressKind: addressKind,
          maximumInFlight: maximumInFlight, onUnknown: onUnknown), .none),
      .putSubscription(Subscription(namespace: "default", id: name, eventType: eventType, sink: name), .none))
  }

  /// A one-off that is due at an instant.
  func oneOff(
    _ key: String, dueAt: Timestamp, queue: String = "low", user: String? = nil, catchUp: CatchUp? = nil
  ) -> OneOff {
    OneOff(
      schedule: Schedule(
        namespace: "default", id: key, userID: user, eventType: "notification", definitionJSON: "{}", queue: queue,
        catchUp: catchUp, startAt: time.now()),
      event: PlannedEvent(key: key, dueAt: dueAt, runAt: max(dueAt, time.now()), timeZone: "UTC", queue: queue),
      idempotencyKey: key)
  }

  /// Makes one-offs without the submitter: nobody owns their buckets.
  @discardableResult
  func insert(_ oneOffs: [OneOff]) async throws -> [EventIdentity] {
    var identities: [EventIdentity] = []
    for start in stride(from: 0, to: oneOffs.count, by: LedgerLimits.oneOffsPerTransaction) {
      let part = Array(oneOffs[start..<min(start + LedgerLimits.oneOffsPerTransaction, oneOffs.count)])
      for submission in try await store.submit(part, owner: nil, now: time.now()).submissions {
        guard case .created(let identity) = submission else {
          Issue.record("not created: \(submission)")
          continue
        }
        identities.append(identity)
      }
    }
    return identities
  }

  /// Every event has exactly one closing receipt, and nothing is open.
  func expectAllClosedOnce(
    rows: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let check = try await store.check(
      from: Timestamp(microseconds: 0), to: Timestamp(seconds: 10_000_000_000))
    #expect(check.lost == 0, sourceLocation: sourceLocation)
    #expect(check.closedTwice == 0, sourceLocation: sourceLocation)
    #expect(check.open == 0, sourceLocation: sourceLocation)
    #expect(check.closedOnce == check.rows, sourceLocation: sourceLocation)
    if let rows { #expect(check.rows == rows, sourceLocation: sourceLocation) }
  }
}
