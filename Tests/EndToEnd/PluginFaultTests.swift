import AgentHarness
import ControlAPI
import Testing

extension EndToEnd {
  @Suite("Plugins that crash, spin and leak")
  struct PluginFaultTests {
    @Test(
      "harm nobody: every delivery ends as it must, theirs and those of the sinks beside them", .timeLimit(.minutes(4)))
    func harmless() async throws {
      let play = PluginFaultPlay(events: 1_000, spacing: 2_000, lead: .seconds(12), limit: .seconds(60))
      let faults = PluginFaultPlay.Faults(crashing: 220, spinning: 2, leaking: 300, spinningAttempts: 1)
      Self.check(try await play.run(faults), play, faults)
    }

    /// What the delivery rules promise, for every delivery of every sink.
    static func check(_ outcome: PluginFaultPlay.Outcome, _ play: PluginFaultPlay, _ faults: PluginFaultPlay.Faults?) {
      let others = faults.map { $0.crashing + $0.spinning + $0.leaking } ?? 0
      // I1: each event ended once for each sink, none is lost; by the tables, and by what the agent says of them.
      #expect(outcome.ledger.isClean, "\(outcome.ledger)")
      #expect(outcome.ledger.events == play.events + others)
      #expect(outcome.own.lost == 0 && outcome.own.closedTwice == 0 && outcome.own.open == 0, "\(outcome.own)")
      // I4: nothing was written twice, nor by one who did not own it.
      #expect(outcome.ledger.closedTwice == 0 && outcome.ledger.finalTwice == 0 && outcome.ledger.orphans == 0)
      checkHealthy(outcome, play)
      if let faults { checkFaulty(outcome, faults) }
    }

    private static func checkHealthy(_ outcome: PluginFaultPlay.Outcome, _ play: PluginFaultPlay) {
      for name in [PluginFaultPlay.receiver, FaultySink.steady.rawValue] {
        let sink = outcome.sinks[name]
        #expect(sink?.outcomes == ["delivered": play.events], "\(name): \(String(describing: sink))")
        #expect(sink?.mostAttempts == 1 && sink?.early == 0, "\(name): \(String(describing: sink))")
      }
      // I2 and I3, by what arrived: once, and never before it was due.
      let received = outcome.received
      #expect(received.requests == play.events && received.doubled == 0 && received.early == 0 && received.strange == 0)
      let journal = outcome.sinks[FaultySink.steady.rawValue]?.journal
      #expect(journal?.sends == play.events && journal?.again == 0, "\(String(describing: journal))")
      #expect(journal?.early == 0 && journal?.strange == 0 && journal?.missing == 0)
    }

    private static func checkFaulty(_ outcome: PluginFaultPlay.Outcome, _ faults: PluginFaultPlay.Faults) {
      let expected: [(FaultySink, [String: Int], attempts: Int32)] = [
        (.crash, ["delivered": faults.crashing], PluginFaultPlay.attempts),
        (.spin, ["dead": faults.spinning], faults.spinningAttempts),
        (.leak, ["delivered": faults.leaking], PluginFaultPlay.attempts),
      ]
      for (name, outcomes, attempts) in expected {
        let sink = outcome.sinks[name.rawValue]
        let said = "\(name): \(String(describing: sink)), started again: \(outcome.restarts)"
        #expect(sink?.outcomes == outcomes, "\(said)")
        #expect(sink?.early == 0 && sink?.journal?.early == 0, "I2, \(said)")
        // I3: what came again came with its own key, and only where an attempt had no answer.
        #expect(sink?.journal?.unexplained == 0 && sink?.journal?.strange == 0, "I3, \(said)")
        #expect(sink?.journal?.missing == 0, "\(said)")
        // I5
        #expect(sink.map { $0.mostAttempts <= attempts } == true, "I5, \(said)")
        #expect(sink?.journal.map { $0.mostAttempts <= attempts } == true, "I5, \(said)")
      }
      // That they did their worst: each hundredth delivery, and each that the memory did not suffice for.
      let (crashes, leaks) = (outcome.restarts["crash"] ?? 0, outcome.restarts["leak"] ?? 0)
      #expect(crashes >= faults.crashing / 100 && leaks >= 1, "\(outcome.restarts)")
      #expect((outcome.sinks["crash"]?.codes["plugin-died"] ?? 0) >= crashes)
      #expect((outcome.sinks["crash"]?.journal?.again ?? 0) >= crashes)
    }
  }

  @Suite("PluginFaultSoak", .enabled(if: EndToEnd.isSoak))
  struct PluginFaultSoak {
    /// How often it is played with and without the faults; each time the other one is first.
    private static let rounds = 2
    /// What they may cost the healthy sinks: their p99 beside the faults to that without, the least of the rounds.
    private static let mostRatio = 2.0

    @Test("in the middle of 20,000 events through other sinks they cost these less than half", .timeLimit(.minutes(40)))
    func costLittle() async throws {
      // 100 a second: a debug build of the agent has enough of one core for that, when the one that spins has the other.
      let play = PluginFaultPlay(events: 20_000, spacing: 10_000, lead: .seconds(30), limit: .seconds(600))
      let faults = PluginFaultPlay.Faults(crashing: 1_000, spinning: 12, leaking: 1_000, spinningAttempts: 2)
      var ratios: [String: [Double]] = [:]
      for round in 0..<Self.rounds {
        var p99: [Bool: [String: Double]] = [:]
        for isBeside in round % 2 == 0 ? [false, true] : [true, false] {
          let outcome = try await play.run(isBeside ? faults : nil)
          PluginFaultTests.check(outcome, play, isBeside ? faults : nil)
          p99[isBeside] = outcome.sinks.compactMapValues { $0.settled?.p99 }
        }
        for name in [PluginFaultPlay.receiver, FaultySink.steady.rawValue] {
          let (beside, alone) = (try #require(p99[true]?[name]), try #require(p99[false]?[name]))
          ratios[name, default: []].append(beside / alone)
          print("\(name): p99 \(alone * 1_000) ms alone, \(beside * 1_000) ms beside them")
        }
      }
      for (name, ratios) in ratios {
        #expect((ratios.min() ?? .infinity) < Self.mostRatio, "\(name): \(ratios)")
      }
    }
  }
}
