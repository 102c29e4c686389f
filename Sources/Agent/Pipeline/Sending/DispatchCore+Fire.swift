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

  private func targets(of event: LoadedEvent, _ revision: Int64, queue index: Int) -> [SinkNumber] {
    guard event.sink == .all else { return [event.sink] }
    guard let router = routers[revision] else { return [] }
    let allowed = queues[index].queue.allowedSinks
    let targets = router.targets(of: event) { allowed.isEmpty || allowed.contains($0) }
    return event.settledSinks.isEmpty ? targets : targets.filter { !event.settledSinks.contains($0) }
  }

  private mutating func enqueue(
    _ row: RowHandle, _ event: LoadedEvent, _ target: SinkNumber, queue index: Int, _ now: Moment
  ) {
    guard let sink = sinks[target]?.sink, sink.disabledReason == nil else {
      return settleUnsent(
        row, event, sink: target, .skipped, code: SkipReason.sinkGone.rawValue,
        detail: "its sink is deleted or disabled",
        now: now)
    }
    let endpoint: String
    switch Address(of: event, for: sink) {
    case .configured: endpoint = ""
    case .personal(let address): endpoint = address
    case .missing:
      return settleUnsent(
        row, event, sink: target, .skipped, code: SkipReason.noAddress.rawValue,
        detail: "the user has no address of kind \(sink.addressKind ?? "")", now: now)
    }
    queues[index].lanes[target, default: []].append(Send(row: row, endpoint: endpoint, since: now.elapsed))
    queues[index].waiting += 1
  }
}
