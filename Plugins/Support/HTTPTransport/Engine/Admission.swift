/// Who may start: items wait in lanes (one for each session and origin), each lane with a bound of its own, all
/// under one bound. Lanes that can move take turns, so that a slow origin holds up nobody else; and those that answered
/// lately come first, so that hundreds that never do, and whose connections cost the most, do not stand before them.
struct Admission<Item> {
  struct Key: Hashable {
    let session: Int
    let origin: String
  }

  private struct Lane {
    let key: Key
    var limit: Int
    var active = 0
    var waiting = Queue<Item>()
    var isReady = false
    /// Whether it has answered while anything of it waited or was under way.
    var isProven = false
  }

  /// One start of so many is of a lane that has not answered yet, however many have.
  private static var unprovenEvery: Int { 4 }

  private let maximumActive: Int
  private var lanes: [Lane?] = []
  private var freeLanes: [Int] = []
  private var laneOf: [Key: Int] = [:]
  private var proven = Queue<Int>()
  private var unproven = Queue<Int>()
  private var turns = 0
  private(set) var active = 0
  private(set) var waiting = 0

  init(maximumActive: Int) { self.maximumActive = maximumActive }

  /// Whether ``next()`` may have one.
  var canStart: Bool { active < maximumActive && !(proven.isEmpty && unproven.isEmpty) }

  mutating func enqueue(_ item: Item, key: Key, limit: Int) {
    let index = laneOf[key] ?? makeLane(key, limit)
    lanes[index]?.limit = limit
    lanes[index]?.waiting.append(item)
    waiting += 1
    markReady(index)
  }

  /// The next that may start, and its lane, to be given to ``release(_:answered:)`` at its end.
  mutating func next() -> (item: Item, lane: Int)? {
    while active < maximumActive, let index = nextLane() {
      lanes[index]?.isReady = false
      guard let item = lanes[index]?.waiting.popFirst() else {
        dropIfIdle(index)
        continue
      }
      lanes[index]?.active += 1
      active += 1
      waiting -= 1
      markReady(index)
      return (item, index)
    }
    return nil
  }

  /// One ended.
  /// - Parameter answered: whether with an answer.
  mutating func release(_ index: Int, answered: Bool) {
    lanes[index]?.active -= 1
    if answered { lanes[index]?.isProven = true }
    active -= 1
    markReady(index)
    dropIfIdle(index)
  }

  private mutating func nextLane() -> Int? {
    turns &+= 1
    if turns % Self.unprovenEvery == 0, let index = unproven.popFirst() { return index }
    return proven.popFirst() ?? unproven.popFirst()
  }

  /// Takes out those that wait and match.
  mutating func remove(where matches: (Item) -> Bool) -> [Item] {
    guard waiting > 0 else { return [] }
    var removed: [Item] = []
    for index in lanes.indices where lanes[index]?.waiting.isEmpty == false {
      removed += lanes[index]?.waiting.remove(where: matches) ?? []
      dropIfIdle(index)
    }
    waiting -= removed.count
    return removed
  }

  private mutating func makeLane(_ key: Key, _ limit: Int) -> Int {
    let lane = Lane(key: key, limit: limit)
    let index: Int
    if let free = freeLanes.popLast() {
      index = free
      lanes[index] = lane
    } else {
      index = lanes.count
      lanes.append(lane)
    }
    laneOf[key] = index
    return index
  }

  private mutating func markReady(_ index: Int) {
    guard let lane = lanes[index], !lane.isReady, !lane.waiting.isEmpty, lane.active < lane.limit else { return }
    lanes[index]?.isReady = true
    if lane.isProven { proven.append(index) } else { unproven.append(index) }
  }

  /// A lane that is ready is dropped when its turn comes, so that no number there is of another lane.
  private mutating func dropIfIdle(_ index: Int) {
    guard let lane = lanes[index], lane.active == 0, lane.waiting.isEmpty, !lane.isReady else { return }
    laneOf[lane.key] = nil
    lanes[index] = nil
    freeLanes.append(index)
  }
}

/// First in, first out, with both ends in constant time.
struct Queue<Element> {
  private var elements: [Element?] = []
  private var head = 0

  var isEmpty: Bool { head == elements.count }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    elements[head] = nil
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: elements.capacity <= 1_024)
      head = 0
    } else if head >= 1_024, head * 2 >= elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  mutating func remove(where matches: (Element) -> Bool) -> [Element] {
    var removed: [Element] = []
    var kept: [Element?] = []
    for case let element? in elements[head...] {
      if matches(element) { removed.append(element) } else { kept.append(element) }
    }
    if !removed.isEmpty {
      elements = kept
      head = 0
    }
    return removed
  }
}
