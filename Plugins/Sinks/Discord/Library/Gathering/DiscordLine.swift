import PluginKit0

/// What waits here for its message, in order of coming, and the slot that is being filled with what may not wait here.
struct DiscordLine: Sendable {
  /// A slot with room.
  struct Filling: Sendable, Hashable {
    var time: Int64
    var events: Int
    var units: Int
  }

  /// The most events in one message.
  let limit: Int
  /// Events that wait for companions.
  private(set) var pool: [DiscordItem] = []
  /// Messages that are made up already: what is left of one that was refused.
  private(set) var ready: [[DiscordItem]] = []
  private var filling: Filling?

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { pool.isEmpty && ready.isEmpty }
  var count: Int { pool.count + ready.reduce(0) { $0 + $1.count } }
  var firstArrival: Int64? { (ready.first?.first ?? pool.first)?.arrival }
  /// Until when all of it may wait.
  var heldUntil: Int64? { (pool + ready.joined()).map(\.heldUntil).min() }

  /// How many messages it makes, with one more event.
  func messages(with part: DiscordPart? = nil) -> Int {
    var (number, events, units) = (ready.count, 0, 0)
    for item in pool.map(\.part) + (part.map { [$0] } ?? []) {
      if number == ready.count || events == limit || units + item.units > DiscordLimits.embedsTogether {
        (number, events, units) = (number + 1, 0, 0)
      }
      (events, units) = (events + 1, units + item.units)
    }
    return number
  }

  /// Whether the next message has no room for another event.
  var isFull: Bool {
    if !ready.isEmpty { return true }
    let fitting = self.fitting
    return fitting == limit || fitting < pool.count
  }

  mutating func add(_ item: DiscordItem) {
    guard let place = item.carry.again?.place else { return pool.append(item) }
    // The same message again has its events in the same order.
    let index = pool.firstIndex { ($0.carry.again?.place ?? 0) > place } ?? pool.endIndex
    pool.insert(item, at: index)
  }

  mutating func add(message items: [DiscordItem]) { ready.append(items) }

  /// The next message.
  mutating func take() -> [DiscordItem] {
    if !ready.isEmpty { return ready.removeFirst() }
    let items = Array(pool.prefix(fitting))
    pool.removeFirst(items.count)
    return items
  }

  /// Takes out those that meet a condition.
  mutating func remove(where condition: (DiscordItem) -> Bool) -> [DiscordItem] {
    let removed = ready.joined().filter(condition) + pool.filter(condition)
    pool.removeAll(where: condition)
    ready = ready.map { $0.filter { !condition($0) } }.filter { !$0.isEmpty }
    return removed
  }

  /// A place in the slot that is being filled; nil when it has no room, or comes too early.
  mutating func join(_ part: DiscordPart, notBefore: Int64) -> Int64? {
    guard var slot = filling, slot.time >= notBefore, slot.events < limit,
      slot.units + part.units <= DiscordLimits.embedsTogether
    else { return nil }
    slot.events += 1
    slot.units += part.units
    filling = slot
    return slot.time
  }

  /// A new slot is being filled.
  mutating func fill(_ time: Int64, _ part: DiscordPart) {
    filling = Filling(time: time, events: 1, units: part.units)
  }

  /// The last slot that was handed out for it; 0 without one.
  var lastSlot: Int64 { filling?.time ?? 0 }

  /// Whether as many wait here as its last slot holds: nobody else is certain to come.
  func hasAll(_ now: Int64) -> Bool {
    guard let filling else { return true }
    return filling.time <= now && pool.count >= filling.events
  }

  /// Whether nothing would be lost with it.
  func isIdle(_ now: Int64) -> Bool { isEmpty && (filling?.time ?? 0) <= now }

  private var fitting: Int {
    var units = 0
    return pool.prefix(limit).prefix { item in
      units += item.part.units
      return units <= DiscordLimits.embedsTogether
    }.count
  }
}
