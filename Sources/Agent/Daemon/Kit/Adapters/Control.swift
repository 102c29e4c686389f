import ControlPlane
import EventModel
import Logging
import Pipeline
import Store

/// The pipeline, as the control plane wants it.
struct PipelineControlAdapter: PipelineControl {
  let pipeline: Pipeline
  let metrics: AgentMetrics
  let configuration: Configuration
  let startedAt: ContinuousClock.Instant
  let logger: Logger

  func submit(_ oneOff: OneOff) async throws(StoreError) -> Submission {
    do throws(PipelineError) {
      return try await pipeline.submit(oneOff)
    } catch {
      throw Self.storeError(error)
    }
  }

  func kickPlanner() { pipeline.kick() }

  func importBegan() { pipeline.importBegan() }

  func importEnded() { pipeline.importEnded() }

  func status() async -> ControlPlane.PipelineStatus {
    let status = pipeline.status
    return ControlPlane.PipelineStatus(
      agent: configuration.agentName, epoch: status.lease?.epoch ?? 0,
      notReadyReasons: status.notReadyReason.map { [$0] } ?? [], isDraining: status.isDraining, loaded: status.loaded,
      inFlight: status.inFlight, unrecorded: status.unrecorded,
      queues: status.queues.map { queue in
        let totals = metrics.totals(ofQueue: queue.name)
        return QueueLoad(
          queue: queue.name, loaded: queue.loaded, inFlight: queue.inFlight + queue.slow, delivered: totals.delivered,
          failed: totals.failed)
      },
      prefers: configuration.prefers,
      uptime: TimeSpan(startedAt.duration(to: .now)), horizon: status.horizon,
      clockOffset: status.clockOffset,
      troubles: status.sinks.compactMap { sink in
        let isOpen = sink.circuit != "closed"
        guard sink.disabledReason != nil || isOpen else { return nil }
        let reason = sink.disabledReason ?? "it failed again and again, and its circuit is \(sink.circuit)"
        return SinkTrouble(
          namespace: sink.namespace, sink: sink.name, reason: reason, heals: sink.disabledReason == nil)
      },
      sinks: status.sinks.map { sink in
        SinkLoad(
          namespace: sink.namespace, sink: sink.name, inFlight: sink.inFlight, waiting: sink.waiting, slow: sink.slow,
          circuit: sink.circuit, reopensIn: sink.reopensIn, endpoints: sink.endpoints,
          openEndpoints: sink.openEndpoints, goneEndpoints: sink.goneEndpoints)
      })
  }

  func drain(within bound: TimeSpan) async throws(StoreError) {
    guard await pipeline.drain(within: bound) else {
      throw StoreError(
        .failedPrecondition,
        "not everything in flight was finished in time; the agent stays in drain, and the rest is tried again")
    }
  }

  func resume() async throws(StoreError) { pipeline.resume() }

  func upcoming(
    _ queries: [UpcomingQuery], from: Timestamp, until: Timestamp, limit: Int
  ) async -> [ControlPlane.UpcomingOccurrence] {
    var found: [ControlPlane.UpcomingOccurrence] = []
    for (index, query) in queries.enumerated() {
      guard !Task.isCancelled else { break }
      do throws(PipelineError) {
        let next = try await pipeline.preview(
          query.schedule, user: query.user, after: from, until: until, count: limit)
        found += next.map { .init(index: index, key: $0.key, dueAt: $0.dueAt) }
      } catch {
        // Its `plan_error` says the same to whoever asks for the schedule; here the others matter.
        logger.debug("a schedule has no computable occurrences", metadata: ["error": "\(error)"])
      }
    }
    return Array(found.sorted { ($0.dueAt, $0.index) < ($1.dueAt, $1.index) }.prefix(limit))
  }

  func preview(_ query: PreviewQuery, from: Timestamp) async throws(StoreError) -> [PreviewedOccurrence] {
    do throws(PipelineError) {
      let worded = try await pipeline.preview(
        words: WordsQuery(
          schedule: query.schedule, user: query.user, occurrenceKey: query.occurrenceKey, count: query.count,
          sinks: query.sinks, template: query.template), after: from)
      return worded.map(PreviewedOccurrence.init)
    } catch {
      throw Self.storeError(error)
    }
  }

  func refreshSettings() async throws(StoreError) {
    do throws(PipelineError) {
      try await pipeline.refreshSettings()
    } catch {
      throw Self.storeError(error)
    }
  }

  static func storeError(_ error: PipelineError) -> StoreError {
    if let cause = error.cause as? StoreError { return cause }
    let code: StoreError.Code =
      switch error.code {
      case .unplannable: .invalid
      case .notFound: .notFound
      case .store, .notRunning, .overloaded, .unavailable: .unavailable
      }
    return StoreError(code, error.message, cause: error)
  }
}

extension PreviewedOccurrence {
  fileprivate init(_ worded: WordedOccurrence) {
    self.init(
      key: worded.occurrence.key, dueAt: worded.occurrence.dueAt, timeZone: worded.occurrence.timeZone,
      messages: worded.messages.map(PreviewedMessage.init))
  }
}

extension PreviewedMessage {
  fileprivate init(_ worded: WordedOccurrence.AtSink) {
    switch worded.message {
    case .success(let message): self.init(sink: worded.sink, message: message, wording: worded.wording)
    case .failure(let error):
      self.init(sink: worded.sink, message: nil, problem: error.message, wording: worded.wording)
    }
  }
}
