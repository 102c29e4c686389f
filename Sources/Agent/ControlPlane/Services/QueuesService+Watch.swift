import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

extension QueuesService {
  func watchQueues(
    request: Carillon_V1_WatchQueuesRequest, response: RPCWriter<Carillon_V1_WatchQueuesResponse>,
    context: ServerContext
  ) async throws {
    try await environment.watching {
      let watch = StateWatch<Carillon_V1_Queue>(
        environment: environment, cancellation: context.cancellation, pause: environment.limits.stateWatchPause
      ) {
        try await shown(try await environment.store.queues()).map { ($0.name, $0) }
      }
      try await watch.run(from: request.cursor) { news in
        var answer = Carillon_V1_WatchQueuesResponse()
        answer.changes = news.changed.map { Carillon_V1_QueueChange(changed: $0) }
        answer.changes += news.gone.map { Carillon_V1_QueueChange(gone: $0) }
        answer.cursor = news.cursor
        try await response.write(answer)
      }
    }
  }

  func drainQueue(
    request: Carillon_V1_DrainQueueRequest, context: ServerContext
  ) async throws -> Carillon_V1_Queue {
    let name = try ResourceName(request.name, kind: .queue, field: "name")
    let bound = try environment.drainTime(request.timeout, isPresent: request.hasTimeout)
    _ = try await change(name, etag: "", dryRun: false, context: context) { queue, _ in queue.paused = true }
    // Elsewhere a change is read within 2 s; here it counts before anything is looked at.
    do throws(StoreError) {
      try await environment.pipeline.refreshSettings()
    } catch {
      throw Failure.make(
        .unavailable, "NOT_READ_YET",
        "the pause is durable, but this agent could not read it at once (\(error.message)): repeat the call")
    }
    let elapsed = environment.clock.stopwatch()
    while await isInFlight(name.id), elapsed() < bound {
      try await environment.clock.sleep(for: environment.limits.commandPauseCap)
    }
    return try await shown([existing(name)]).first ?? Carillon_V1_Queue()
  }

  private func isInFlight(_ queue: String) async -> Bool {
    await environment.pipeline.status().queues.contains { $0.queue == queue && $0.inFlight > 0 }
  }
}

extension Carillon_V1_QueueChange {
  /// It is new, or other than before.
  fileprivate init(changed queue: Carillon_V1_Queue) {
    self.init()
    self.queue = queue
  }

  /// It was deleted.
  fileprivate init(gone name: String) {
    self.init()
    queue.name = name
    deleted = true
  }
}

extension Environment {
  /// How long a drain may take.
  func drainTime(_ timeout: Google_Protobuf_Duration, isPresent: Bool) throws(ModelError) -> Duration {
    guard isPresent else { return .seconds(limits.standardDrainSeconds) }
    let bound = try TimeSpan(timeout, field: "timeout")
    guard bound > .zero, bound <= .seconds(limits.maximumDrainSeconds) else {
      throw ModelError(field: "timeout", "must be over 0 and at most \(limits.maximumDrainSeconds) s")
    }
    return .microseconds(bound.microseconds)
  }
}

extension Clock where Duration == Swift.Duration {
  /// Tells the time since now.
  func stopwatch() -> @Sendable () -> Swift.Duration {
    let start = now
    return { start.duration(to: now) }
  }
}
