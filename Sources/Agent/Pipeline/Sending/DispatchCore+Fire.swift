import DequeModule
import EventModel

extension DispatchCore {
  /// Routes what is due now: each event to the lanes of its sinks.
  mutating func fire(now: Moment) {
    for index in order where !isClosed(queues[index]) {
      var due: [RowHandle] = []
      queues[index].wheel.fire(now: now.wall, limit: Limits.fireAtOnce) { due.append($0) }
      for row in due { route(row, queue: index, now) }
    }
  }

  private mutating func route(_ row: RowHandle, queue index: Int, _ now: Moment) {
    guard buckets.state(row)?.phase == .waiting,
      let (isLeaving, revision) = buckets.read(row, { ($0.isLeaving, $0.claimed.routingRevision) }), !isLeaving,
      let event = buckets.event(row)
    else { return }
    if case .close(let outcome, let code, let detail) = StartRules.onStart(
      event, queue: queues[index].queue, now: now.wall)
    {
      return close(row, event, outcome, code: code, detail: detail, now: now)
    }
    let targets = self.targets(of: event, revision, queue: index)
    guard !targets.isEmpty else {
      return close(
        row, event, .skipped, code: SkipReason.noSubscription.rawValue, detail: "no subscription wants it", now: now)
    }
    buckets.update(row) {
      $0.rows[Int(row.index)] = RowState(phase: .routed, outstanding: Int32(clamping: targets.count))
    }
    for target in targets { enqueue(row, event, target, queue: index, now) }
  }

  private func targets(of event: LoadedEvent, _ revision: Int64, queue index: Int) -> [Router.Target] {
    guard let router = routers[revision] else { return event.sink == .all ? [] : [Router.Target(sink: event.sink)] }
    guard event.sink == .all else { return [router.target(of: event, at: event.sink)] }
    let allowed = queues[index].queue.allowedSinks
    let targets = router.targets(of: event) { allowed.isEmpty || allowed.contains($0) }
    return event.settledSinks.isEmpty ? targets : targets.filter { !event.settledSinks.contains($0.sink) }
  }

  private mutating func enqueue(
    _ row: RowHandle, _ event: LoadedEvent, _ route: Router.Target, queue index: Int, _ now: Moment
  ) {
    let target = route.sink
    guard let sink = sinks[target]?.sink else {
      return settleUnsent(
        row, event, sink: target, .skipped, code: SkipReason.sinkGone.rawValue, detail: "its sink is deleted", now: now)
    }
    if let digest = route.digest, !event.isTest {
      return settleUnsent(
        row, event, sink: target, .merged, code: "digest", detail: "into a digest", digest: digest, now: now)
    }
    if let quiet = route.quietHours, !event.isTest, let end = quietEnd(quiet, event.quietZone, now.wall) {
      return deferUnsent(row, event, sink: target, code: "quiet-hours", wait: end - now.wall, now: now)
    }
    let endpoint: String
    switch Address(of: event, for: sink) {
    case .configured: endpoint = ""
    case .personal(let address):
      if isGone(address, of: event, at: target) {
        let wait = OutcomeRules.hold(hop: event.hop, fraction: random())
        return deferUnsent(row, event, sink: target, code: "endpoint-disabled", wait: wait, now: now)
      }
      endpoint = address
    case .missing:
      return settleUnsent(
        row, event, sink: target, .skipped, code: SkipReason.noAddress.rawValue,
        detail: "the user has no address of kind \(sink.addressKind ?? "")", now: now)
    }
    guard sinks[target]?.waiting ?? 0 < Int(sink.limits.maximumWaiting) else {
      let wait = OutcomeRules.deferral(hop: event.hop, named: nil, fraction: random())
      return deferUnsent(row, event, sink: target, code: "sink-busy", wait: wait, now: now)
    }
    queues[index].lanes[target, default: []].append(Send(row: row, endpoint: endpoint, since: now.elapsed))
    noteWaiting(1, queue: index, target)
  }

  /// Counts deliveries that wait in lanes and at endpoints.
  mutating func noteWaiting(_ count: Int, queue index: Int, _ sink: SinkNumber) {
    queues[index].waiting += count
    sinks[sink]?.waiting += count
  }
}
