import EventModel

/// One attempt under way to one sink.
struct Flight: Sendable {
  let row: RowHandle
  let sink: SinkNumber
  /// Index of its queue.
  let queue: Int
  /// The address; empty when the sink has the only one.
  let endpoint: String
  /// When its place was taken, on the clock that never jumps.
  let reservedAt: TimeSpan
  /// When it must have ended, on the same clock.
  var deadline: TimeSpan
  /// When the sink was handed it; nil before.
  var startedAt: Timestamp?
  /// What it says, once rendered.
  var message: Message?
  /// What its receipt says besides the sink's own words.
  var note: String?
  /// The sink was asked to give it up.
  var isCalledOff = false
  /// It counts as slow, no longer against its queue.
  var isSlow = false
}

/// What is under way, found by delivery id without hashing: the id is generation and slot.
struct FlightTable: Sendable {
  private var slots: [Flight?] = []
  private var generations: [UInt32] = []
  private var free: [Int32] = []

  var count: Int { slots.count - free.count }

  mutating func insert(_ flight: Flight) -> UInt64 {
    let slot: Int
    if let reused = free.popLast() {
      slot = Int(reused)
      slots[slot] = flight
    } else {
      slot = slots.count
      slots.append(flight)
      generations.append(1)
    }
    return UInt64(generations[slot]) << 32 | UInt64(UInt32(truncatingIfNeeded: slot))
  }

  /// The flight of an id; nil when it has ended.
  subscript(id: UInt64) -> Flight? {
    guard let slot = slot(of: id) else { return nil }
    return slots[slot]
  }

  mutating func remove(_ id: UInt64) -> Flight? {
    guard let slot = slot(of: id), let flight = slots[slot] else { return nil }
    slots[slot] = nil
    generations[slot] &+= 1
    free.append(Int32(truncatingIfNeeded: slot))
    return flight
  }

  /// Changes a flight in place.
  mutating func update(_ id: UInt64, _ body: (inout Flight?) -> Void) {
    guard let slot = slot(of: id) else { return }
    body(&slots[slot])
  }

  /// Every id under way.
  var ids: [UInt64] {
    slots.indices.compactMap { slot in
      slots[slot] == nil ? nil : UInt64(generations[slot]) << 32 | UInt64(UInt32(truncatingIfNeeded: slot))
    }
  }

  /// Slow ones by the index of their queue.
  var slowByQueue: [Int: Int] {
    slots.reduce(into: [:]) { counts, flight in
      if let flight, flight.isSlow { counts[flight.queue, default: 0] += 1 }
    }
  }

  private func slot(of id: UInt64) -> Int? {
    let slot = Int(UInt32(truncatingIfNeeded: id))
    guard slots.indices.contains(slot), generations[slot] == UInt32(truncatingIfNeeded: id >> 32) else { return nil }
    return slot
  }
}
