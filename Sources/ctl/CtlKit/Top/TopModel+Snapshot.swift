import ControlAPI
import SwiftProtobuf

extension TopModel {
  /// - Parameter now: milliseconds since 1970.
  func snapshot(now: Int64) -> TopSnapshot {
    TopSnapshot(
      time: now, context: context, namespace: namespace, agents: agents.map(agent),
      queues: queues.map { queue($0, now) },
      sinks: sinks.map(sink), problems: problems(now))
  }

  private func agent(_ name: String) -> TopSnapshot.Agent {
    switch statuses[name] {
    case .success(let status):
      let state = AgentStatusText.state(status)
      return .init(
        name: name, state: state.text, style: state.style,
        uptime: status.hasUptime ? status.uptime.seconds * 1_000 : nil, version: status.agent.version,
        loaded: status.loaded, inFlight: status.inFlight, unrecorded: status.unrecorded,
        problem: status.notReadyReasons.joined(separator: "; "))
    case .failure(let error): return .init(name: name, state: error.code.rawValue, style: .bad, problem: error.message)
    case nil: return .init(name: name, state: "connecting", style: .faint)
    }
  }

  private func queue(_ queue: Carillon_V1_Queue, _ now: Int64) -> TopSnapshot.Queue {
    let loads = statuses.values.compactMap { try? $0.get() }.flatMap(\.queues).filter { $0.queue == queue.name }
    let lateness = statistics.rows.filter { $0.queue == queue.name && $0.hasLatenessP99 }.map {
      $0.latenessP99.seconds * 1_000 + Int64($0.latenessP99.nanos) / 1_000_000
    }
    return .init(
      name: ResourceName.id(queue.name), priority: queue.priority, isPaused: queue.paused, due: queue.status.due,
      open: queue.status.open,
      inFlight: loads.isEmpty ? queue.status.inFlight : loads.map(\.inFlight).reduce(0, +),
      oldestAge: queue.status.hasOldestDueTime
        ? max(0, now - ValueText.milliseconds(queue.status.oldestDueTime)) : nil,
      rate: rate(of: queue.name), history: histories[queue.name] ?? [], lateness: lateness.max(),
      limit: queue.hasRatePerSecond ? queue.ratePerSecond : nil)
  }

  private func sink(_ sink: Carillon_V1_Sink) -> TopSnapshot.Sink {
    let outcomes = statistics.rows.filter { $0.sink == sink.name }.map(\.outcomes)
    func sum(_ names: [String]) -> Int64 {
      outcomes.flatMap { outcome in names.map { outcome[$0] ?? 0 } }.reduce(0, +)
    }
    return .init(
      name: ResourceName.id(sink.name), plugin: sink.plugin, circuit: sink.hasStatus ? sink.status.circuit : "",
      reopensInSeconds: sink.status.hasReopensIn ? sink.status.reopensIn.seconds : nil,
      disabledReason: sink.disabledReason, inFlight: Int64(sink.status.inFlight), maxInFlight: Int64(sink.maxInFlight),
      waiting: Int64(sink.status.waiting), openEndpoints: Int64(sink.status.openEndpoints),
      goneEndpoints: Int64(sink.status.goneEndpoints), delivered: sum(["delivered"]),
      failed: sum(["retry", "dead", "expired"]))
  }

  /// The worst first.
  private func problems(_ now: Int64) -> [TopSnapshot.Problem] {
    var problems: [TopSnapshot.Problem] = []
    func bad(_ text: String) { problems.append(.init(text: text, style: .bad)) }
    func warning(_ text: String) { problems.append(.init(text: text, style: .warning)) }
    if let stop = statuses.values.compactMap({ try? $0.get() }).first(where: \.hasStop)?.stop {
      bad("everything is stopped" + (stop.reason.isEmpty ? "" : ": \(stop.reason)") + "; ctl resume-all goes on")
    }
    if let storeFailure { bad("no agent tells the store's state: \(storeFailure.message)") }
    for agent in agents.map(agent) where !agent.problem.isEmpty { bad("agent \(agent.name): \(agent.problem)") }
    for agent in known where agent.state == .lost {
      bad("agent \(ResourceName.id(agent.name)) is lost: its lease ran out")
    }
    for sink in sinks.map(sink) {
      if !sink.disabledReason.isEmpty {
        bad("sink \(sink.name) is disabled: \(sink.disabledReason)")
      } else if sink.circuit != "closed", !sink.circuit.isEmpty {
        warning("sink \(sink.name): its circuit is \(sink.circuit)")
      }
    }
    for queue in queues where queue.paused { warning("queue \(ResourceName.id(queue.name)) is paused") }
    for finding in findings where finding.severity == .problem { bad("\(finding.check): \(finding.message)") }
    for finding in findings where finding.severity == .warning { warning("\(finding.check): \(finding.message)") }
    return problems.filter { $0.style == .bad } + problems.filter { $0.style != .bad }
  }
}
