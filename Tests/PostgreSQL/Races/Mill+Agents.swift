import EventModel
import Store
import Synchronization
import Testing

@testable import StoreTesting

extension Mill {
  private struct AgentState {
    var lease: AgentLease?
    var held: [LoadedEvent] = []
    var commands: [EventRef: Command] = [:]
  }

  func agent(_ scene: Scene, _ name: String, steps: Int) async throws {
    var state = AgentState()
    for _ in 0..<steps {
      do {
        try await step(scene, name, &state)
      } catch let error as StoreError {
        // Another took over, or the time ran out: all that was held is void.
        guard error.code == .fenced else { throw error }
        told.withLock { $0.fenced += 1 }
        state = AgentState()
      }
    }
    // What it holds is the next one's, when the lease has run out.
  }

  private func step(_ scene: Scene, _ name: String, _ state: inout AgentState) async throws {
    let lease = try await renewed(scene, name, &state)
    switch Int.random(in: 0..<12) {
    case 0: state = AgentState()
    case 1:
      guard let bucket = state.held.randomElement()?.ref.bucket else { return }
      try await scene.store.giveBack([bucket], lease: lease, now: tick())
      state.held.removeAll { $0.ref.bucket == bucket }
    case 2:
      try await scene.store.release(lease, now: tick())
      state = AgentState()
    case 3...6: try await claim(scene, lease, &state)
    default: try await record(scene, lease, &state)
    }
  }

  private func renewed(_ scene: Scene, _ name: String, _ state: inout AgentState) async throws -> AgentLease {
    guard let lease = state.lease else {
      let lease = try await scene.agent(name, at: tick())
      state.lease = lease
      return lease
    }
    let renewal = try await scene.store.renew(lease, leaseFor: .seconds(10), now: tick())
    state.commands = Dictionary(renewal.commands.map { ($0.ref, $0) }) { _, last in last }
    state.lease = renewal.lease
    return renewal.lease
  }

  private func claim(_ scene: Scene, _ lease: AgentLease, _ state: inout AgentState) async throws {
    let now = tick()
    let known = told.withLock { (cancelled: $0.cancelled, erased: $0.erased) }
    for bucket in try await scene.claim(lease, Self.queues, events: Int.random(in: 1...15), at: now) {
      let events = try await scene.store.load(bucket.id, lease: lease, now: now)
      #expect(events.allSatisfy { !known.cancelled.contains($0.identity) }, "loaded after its cancel was acknowledged")
      #expect(events.allSatisfy { !known.erased.contains($0.identity.schedule) }, "loaded after it was erased")
      state.held += events
    }
  }

  private func record(_ scene: Scene, _ lease: AgentLease, _ state: inout AgentState) async throws {
    state.held.shuffle()
    let batch = Array(state.held.prefix(Int.random(in: 0...state.held.count)))
    state.held.removeFirst(batch.count)
    let now = tick()
    let commands = state.commands
    let receipts = batch.map { receipt($0, commands[$0.ref], now) }
    let answer = try await scene.store.record(receipts, lease: lease, now: now)
    told.withLock { $0.recorded += receipts.count { !answer.fenced.contains($0.ref.bucket) } }
    state.held.removeAll { answer.fenced.contains($0.ref.bucket) }
  }

  private func receipt(_ event: LoadedEvent, _ command: Command?, _ now: Timestamp) -> Receipt {
    if let command, Bool.random() {
      switch command.kind {
      case .cancel: return Scene.receipt(event, .cancelled, sink: 0, command: command.id)
      case .withdraw:
        return Scene.receipt(event, .cancelled, sink: 0, code: SkipReason.withdrawn.rawValue, command: command.id)
      case .move(let due, let queue):
        let followUp = FollowUp(
          runAt: max(due, now), dueAt: due, queue: queue, attempt: event.attempt, hop: event.hop, sink: event.sink)
        return Scene.receipt(event, .moved, sink: 0, followUp: followUp, command: command.id)
      }
    }
    switch Int.random(in: 0..<6) {
    case 0 where event.attempt < 4:
      return Scene.receipt(event, .retry, sink: 2, followUp: Scene.retry(event, at: now + .seconds(1), sink: 2))
    case 1 where event.hop < 4:
      var followUp = Scene.retry(event, at: now + .seconds(2), sink: event.sink.rawValue)
      (followUp.attempt, followUp.hop) = (event.attempt, event.hop + 1)
      return Scene.receipt(event, .deferred, sink: event.sink.rawValue, followUp: followUp)
    default: return Scene.receipt(event)
    }
  }
}
