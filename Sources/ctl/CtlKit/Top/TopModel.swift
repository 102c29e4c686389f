import ControlAPI
import SwiftProtobuf

/// What the agents said last, and what follows from it. Only values: the looks are made elsewhere.
struct TopModel: Sendable {
  /// Looks whose rates are kept.
  static let maxHistory = 30
  /// The span that lateness and outcomes are of.
  static let statisticsMilliseconds: Int64 = 300_000

  enum News: Sendable {
    case status(agent: String, Result<Carillon_V1_AgentStatus, CtlError>)
    case queues([Carillon_V1_Queue])
    case sinks([Carillon_V1_Sink])
    case agents([Carillon_V1_Agent])
    case statistics(Carillon_V1_Statistics)
    case findings([Carillon_V1_Finding])
    /// The store's state cannot be asked for.
    case storeFailure(CtlError)
  }

  let agents: [String]
  let context: String
  private(set) var namespace: String

  private(set) var statuses: [String: Result<Carillon_V1_AgentStatus, CtlError>] = [:]
  private(set) var queues: [Carillon_V1_Queue] = []
  private(set) var sinks: [Carillon_V1_Sink] = []
  private(set) var known: [Carillon_V1_Agent] = []
  private(set) var statistics = Carillon_V1_Statistics()
  private(set) var findings: [Carillon_V1_Finding] = []
  private(set) var storeFailure: CtlError?
  private var meters: [String: RateMeter] = [:]
  private(set) var histories: [String: [Double]] = [:]

  init(agents: [String], context: String, namespace: String) {
    self.agents = agents
    self.context = context
    self.namespace = namespace
  }

  /// Another namespace: what was of the old one goes.
  mutating func enter(_ namespace: String) {
    self.namespace = namespace
    sinks = []
  }

  /// - Parameter now: milliseconds since 1970.
  mutating func take(_ news: News, now: Int64) {
    switch news {
    case .status(let agent, let result):
      statuses[agent] = result
      if case .success(let status) = result { count(status, agent, now) }
    case .queues(let queues):
      self.queues = queues
      storeFailure = nil
      remember(now)
    case .sinks(let sinks): self.sinks = sinks
    case .agents(let agents): known = agents
    case .statistics(let statistics): self.statistics = statistics
    case .findings(let findings): self.findings = findings
    case .storeFailure(let failure): storeFailure = failure
    }
  }

  private mutating func count(_ status: Carillon_V1_AgentStatus, _ agent: String, _ now: Int64) {
    for load in status.queues {
      meters["\(agent) \(load.queue)", default: RateMeter()].take(
        load.deliveredTotal, epoch: status.agent.epoch, now: now)
    }
  }

  /// Delivered a second of a queue, over all agents that say.
  func rate(of queue: String) -> Double? {
    let rates = agents.compactMap { meters["\($0) \(queue)"]?.perSecond }
    return rates.isEmpty ? nil : rates.reduce(0, +)
  }

  private mutating func remember(_ now: Int64) {
    for queue in queues {
      guard let rate = rate(of: queue.name) else { continue }
      histories[queue.name] = (histories[queue.name] ?? []).suffix(Self.maxHistory - 1) + [rate]
    }
  }
}

/// How fast a counter grows, from one look to the next.
struct RateMeter: Sendable {
  private var last: (count: Int64, epoch: Int64, time: Int64)?
  private(set) var perSecond: Double?

  /// - Parameters:
  ///   - epoch: another one: the agent began anew, and its counters with it.
  ///   - now: milliseconds.
  mutating func take(_ count: Int64, epoch: Int64, now: Int64) {
    defer { last = (count, epoch, now) }
    guard let last, last.epoch == epoch, count >= last.count, now > last.time else { return }
    perSecond = Double(count - last.count) * 1_000 / Double(now - last.time)
  }
}
