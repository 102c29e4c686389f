import ControlAPI
import EventModel
import Store
import SwiftProtobuf

/// Erases a person, and waits a little for sends that are under way: whatever becomes of them, the store keeps nothing of
/// the person; but who asks to be forgotten wants to know that nothing more comes.
struct UserErasure {
  /// The most events under way that are waited for.
  private static let maximumWatched = 1_000
  /// The key that a single event has after its person was erased: its own was its caller's, and may tell who it was.
  private static let erasedKey = "erased"

  let environment: Environment
  let name: ResourceName
  let actor: Actor

  /// - Throws: NOT_FOUND, and ABORTED for a stale etag.
  func run(etag: String, dryRun: Bool) async throws -> Carillon_V1_EraseUserResponse {
    let condition = try Etag.precondition(etag, otherwise: .present, name: name)
    return try await environment.naming(name) {
      // Afterwards nobody can tell which events were this person's.
      let underWay = dryRun ? [] : try await eventsUnderWay()
      let erasure = try await environment.store.erase(
        namespace: name.namespace, user: name.id, condition, actor: actor, dryRun: dryRun, now: environment.now())
      guard !dryRun else { return answer(erasure, inFlight: erasure.owned) }
      environment.pipeline.kickPlanner()
      let left = erasure.owned > 0 ? try await wait(for: underWay) : 0
      return answer(erasure, inFlight: left)
    }
  }

  private func eventsUnderWay() async throws -> [EventIdentity] {
    let filter = EventFilter(states: [.processing], userID: name.id)
    var found: [EventIdentity] = []
    var token = ""
    repeat {
      let page = try await environment.store.events(
        namespace: name.namespace, filter: filter, page: PageRequest(size: 500, token: token))
      found += page.items.map(\.identity)
      token = page.next
    } while !token.isEmpty && found.count < Self.maximumWatched
    return found
  }

  /// Answers how many are still under way when the time is up.
  private func wait(for events: [EventIdentity]) async throws -> Int {
    let limits = environment.limits
    var left = events
    var waited = Duration.zero
    var pause = limits.commandPause
    while true {
      var open: [EventIdentity] = []
      for event in left where try await isUnderWay(event) { open.append(event) }
      left = open
      guard !left.isEmpty, waited < limits.erasureWait else { return left.count }
      try await environment.clock.sleep(for: pause)
      waited += pause
      pause = min(pause * 2, limits.commandPauseCap)
    }
  }

  private func isUnderWay(_ event: EventIdentity) async throws -> Bool {
    for key in [event.key, Self.erasedKey] {
      let identity = EventIdentity(schedule: event.schedule, key: key)
      let found = try await ifFound { () throws(StoreError) in
        try await environment.store.event(namespace: name.namespace, identity: identity)
      }
      if let found { return found.state == .processing }
    }
    return false
  }

  private func answer(_ erasure: Erasure, inFlight: Int) -> Carillon_V1_EraseUserResponse {
    .with {
      $0.schedules = Int64(erasure.schedules)
      $0.messages = Int64(erasure.messages)
      $0.deadLetters = Int64(erasure.deadLetters)
      $0.receipts = Int64(erasure.receipts)
      $0.subscriptions = erasure.subscriptions.map {
        ResourceName(kind: .subscription, namespace: name.namespace, id: $0).text
      }
      $0.inFlight = Int64(inFlight)
    }
  }
}
