import CPluginAPI
public import EventModel
import Logging
import Synchronization

/// A batch on its way to the plugin. Its deliveries are either handed to the ticket table or answered by the host.
private final class Handover: Sendable {
  private let isTaken = Atomic(false)
  let deliveries: [Delivery]
  let acceptedAt: Int64
  let batch: DeliveryBatch

  init(_ deliveries: [Delivery], _ batch: DeliveryBatch) {
    self.deliveries = deliveries
    self.batch = batch
    acceptedAt = MonotonicClock.now
  }

  /// True for the first caller, who answers for the deliveries from then on.
  func take() -> Bool {
    isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
  }

  func deadline(_ delivery: Delivery) -> Int64 {
    MonotonicClock.adding(max(0, delivery.timeLimit.nanoseconds), to: acceptedAt)
  }

  /// Ends them all, unless somebody else answers for them.
  func refuse(_ code: String, _ detail: String, after wait: TimeSpan) {
    guard take() else { return }
    batch.finish(deliveries.map { .held($0.id, code, detail, after: wait) })
  }
}

extension DeliveryResult {
  /// Nothing was sent, through no fault of the delivery's: later, at no cost.
  fileprivate static func held(_ id: UInt64, _ code: String, _ detail: String, after wait: TimeSpan) -> DeliveryResult {
    DeliveryResult(id: id, verdict: .throttled, retryAfter: wait, code: code, detail: detail)
  }
}

extension SinkInstance {
  /// Hands deliveries to the plugin. Returns at once.
  /// - Parameters:
  ///   - deliveries: what to send; ids that are open in this sink must differ.
  ///   - completion: gets every delivery's result exactly once, in one or more calls, from any thread: the caller's, a
  ///     thread of the plugin's, or the host's. It must be quick, and must not call back into the sink.
  public func deliver(_ deliveries: [Delivery], completion: @escaping @Sendable ([DeliveryResult]) -> Void) {
    for start in stride(from: 0, to: deliveries.count, by: Self.maximumBatch) {
      let part =
        deliveries.count <= Self.maximumBatch
        ? deliveries : Array(deliveries[start..<min(start + Self.maximumBatch, deliveries.count)])
      submit(Handover(part, DeliveryBatch(sink: self, completion: completion)))
    }
  }

  /// Asks the plugin to give deliveries up. Each still ends through its own completion.
  public func cancel(_ deliveries: Set<UInt64>) {
    let tickets = plugin.tickets.tickets(of: self, deliveries: deliveries)
    if !tickets.isEmpty { requestCancel(tickets) }
  }

  /// Calls `cancel`, on a thread for it alone: it may overlap every other call.
  func requestCancel(_ tickets: [carillon_ticket]) {
    let (handle, functions, health) = (handle, functions, plugin.health)
    let job = CallExecutor.Job(name: "cancel", limitNanoseconds: Self.cancelLimit.nanoseconds) {
      guard health.disabledReason == nil, let pointer = handle.pointer else { return }
      functions.cancel(pointer.raw, tickets)
    } abandon: {
      health.strike("plugin call of cancel")
    }
    // A cancel that finds no room is lost; the host declares the delivery unknown after its grace all the same.
    if !cancelExecutor.submit(job) {
      plugin.logger.warning("cancel not passed on: too many wait", metadata: ["sink": "\(name)"])
    }
  }

  private func submit(_ handover: Handover) {
    // A failed instance is replaced by the next call.
    guard [.active, .failed].contains(handle.lifecycle) else {
      let detail = "the sink \(name) is \(handle.lifecycle.rawValue)"
      return handover.refuse("sink-not-active", detail, after: Self.busyWait)
    }
    if let hold = plugin.hold { return handover.refuse(hold.code, hold.why, after: hold.wait) }
    let longest = handover.deliveries.map(\.timeLimit).max() ?? .zero
    let limit = max(.zero, longest).duration + plugin.options.cancelGrace + plugin.options.callLimit
    let (handle, health, name) = (handle, plugin.health, "plugin \(plugin.manifest.name), sink \(name), deliver")
    let job = CallExecutor.Job(name: name, limitNanoseconds: limit.nanoseconds) { [self] in
      run(handover)
    } abandon: {
      handle.lostCall()
      health.strike(name)
      // Those with a ticket are past their deadline, and were declared unknown.
      handover.refuse("time-limit", "the plugin did not take it in time", after: Self.busyWait)
    }
    if !executor.submit(job) { handover.refuse("busy", "too many batches wait for the plugin", after: Self.busyWait) }
  }

