import EventModel

/// Names a row in memory. A handle of a bucket that is gone matches nothing any more.
struct RowHandle: Hashable, Sendable {
  var slot: Int32
  var generation: UInt32
  var index: Int32
}

/// How far a row in memory has come.
struct RowState: Hashable, Sendable {
  enum Phase: UInt8, Hashable, Sendable {
    /// Waits for its time.
    case waiting
    /// Its sinks are known; no send has begun.
    case routed
    /// At least one of its sends was begun.
    case started
    /// It has its closing outcome.
    case closed
  }

  var phase = Phase.waiting
  /// Deliveries without an outcome, once routed.
  var outstanding: Int32 = 0
  /// Whether one of its deliveries has an outcome.
  var hasOutcome = false
}

/// A bucket in memory.
struct LoadedBucket: Sendable {
  let claimed: ClaimedBucket
  /// Index of its queue.
  let queue: Int
  /// Emptied when the last row is closed, to free the memory.
  var events: [LoadedEvent]
  var rows: [RowState]
  /// Rows without a closing outcome.
  var openRows: Int
  /// Sends under way.
  var inFlight = 0
  /// Outcomes that wait to be recorded.
  var unrecorded = 0
  /// Nothing of it starts any more; it is given back once nothing is under way.
  var isLeaving = false
  /// Row index by sequence, made when the first command comes.
  var rowBySequence: [Int32: Int32]?

  init(_ claimed: ClaimedBucket, queue: Int, events: [LoadedEvent]) {
    self.claimed = claimed
    self.queue = queue
    self.events = events
    self.rows = Array(repeating: RowState(), count: events.count)
    self.openRows = events.count
  }
}

/// The buckets in memory, in slots that are used again.
struct BucketTable: Sendable {
  private var slots: [LoadedBucket] = []
  /// Odd while a slot is in use.
  private var generations: [UInt32] = []
  private var free: [Int32] = []
  private var slotByID: [BucketID: Int32] = [:]

  /// How many buckets there are.
  var count: Int { slotByID.count }

  /// Handles of the first rows of all buckets.
  var all: [RowHandle] {
    generations.indices.compactMap { generations[$0] & 1 == 1 ? handle(Int32(truncatingIfNeeded: $0)) : nil }
  }

  /// Puts a bucket in; answers the handle of its first row.
  mutating func insert(_ bucket: LoadedBucket) -> RowHandle {
    let slot = free.popLast() ?? Int32(truncatingIfNeeded: slots.count)
    if Int(slot) < slots.count {
      slots[Int(slot)] = bucket
      generations[Int(slot)] &+= 1
    } else {
      slots.append(bucket)
      generations.append(1)
    }
    slotByID[bucket.claimed.id] = slot
    return handle(slot)
  }

  /// Takes a bucket out; its handles match nothing any more.
  @discardableResult
  mutating func remove(_ row: RowHandle) -> LoadedBucket? {
    guard isLive(row) else { return nil }
    let slot = Int(row.slot)
    let bucket = slots[slot]
    slots[slot].events = []
    slots[slot].rows = []
    slots[slot].rowBySequence = nil
    generations[slot] &+= 1
    free.append(row.slot)
    slotByID[bucket.claimed.id] = nil
    return bucket
  }

  mutating func removeAll() {
    for row in all { remove(row) }
  }

  /// The handle of a bucket's first row; nil when it is not in memory.
  func find(_ id: BucketID) -> RowHandle? { slotByID[id].map { handle($0) } }

  func isLive(_ row: RowHandle) -> Bool {
    generations.indices.contains(Int(row.slot)) && generations[Int(row.slot)] == row.generation
      && row.generation & 1 == 1
  }

  /// Reads a bucket in place; nil when it is gone.
  func read<Result>(_ row: RowHandle, _ body: (borrowing LoadedBucket) -> Result) -> Result? {
    guard isLive(row) else { return nil }
    return body(slots[Int(row.slot)])
  }

  /// Changes a bucket in place; nil when it is gone.
  @discardableResult
  mutating func update<Result>(_ row: RowHandle, _ body: (inout LoadedBucket) -> Result) -> Result? {
    guard isLive(row) else { return nil }
    return body(&slots[Int(row.slot)])
  }

  /// The event of a row; nil when its bucket is gone or all of it is closed.
  func event(_ row: RowHandle) -> LoadedEvent? {
    guard isLive(row), slots[Int(row.slot)].events.indices.contains(Int(row.index)) else { return nil }
    return slots[Int(row.slot)].events[Int(row.index)]
  }

  /// How far a row has come; nil when its bucket is gone.
  func state(_ row: RowHandle) -> RowState? {
    guard isLive(row), slots[Int(row.slot)].rows.indices.contains(Int(row.index)) else { return nil }
    return slots[Int(row.slot)].rows[Int(row.index)]
  }

  private func handle(_ slot: Int32) -> RowHandle {
    RowHandle(slot: slot, generation: generations[Int(slot)], index: 0)
  }
}
