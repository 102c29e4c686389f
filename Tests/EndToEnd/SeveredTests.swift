import AgentHarness
import Synchronization
import Testing

extension EndToEnd {
  @Suite("An agent that is severed from its database")
  struct SeveredTests {
    /// No send starts when the last renewal began longer ago than this, or than half of the lease.
    private static let silentAfter = Duration.seconds(2)

    @Test(
      "cut off by the network it starts no send after its 2 s, the other takes over, and together they lose none",
      .timeLimit(.minutes(4)))
    func network() async throws {
      let span = Mutex<(ContinuousClock.Instant, ContinuousClock.Instant)?>(nil)
      let (arrivals, proof) = try await FleetPair.with { pair in
        let start = ContinuousClock.now
        try await pair.proxy.freeze()
        try await eventually("no send may start", within: Self.silentAfter) {
          try await pair.cut.metric("carillon_sends_allowed") == 0
        }
        let begun = try await FleetPair.begun(pair.cut)
        span.withLock { $0 = (start - .seconds(1), .now) }
        let freeBegun = try await FleetPair.begun(pair.free)
        try await eventually("the other agent has its events", within: .seconds(20)) {
          try await FleetPair.begun(pair.free) > freeBegun + 200
        }
        #expect(try await FleetPair.begun(pair.cut) == begun, "the cut agent has events that are due, and sends none")
        let ready = await LoopbackHTTP.get("/readyz", port: pair.cut.home.opsPort)
        #expect(ready?.status == 503 && ready?.body.contains("lease") == true, "\(ready?.body ?? "no answer")")
        try await pair.proxy.heal()
        try await pair.cut.waitUntilReady()
        #expect(try await pair.cut.metric("carillon_sends_allowed") == 1)
      }
      try check(arrivals, proof, span.withLock { $0 })
    }

    @Test("stopped for longer than its lease and woken, it records nothing of what others own", .timeLimit(.minutes(4)))
    func stopped() async throws {
      let span = Mutex<(ContinuousClock.Instant, ContinuousClock.Instant)?>(nil)
      let (arrivals, proof) = try await FleetPair.with { pair in
        let start = ContinuousClock.now
        try pair.cut.stand()
        let freeBegun = try await FleetPair.begun(pair.free)
        try await eventually("the other agent has its events", within: .seconds(20)) {
          try await FleetPair.begun(pair.free) > freeBegun + 200
        }
        span.withLock { $0 = (start - .seconds(1), start + .milliseconds(100)) }
        try pair.cut.goOn()
        try await pair.cut.waitUntilReady()
      }
      try check(arrivals, proof, span.withLock { $0 })
    }

    private func check(
      _ arrivals: [Receiver.Arrival], _ proof: LedgerProof,
      _ span: (ContinuousClock.Instant, ContinuousClock.Instant)?
    ) throws {
      let span = try #require(span)
      #expect(Set(arrivals.map(\.id)).count == FleetPair.events, "none missing")
      #expect(FleetPair.unexplained(arrivals, from: span.0, until: span.1).isEmpty)
      #expect(proof.isClean, "\(proof)")
      #expect(proof.outcomes == ["delivered": FleetPair.events])
      print("severed: \(arrivals.count - FleetPair.events) sent twice")
    }
  }
}
