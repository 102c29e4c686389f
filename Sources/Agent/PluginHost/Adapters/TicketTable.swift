import CPluginAPI
import EventModel
import Synchronization

/// One call of `deliver`: where its results go.
final class DeliveryBatch: Sendable {
  /// The sink that it went to.
  let sink: SinkInstance
  private let completion: @Sendable ([DeliveryResult]) -> Void

  init(sink: SinkInstance, completion: @escaping @Sendable ([DeliveryResult]) -> Void) {
    self.sink = sink
    self.completion = completion
  }

  /// Hands results on.
  func finish(_ results: [DeliveryResult]) {
    guard !results.isEmpty else { return }
    sink.plugin.tally.add(results)
    completion(results)
  }
}

/// Every delivery that is under way in one plugin. A ticket is a slot and its generation, so that a late or second
/// completion is recognised and harms nothing.
final class TicketTable: Watched {
  /// Deliveries under way at once, over all sinks of a plugin. The agent has 4,000; deadlines long past may add some.
  static let maximumOpen = 65_536

  private enum Phase {
    case free
    case open
    /// Past its deadline: the plugin was asked to give up.
    case cancelling
  }

  private struct Slot {
    var generation: UInt32 = 1
    var phase = Phase.free
    var deadline: Int64 = 0
    var delivery: UInt64 = 0
    var batch: DeliveryBatch?
  }

  private struct State {
    var slots: [Slot] = []
    var free: [UInt32] = []
    /// No open slot has a deadline before this.
    var earliest = Int64.max
  }

  private let state = Mutex(State())
  private let graceNanoseconds: Int64

  /// Makes a table.
  /// - Parameter grace: how long a cancelled delivery may still take before it is declared unknown.
  init(grace: Duration) { graceNanoseconds = grace.nanoseconds }

  /// Opens a ticket for each delivery; nil, with nothing opened, when there is no room for all.
  func open(_ deliveries: some Collection<(delivery: UInt64, deadline: Int64)>, batch: DeliveryBatch)
    -> [carillon_ticket]?
  {
    state.withLock { state in
      guard state.slots.count - state.free.count + deliveries.count <= Self.maximumOpen else { return nil }
      var tickets: [carillon_ticket] = []
      tickets.reserveCapacity(deliveries.count)
      for (delivery, deadline) in deliveries {
        let index: UInt32
        if let free = state.free.popLast() {
          index = free
        } else {
          index = UInt32(state.slots.count)
          state.slots.append(Slot())
        }
        state.slots[Int(index)].phase = .open
        state.slots[Int(index)].deadline = deadline
        state.slots[Int(index)].delivery = delivery
        state.slots[Int(index)].batch = batch
        state.earliest = min(state.earliest, deadline)
        tickets.append(UInt64(state.slots[Int(index)].generation) << 32 | UInt64(index))
      }
      return tickets
    }
  }

  /// What a closed ticket was for.
  private typealias Closed = (batch: DeliveryBatch, delivery: UInt64, index: Int)

  /// Takes a plugin's results; false when at least one ticket was not open.
  func complete(
    _ tickets: UnsafeBufferPointer<carillon_ticket>, _ results: UnsafeBufferPointer<UnsafePointer<carillon_result>?>
  ) -> Bool {
    let closed = state.withLock { state in
      var closed: [Closed] = []
      closed.reserveCapacity(tickets.count)
      for (index, ticket) in tickets.enumerated() {
        if let (batch, delivery) = Self.close(ticket, &state) { closed.append((batch, delivery, index)) }
      }
      return closed
    }
    Self.finish(closed) { delivery, index in ResultReader.read(results[index], delivery: delivery) }
    return closed.count == tickets.count
  }

  /// Closes those of the tickets that are open, with a result of the host's.
  func close(_ tickets: [carillon_ticket], _ result: (UInt64) -> DeliveryResult) {
    let closed = state.withLock { state in
      tickets.enumerated().compactMap { index, ticket -> Closed? in
        Self.close(ticket, &state).map { ($0.batch, $0.delivery, index) }
      }
    }
    Self.finish(closed) { delivery, _ in result(delivery) }
  }

