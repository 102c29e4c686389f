import PluginKit0
import Testing

@testable import DiscordPlugin

/// Ten thousand birthdays at the same moment, into one channel of thirty messages a minute.
@Suite("Ten thousand birthdays in one channel")
struct FigureTests {
  /// What must hold however the host is late.
  private func check(_ simulation: Simulation, within minutes: Double) {
    let fates = simulation.fates
    #expect(simulation.channel.refusals == 0, "no avoidable 429")
    #expect(fates.allSatisfy { $0.delivered == 1 && $0.receipts.count == 1 }, "a receipt for each event")
    #expect(Set(fates.flatMap(\.receipts)).count == fates.count, "and for each its own")
    let titles = simulation.channel.messages.flatMap(\.self)
    #expect(titles.count == fates.count && Set(titles).count == fates.count, "each event stands in one message")
    #expect(fates.allSatisfy { $0.attempt == 1 }, "waiting costs no attempt")
    let took = Double(simulation.channel.lastTakenAt - simulation.start) / 60_000
    let held = Double(fates.map(\.longestHeld).max() ?? 0) / 1_000
    #expect(took <= minutes, "it took \(took) min in \(simulation.channel.messages.count) messages")
    #expect(held < 60, "the longest that the sink had one was \(held) s")
    print(
      "\(fates.count) birthdays: \(took) min, \(simulation.channel.messages.count) messages, "
        + "\(simulation.channel.refusals) answers of 429, held at most \(held) s, at most "
        + "\(simulation.longestLine) at a time, \(fates.map(\.hops).max() ?? 0) hops at most")
  }

  @Test("all are receipted in the time that the limit allows, without a 429", arguments: [1, 2])
  func figure(_ seed: UInt64) throws {
    var simulation = try Simulation(events: 10_000, seed: seed)
    try simulation.run()
    check(simulation, within: 34)
  }

  @Test("a host that spreads what comes back over seconds costs nothing")
  func lateHost() throws {
    var manner = Simulation.Manner()
    manner.lateness = { wait, hop in 0...min(wait / 10, 5_000 << Int64(min(hop, 7))) }
    var simulation = try Simulation(events: 3_000, manner: manner)
    try simulation.run()
    check(simulation, within: 10.5)
  }
}

/// The same with fewer events and more trouble.
@Suite("Birthdays in one channel, with trouble")
struct TroubleTests {
  @Test("what is cancelled while it waits holds nobody up, and leaves no message half empty")
  func lost() throws {
    var manner = Simulation.Manner()
    manner.lostPerHundred = 20
    var simulation = try Simulation(events: 1_000, manner: manner)
    try simulation.run()
    let kept = simulation.fates.filter { !$0.isLost }
    #expect(kept.count < 900 && kept.allSatisfy { $0.delivered == 1 } && simulation.channel.refusals == 0)
    #expect(simulation.channel.lastTakenAt - simulation.start < 210_000)
    #expect(simulation.channel.messages.count < 100)
  }

  @Test("a new process understands what the one before told the host, and nothing is lost or doubled")
  func restart() throws {
    var simulation = try Simulation(events: 1_000)
    try simulation.run(until: simulation.start + 61_000)
    let before = simulation.channel.messages.count
    try simulation.restart(run: 99)
    try simulation.run()
    #expect(1..<60 ~= before && simulation.fates.allSatisfy { $0.delivered == 1 && $0.attempt <= 2 })
    let titles = simulation.channel.messages.flatMap(\.self)
    #expect(titles.count == 1_000 && Set(titles).count == 1_000)
    #expect(simulation.channel.refusals <= 5, "what the one before used of the channel's limit no answer shows")
    #expect(simulation.channel.lastTakenAt - simulation.start < 260_000)
  }

  @Test("answers of 429 although there is room cost time and nothing else")
  func spurious() throws {
    var simulation = try Simulation(events: 500)
    simulation.channel.spuriousRefusals = 4
    try simulation.run()
    #expect(simulation.fates.allSatisfy { $0.delivered == 1 && $0.attempt == 1 })
    #expect(simulation.channel.messages.flatMap(\.self).count == 500 && simulation.channel.refusals == 0)
  }

  @Test(
    "a message without an answer comes back as the same message, or as what is left of it, and with nothing else in it")
  func unanswered() throws {
    var manner = Simulation.Manner()
    manner.isUnanswered = { $0 % 7 == 3 }
    manner.lateness = { wait, _ in 0...min(wait / 10, 5_000) }
    var simulation = try Simulation(events: 600, manner: manner)
    try simulation.run()
    #expect(simulation.fates.allSatisfy { $0.delivered == 1 } && simulation.channel.refusals == 0)
    let times = Dictionary(grouping: simulation.channel.messages) { $0 }
    #expect(times.values.contains { $0.count > 1 })
    let all = Array(times.keys)
    let mixed = all.indices.filter { index in
      all[(index + 1)...].contains { other in
        let common = Set(all[index]).intersection(other).count
        return ![0, all[index].count, other.count].contains(common)
      }
    }
    #expect(mixed.isEmpty, "no event stands beside others than before")
  }

  @Test("a webhook that is gone is asked no more: what is under way is the last")
  func gone() throws {
    var simulation = try Simulation(events: 1_000)
    simulation.channel.goneFrom = simulation.start + 30_000
    try simulation.run()
    #expect(simulation.channel.gone == 1)
    #expect(simulation.fates.allSatisfy { $0.delivered + ($0.outcomes[.sinkDisabled] ?? 0) == 1 })
    #expect(simulation.gatherer.lines.isEmpty && simulation.gatherer.held == 0)
  }

  @Test("with the channel's limit told in the answers, and stricter than assumed, that one is kept")
  func learned() throws {
    var simulation = try Simulation(events: 300, channel: ChannelModel(webhook: (3, 1_500), channel: (20, 60_000)))
    try simulation.run()
    #expect(simulation.fates.allSatisfy { $0.delivered == 1 })
    #expect(simulation.channel.refusals <= 4, "the channel's own is not told")
  }
}