  /// On the instance's thread.
  private func run(_ handover: Handover) {
    do throws(PluginHostError) {
      try plugin.health.check()
      let pointer = try ready()
      guard handover.take() else { return }
      try ArenaPool.with { arena throws(PluginHostError) in deliver(handover, pointer, arena) }
    } catch {
      handover.refuse(error.code.rawValue, error.message, after: Self.busyWait)
    }
  }

  /// The plugin's object, active; after a lost call a fresh one.
  private func ready() throws(PluginHostError) -> InstanceHandle.Pointer {
    if handle.lifecycle == .active, let pointer = handle.pointer { return pointer }
    guard handle.lifecycle == .failed || handle.lifecycle == .created else {
      throw PluginHostError(.illegalState, "the sink \(name) is \(handle.lifecycle.rawValue)")
    }
    return try reviving.withLock { _ in
      Result { () throws(PluginHostError) in
        // Of several threads that found it gone the first one makes it anew.
        if handle.lifecycle == .active, let pointer = handle.pointer { return pointer }
        do throws(PluginHostError) {
          let pointer = try create()
          try activate(pointer)
          return pointer
        } catch {
          // To be tried again by the next call; illegal only when it is destroyed meanwhile.
          try? handle.apply(.fail)
          throw error
        }
      }
    }.get()
  }

  private func deliver(_ handover: Handover, _ pointer: InstanceHandle.Pointer, _ arena: Arena) {
    let now = MonotonicClock.now
    let timely = handover.deliveries.filter { handover.deadline($0) > now }
    if timely.count < handover.deliveries.count {
      let expired = handover.deliveries.filter { handover.deadline($0) <= now }
      let detail = "it waited for the plugin longer than its time limit; nothing was sent"
      handover.batch.finish(expired.map { .held($0.id, "waited", detail, after: Self.busyWait) })
    }
    guard !timely.isEmpty else { return }
    let open = timely.map { (delivery: $0.id, deadline: handover.deadline($0)) }
    guard let tickets = plugin.tickets.open(open, batch: handover.batch) else {
      let detail = "more than \(TicketTable.maximumOpen) deliveries are under way in the plugin"
      return handover.batch.finish(timely.map { .held($0.id, "busy", detail, after: Self.busyWait) })
    }
    let pointers = write(timely, tickets, open.map(\.deadline), in: arena)
    do throws(PluginHostError) {
      try ErrorCollector.check(plugin.manifest.name, "deliver") { error in
        functions.deliver(pointer.raw, pointers, timely.count, error)
      }
    } catch {
      // None was taken. Those that the plugin completed all the same have ended already.
      plugin.tickets.close(tickets) { Self.refused($0, error) }
    }
  }

  private static func refused(_ id: UInt64, _ error: PluginHostError) -> DeliveryResult {
    switch error.code {
    case .busy: .held(id, "busy", error.message, after: busyWait)
    case .refused, .invalidDocument:
      DeliveryResult(id: id, verdict: .retry, code: "plugin-invalid", detail: error.message)
    default: DeliveryResult(id: id, verdict: .retry, code: "plugin-failed", detail: error.message)
    }
  }

  private func write(
    _ deliveries: [Delivery], _ tickets: [carillon_ticket], _ deadlines: [Int64], in arena: Arena
  ) -> UnsafeMutablePointer<UnsafePointer<carillon_delivery>?> {
    let pointers = arena.allocate(UnsafePointer<carillon_delivery>?.self, count: deliveries.count)
    let structures = arena.allocate(carillon_delivery.self, count: deliveries.count)
    var writer = EventWriter(fields: plugin.manifest.userFields)
    for (place, delivery) in deliveries.enumerated() {
      structures[place] = carillon_delivery(
        struct_size: UInt32(MemoryLayout<carillon_delivery>.size), attempt: UInt32(clamping: delivery.attempt),
        ticket: tickets[place], idempotency_key: arena.copy(delivery.idempotencyKey),
        endpoint: arena.copy(delivery.endpoint), carry: arena.copy(delivery.carry), deadline_ns: deadlines[place],
        first_attempt_ns: delivery.firstAttemptAt.nanoseconds, late_ns: max(0, delivery.lateness.nanoseconds),
        event: writer.write(delivery.event, in: arena), message: EventWriter.write(delivery.message, in: arena))
      pointers[place] = UnsafePointer(structures + place)
    }
    return pointers
  }
}