  /// Closes every ticket of a sink, or of all sinks, with a result of the host's; answers how many there were.
  @discardableResult
  func closeAll(of sink: SinkInstance? = nil, _ result: (UInt64) -> DeliveryResult) -> Int {
    let closed = state.withLock { state in
      state.slots.indices.compactMap { index -> Closed? in
        guard let batch = state.slots[index].batch, sink == nil || batch.sink === sink else { return nil }
        let ticket = UInt64(state.slots[index].generation) << 32 | UInt64(index)
        return Self.close(ticket, &state).map { ($0.batch, $0.delivery, index) }
      }
    }
    Self.finish(closed) { delivery, _ in result(delivery) }
    return closed.count
  }

  /// How many deliveries of a sink are under way.
  func count(of sink: SinkInstance) -> Int {
    state.withLock { $0.slots.count { $0.batch?.sink === sink } }
  }

  /// The open tickets of these deliveries of a sink.
  func tickets(of sink: SinkInstance, deliveries: Set<UInt64>) -> [carillon_ticket] {
    state.withLock { state in
      state.slots.indices.compactMap { index in
        let slot = state.slots[index]
        guard slot.batch?.sink === sink, deliveries.contains(slot.delivery) else { return nil }
        return UInt64(slot.generation) << 32 | UInt64(index)
      }
    }
  }

  /// Asks the plugin to give up what is past its deadline, and declares unknown what did not end even then.
  func scan(now: Int64) {
    let (late, lost) = state.withLock { state -> ([(SinkInstance, carillon_ticket)], [Closed]) in
      guard state.earliest <= now else { return ([], []) }
      var late: [(SinkInstance, carillon_ticket)] = []
      var lost: [Closed] = []
      state.earliest = .max
      for index in state.slots.indices {
        guard let batch = state.slots[index].batch else { continue }
        let ticket = UInt64(state.slots[index].generation) << 32 | UInt64(index)
        if state.slots[index].deadline <= now {
          if state.slots[index].phase == .cancelling {
            if let (batch, delivery) = Self.close(ticket, &state) { lost.append((batch, delivery, index)) }
            continue
          }
          state.slots[index].phase = .cancelling
          state.slots[index].deadline = MonotonicClock.adding(graceNanoseconds, to: now)
          late.append((batch.sink, ticket))
        }
        state.earliest = min(state.earliest, state.slots[index].deadline)
      }
      return (late, lost)
    }
    for (sink, tickets) in Self.grouped(late) { sink.requestCancel(tickets) }
    Self.finish(lost) { delivery, _ in ResultReader.unanswered(delivery) }
  }

  private static func grouped(_ tickets: [(SinkInstance, carillon_ticket)]) -> [(SinkInstance, [carillon_ticket])] {
    Dictionary(grouping: tickets) { ObjectIdentifier($0.0) }.values.compactMap { group in
      group.first.map { ($0.0, group.map(\.1)) }
    }
  }

  private static func close(_ ticket: carillon_ticket, _ state: inout State) -> (
    batch: DeliveryBatch, delivery: UInt64
  )? {
    let index = Int(ticket & 0xffff_ffff)
    guard index < state.slots.count, state.slots[index].generation == UInt32(truncatingIfNeeded: ticket >> 32),
      let batch = state.slots[index].batch
    else { return nil }
    state.slots[index].batch = nil
    state.slots[index].phase = .free
    // Never 0, so that no ticket is 0.
    state.slots[index].generation = state.slots[index].generation == .max ? 1 : state.slots[index].generation + 1
    state.free.append(UInt32(index))
    return (batch, state.slots[index].delivery)
  }

  /// Hands results to their batches, in runs of the same batch.
  private static func finish(_ closed: [Closed], _ result: (UInt64, Int) -> DeliveryResult) {
    var start = 0
    while start < closed.count {
      let batch = closed[start].batch
      var end = start
      while end < closed.count, closed[end].batch === batch { end += 1 }
      batch.finish(closed[start..<end].map { result($0.delivery, $0.index) })
      start = end
    }
  }
}
