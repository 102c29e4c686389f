import ControlAPI

/// The part of a trial while the agent runs: sets up, attacks, and looks at what came of it.
struct HostAttack: Sendable {
  let trial: HostTrial
  let agent: HostAgent
  let desk: HostDesk

  private var test: HostCase { trial.test }
  private var told: HostTold { HostTold(HostFolder.lines(desk.folder.told)) }

  /// What is wrong, a sentence each.
  func faults() async throws -> [String] {
    guard let before = HostFigures.of(agent.pid) else { throw HostFault("the agent has no figures in /proc") }
    try await desk.makeQueue()
    try await desk.makeWitness()
    let watch = HostWatch(agent.pid)
    var faults = try await tried()
    faults += try await witnessFaults()
    faults += await watch.end().faults(since: before)
    return faults + (try await standing())
  }

  private func tried() async throws -> [String] {
    switch test.kind {
    case .deliveries(let ending): try await deliveries(ending)
    case .refusedLibrary: try await refusedLibrary()
    case .schedule: try await schedule()
    case .quietSchedule: try await quietSchedule()
    case .definition: try await definition()
    case .messages(let arrive): try await messages(arrive)
    }
  }

  // MARK: sinks

  private func deliveries(_ ending: HostCase.Ending) async throws -> [String] {
    try await desk.makeHostile()
    let names = try await desk.makeEvents(HostDesk.witness, key: "attacked-\(trial.seed)")
    let wanted = test.answers(in: trial.place)
    var judged = HostDeliveries(ending: ending)
    let isDone = try await HostWait.until(within: HostWait.outcome) {
      judged.told = self.told
      guard judged.told.hasAll(wanted) else { return false }
      judged.events = []
      for name in names { judged.events.append(try await self.desk.explain(name)) }
      return try await isShown() && judged.isOver
    }
    var faults = judged.faults + judged.told.faults(wanted)
    if !isDone { faults.append("it is not as it must be within \(HostWait.outcome): \(judged.summary)") }
    return faults + carryFaults(judged.told)
  }

  /// Whether the plugin's state is what it must come to.
  private func isShown() async throws -> Bool {
    guard test.isQuarantined else { return true }
    return try await desk.plugin()?.state == .quarantined
  }

  /// A carry comes back whole or not at all.
  private func carryFaults(_ told: HostTold) -> [String] {
    let wanted = ["carry-full": 16 * 1_024, "carry-too-long": 0, "long-results": 0][test.name]
    guard let wanted else { return [] }
    let wrong = told.attempts.first { $0.number > 1 && $0.carryBytes != wanted }
    return wrong.map { ["attempt \($0.number) carried \($0.carryBytes) bytes, and not \(wanted)"] } ?? []
  }

  private func refusedLibrary() async throws -> [String] {
    guard let plugin = try await desk.plugin() else { return ["the plugin is not listed at all"] }
    guard plugin.state == .refused else { return ["the plugin is \(plugin.state), and not refused"] }
    return HostText.faults(plugin.problem, "the reason of the refusal")
  }

  // MARK: event types

  private func schedule() async throws -> [String] {
    try await desk.makeSchedule()
    let error = try await HostWait.value(within: HostWait.outcome) {
      let error = try await desk.planError()
      return error.isEmpty ? nil : error
    }
    guard let error else { return ["the schedule says nothing about what is wrong within \(HostWait.outcome)"] }
    return HostText.faults(error, "the schedule's error") + (try await planFaults())
  }

  private func quietSchedule() async throws -> [String] {
    try await desk.makeSchedule()
    guard try await HostWait.until(within: HostWait.outcome, { told.questions > 0 }) else {
      return ["the event type was not asked within \(HostWait.outcome)"]
    }
    return try await planFaults()
  }

  private func planFaults() async throws -> [String] {
    let count = try await desk.plannedEvents()
    return count == 0 ? [] : ["\(count) events were planned"]
  }

  private func definition() async throws -> [String] {
    do throws(CtlError) { try await desk.makeSchedule() } catch {
      guard error.code == .invalidArgument || error.code == .failed || error.code == .conflict else {
        return ["the definition was answered with \(error.code): \(Excerpt.of(error.message))"]
      }
      let texts = [error.message] + error.violations.flatMap { [$0.field, $0.reason] }
      return HostText.faults(texts.joined(separator: " "), "the reason of the refusal")
    }
    return ["the definition was taken, though the plugin refuses it"]
  }

  private func messages(_ arrive: Bool) async throws -> [String] {
    let names = try await desk.makeEvents(HostDesk.hostile, key: "worded-\(trial.seed)")
    var seen = ""
    let isDone = try await HostWait.until(within: HostWait.outcome) {
      var right = 0
      for name in names {
        let steps = try await desk.explain(name).steps.filter { !$0.sink.isEmpty || $0.what == "dead" }
        seen = steps.map { "\($0.what) \($0.code)" }.joined(separator: ", ")
        right += steps.count(where: { ($0.what == "delivered") == arrive }) > 0 ? 1 : 0
      }
      return right == names.count
    }
    return isDone ? [] : ["the events are not as they must be: \(seen)"]
  }

  // MARK: the agent

  /// Events made after the attack reach the healthy sink, and all that it got it got once.
  private func witnessFaults() async throws -> [String] {
    let names = try await desk.makeEvents(HostDesk.witness, key: "healthy-\(trial.seed)")
    let isDone = try await HostWait.until(within: HostWait.outcome) {
      let steps = try await delivered(names)
      return steps == names.count
    }
    var faults = isDone ? [] : ["the healthy sink did not get its events within \(HostWait.outcome)"]
    let keys = HostFolder.lines(desk.folder.deliveries).map { $0.split(separator: " ").first ?? "" }
    let twice = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }
    if !twice.isEmpty { faults.append("the healthy sink got \(twice.count) deliveries twice") }
    for name in names where !keys.contains(where: { isOf(name, $0) }) {
      faults.append("\(name) counts as delivered to the healthy sink, and never came there")
    }
    return faults
  }

  /// Whether a line of the healthy sink's is about an event: its id is in the line.
  private func isOf(_ name: String, _ key: Substring) -> Bool {
    let id = name.split(separator: "/").last ?? ""
    return HostFolder.lines(desk.folder.deliveries).contains { $0.hasPrefix(key + " ") && $0.hasSuffix(" " + id) }
  }

  private func delivered(_ names: [String]) async throws -> Int {
    var count = 0
    for name in names {
      let steps = try await desk.explain(name).steps
      if steps.contains(where: { $0.what == "delivered" && $0.sink.hasSuffix(HostDesk.witness) }) { count += 1 }
    }
    return count
  }

  /// Whether the agent stands as before.
  private func standing() async throws -> [String] {
    var faults: [String] = []
    if let reason = try await desk.notReady() { faults.append("the agent is not ready: \(Excerpt.of(reason))") }
    let ledger = try await desk.ledger()
    if ledger.lost != 0 { faults.append("the ledger has lost \(ledger.lost) deliveries") }
    if ledger.closedTwice != 0 { faults.append("the ledger has closed \(ledger.closedTwice) deliveries twice") }
    return faults
  }
}
