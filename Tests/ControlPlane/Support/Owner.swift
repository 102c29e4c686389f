import EventModel
import Store

/// Plays the agent that owns the rig's one event.
struct Owner: Sendable {
  let rig: Rig
  let lease: AgentLease
  let event: LoadedEvent

  init(_ rig: Rig) async throws {
    self.rig = rig
    let now = rig.clock.now
    lease = try await rig.store.openAgent(name: "test", version: "1", leaseFor: .seconds(3_600), now: now)
    let buckets = try await rig.store.claim(
      ClaimRequest(lease: lease, capacity: Queue.standard.map { ($0.name, 1_000) }), now: now)
    guard let bucket = buckets.first,
      let event = try await rig.store.load(bucket.id, lease: lease, now: now).first
    else { throw NothingToOwn() }
    self.event = event
  }

  /// Waits for a command about the event.
  func nextCommand() async throws -> Command {
    while true {
      let renewal = try await rig.store.renew(lease, leaseFor: .seconds(3_600), now: rig.clock.now)
      if let command = renewal.commands.first { return command }
      await Task.yield()
    }
  }

  /// Records how the event ended.
  func finish(_ outcome: Outcome, command: Int64? = nil) async throws {
    let now = rig.clock.now
    let receipt = Receipt(
      ref: event.ref, identity: event.identity, sink: .all, attempt: 1, hop: 0, outcome: outcome, closes: true,
      startedAt: outcome == .delivered ? now : nil, doneAt: now, command: command)
    _ = try await rig.store.record([receipt], lease: lease, now: now)
  }
}

extension Owner {
  static let message = Message(title: "Hello Ada", text: "Happy birthday", data: #"{"age":36}"#)

  /// Records that the event failed for good at a sink.
  func die(at sink: SinkNumber, code: String = "http-410") async throws {
    let now = rig.clock.now
    let receipt = Receipt(
      ref: event.ref, identity: event.identity, sink: sink, attempt: 1, hop: 0, outcome: .dead, closes: true,
      code: code, detail: "gone", startedAt: now, doneAt: now, deadMessage: Self.message)
    _ = try await rig.store.record([receipt], lease: lease, now: now)
  }

  /// Records that the event is tried again at a sink in an hour.
  func retry(at sink: SinkNumber) async throws {
    let now = rig.clock.now
    let next = FollowUp(
      runAt: now + .hours(1), dueAt: event.dueAt, queue: event.queue, attempt: 2, hop: 0, sink: sink,
      rendered: Self.message, firstAttemptAt: now)
    let receipt = Receipt(
      ref: event.ref, identity: event.identity, sink: sink, attempt: 1, hop: 0, outcome: .retry, closes: true,
      code: "http-503", detail: "busy, said Ada's server", startedAt: now, doneAt: now, followUp: next)
    _ = try await rig.store.record([receipt], lease: lease, now: now)
  }
}

struct NothingToOwn: Error {}
