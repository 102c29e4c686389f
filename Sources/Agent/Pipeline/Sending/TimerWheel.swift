import EventModel
import HeapModule

/// What is to happen later, by instant, in slots of one millisecond.
///
/// Adding costs O(1), except for the first entry of a slot, which costs O(log slots): a hundred thousand events of the
/// same instant are one slot. A slot fires at its end, so that nothing is ever early and at most a millisecond late.
/// Entries cannot be removed; whoever takes one checks whether it still counts.
struct TimerWheel<Entry> {
  private var slots: [Int64: Slot] = [:]
  private var order = Heap<Int64>()
  /// How many entries wait.
  private(set) var count = 0

  fileprivate struct Slot {
    var entries: [Entry] = []
    /// Entries before this one fired already.
    var next = 0
  }

  /// When the next slot fires; nil when nothing waits.
  var nextDeadline: Timestamp? { order.min.map { Timestamp(milliseconds: $0) } }

  /// Adds an entry that fires at `instant`, or at once when that is past.
  mutating func add(_ entry: Entry, at instant: Timestamp) {
    let slot = instant.millisecondsRoundedUp
    if slots[slot] == nil { order.insert(slot) }
    slots[slot, default: Slot()].entries.append(entry)
    count += 1
  }

  /// Takes at most `limit` of the entries whose time has come, in order of their time, then of adding.
  mutating func fire(now: Timestamp, limit: Int, _ body: (Entry) -> Void) {
    var left = limit
    while left > 0, let first = order.min, Timestamp(milliseconds: first) <= now,
      let index = slots.index(forKey: first)
    {
      let from = slots.values[index].next
      let end = min(slots.values[index].entries.count, from + left)
      for place in from..<end { body(slots.values[index].entries[place]) }
      left -= end - from
      count -= end - from
      if end == slots.values[index].entries.count {
        slots.remove(at: index)
        order.removeMin()
      } else {
        slots.values[index].next = end
      }
    }
  }

  /// Forgets everything.
  mutating func removeAll() {
    slots = [:]
    order = Heap()
    count = 0
  }
}

extension TimerWheel: Sendable where Entry: Sendable {}
extension TimerWheel.Slot: Sendable where Entry: Sendable {}

extension Timestamp {
  fileprivate init(milliseconds: Int64) {
    let (value, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000)
    self.init(microseconds: overflow ? (milliseconds < 0 ? .min : .max) : value)
  }

  /// Whole milliseconds since 1970, never before this instant.
  fileprivate var millisecondsRoundedUp: Int64 {
    let quotient = microseconds / 1_000
    return microseconds % 1_000 > 0 ? quotient + 1 : quotient
  }
}
