import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Carillon_V1_Agent {
  /// What a client is shown of an agent.
  init(_ agent: AgentRecord) {
    self.init()
    name = ResourceName(kind: .agent, id: agent.name).text
    epoch = agent.epoch
    leaseUntilTime = Google_Protobuf_Timestamp(agent.leaseUntil)
    version = agent.version
    startTime = Google_Protobuf_Timestamp(agent.startedAt)
    ownedBuckets = Int64(agent.ownedBuckets)
    ownedEvents = Int64(agent.ownedEvents)
  }
}

extension Carillon_V1_AgentStatus {
  /// The state of the agent that answers; `record` is what the store knows of it, `order` the stop in force.
  init(_ status: PipelineStatus, record: AgentRecord?, order: StopOrder?, zoneVersion: String) {
    self.init()
    agent =
      record.map { Carillon_V1_Agent($0) }
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
