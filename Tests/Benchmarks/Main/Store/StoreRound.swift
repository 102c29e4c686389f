import AgentHarness
import EventModel
import Store

/// Works a backlog off, as the agent's pipeline does: one task claims and loads, one records, both at once, through the
/// same verbs in batches of the same sizes. What is sent between them costs nothing.
struct StoreRound: Sendable {
  /// What it came to.
  struct Worked: Sendable {
    /// From the first claim to the last receipt of the backlog.
    var seconds: Double
    /// Events that came meanwhile.
    var arrived: Int
  }

  let agent: StoreAgent
  /// Events that are planned and may be claimed.
  let backlog: Int
  /// Events that come meanwhile, if any.
  var arrivals: Arrivals?

  /// As the pipeline's limits have it.
  private static let claimAtOnce = 20_000
  private static let receiptsAtOnce = 2_000
  /// What one queue gets of an agent's memory at least.
  private static let mostLoaded = 60_000

  /// Returns when every event has its receipt.
  func work() async throws -> Worked {
    let outbox = Outbox(backlog: backlog)
    let start = ContinuousClock().now
    let arrived = try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask {
        try await claim(outbox)
        return 0
      }
      group.addTask {
        try await record(outbox)
        return 0
      }
      group.addTask {
        let arrived = try await arrivals?.run(agent, outbox) ?? 0
        outbox.close()
        return arrived
      }
      defer { group.cancelAll() }
      return try await group.reduce(0, +)
    }
    guard let end = outbox.backlogDoneAt else { throw HarnessError(.notMeasured, "a round ended before its backlog") }
    return Worked(seconds: seconds(end - start), arrived: arrived)
  }

  private func claim(_ outbox: Outbox) async throws {
    while !outbox.isDone {
      let room = min(outbox.room(of: Self.mostLoaded), Self.claimAtOnce)
      guard room > 0 else {
        try await outbox.claims.wait()
        continue
      }
      let request = ClaimRequest(lease: agent.lease, capacity: Queue.standard.map { ($0.name, room) })
      let buckets = try await agent.store.claim(request, now: StoreAgent.now)
      for bucket in buckets { outbox.send(try await load(bucket)) }
      if buckets.isEmpty {
        // As the claimer does before it rests.
        _ = try await agent.store.nextClaimable(now: StoreAgent.now)
        try await outbox.claims.wait()
      }
    }
  }

  private func load(_ bucket: ClaimedBucket) async throws -> [LoadedEvent] {
    try await agent.store.load(bucket.id, lease: agent.lease, now: StoreAgent.now)
  }

  private func record(_ outbox: Outbox) async throws {
    while let batch = try await outbox.next(atMost: Self.receiptsAtOnce) {
      let answer = try await agent.store.record(batch, lease: agent.lease, now: StoreAgent.now)
      guard answer.fenced.isEmpty else { throw HarnessError(.notMeasured, "buckets were lost to somebody else") }
      outbox.recorded(batch)
    }
  }
}
