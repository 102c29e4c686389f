import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Carillon_V1_Agent {
  /// What a client is shown of an agent, by now.
  init(_ agent: AgentRecord, now: Timestamp) {
    self.init()
    name = ResourceName(kind: .agent, id: agent.name).text
    epoch = agent.epoch
    leaseUntilTime = Google_Protobuf_Timestamp(agent.leaseUntil)
    version = agent.version
    startTime = Google_Protobuf_Timestamp(agent.startedAt)
    ownedBuckets = Int64(agent.ownedBuckets)
    ownedEvents = Int64(agent.ownedEvents)
    prefers = agent.prefers.patterns
    switch agent.state(now: now) {
    case .live:
      state = .live
      leaseLeft = Google_Protobuf_Duration(agent.leaseUntil - now)
    case .lost: state = .lost
    case .left: state = .left
    }
    if let left = agent.releasedAt { leaveTime = Google_Protobuf_Timestamp(left) }
  }
}

extension Carillon_V1_Shard {
  /// What a client is shown of a shard.
  init(_ record: ShardRecord) {
    self.init()
    shard = record.shard.description
    name = ResourceName(kind: .shard, id: shard.replacing("/", with: "-")).text
    openBuckets = Int64(record.buckets)
    openEvents = Int64(record.events)
    dueEvents = Int64(record.due)
    if let oldest = record.oldestDue { oldestDueTime = Google_Protobuf_Timestamp(oldest) }
    owners = record.owners.map { owner in
      .with {
        $0.agent = ResourceName(kind: .agent, id: owner.agent).text
        $0.buckets = Int64(owner.buckets)
      }
    }
  }
}

extension Carillon_V1_AgentStatus {
  /// The state of the agent that answers; `record` is what the store knows of it, `order` the stop in force.
  init(_ status: PipelineStatus, record: AgentRecord?, order: StopOrder?, zoneVersion: String, now: Timestamp) {
    self.init()
    agent =
      record.map { Carillon_V1_Agent($0, now: now) }
      ?? .with {
        $0.name = ResourceName(kind: .agent, id: status.agent).text
        $0.epoch = status.epoch
      }
    ready = status.notReadyReasons.isEmpty
    notReadyReasons = status.notReadyReasons
    tzdbVersion = zoneVersion
    loaded = Int64(status.loaded)
    inFlight = Int64(status.inFlight)
    unrecorded = Int64(status.unrecorded)
    queues = status.queues.map { load in
      .with {
        $0.queue = load.queue
        $0.loaded = Int64(load.loaded)
        $0.inFlight = Int64(load.inFlight)
        $0.deliveredTotal = Int64(load.delivered)
        $0.failedTotal = Int64(load.failed)
      }
    }
    shardsPreferred = status.prefers.patterns
    uptime = Google_Protobuf_Duration(status.uptime)
    draining = status.isDraining
    if let order {
      stop = .with {
        $0.time = Google_Protobuf_Timestamp(order.at)
        $0.actor = order.actor
        $0.reason = order.reason
      }
    }
  }
}

extension Carillon_V1_Finding {
  /// What a client is told of a finding.
  init(_ finding: StoreFinding) {
    self.init()
    severity =
      switch finding.severity {
      case .ok: .ok
      case .warning: .warning
      case .problem: .problem
      }
    check = finding.check
    message = finding.message
    advice = finding.advice
  }
}
