import EventModel
import Store

/// Batches of puts over few names, so that they meet each other: new, the same, changed, twice in one batch, refused.
struct RandomPuts {
  private static let namespaces = ["default", "default", "default", "other", "Not A Name"]
  private static let texts = ["", "Ada", "Zoë", "Zoe\u{308}", "a \"quoted\" \\ name", "nothing\u{0}more"]
  private static let maps: [[String: String]] = [
    [:], ["x": "1"], ["b": "2", "a": "1", "B": "3"], ["x": "a\"b\n\u{0}"], ["é": "ü", "z": "/"],
  ]
  private static let conditions: [Precondition] = [
    .none, .none, .none, .none, .absent, .present, .revision(1), .revision(2),
  ]

  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  /// - Parameter isCalm: nothing in it is refused by its own content, so that whole batches pass.
  mutating func batch(_ count: Int, isCalm: Bool) -> [Change] { (0..<count).map { _ in change(isCalm: isCalm) } }

  private mutating func pick<Item>(_ items: [Item], _ likely: Int? = nil) -> Item {
    items[Int.random(in: 0..<(likely ?? items.count), using: &random)]
  }

  private mutating func rarely() -> Bool { Int.random(in: 0..<12, using: &random) == 0 }

  private mutating func change(isCalm: Bool) -> Change {
    let condition = isCalm ? .none : pick(Self.conditions)
    if Bool.random(using: &random) { return .putSchedule(schedule(isCalm: isCalm), condition) }
    return Bool.random(using: &random)
      ? .putUser(user(isCalm: isCalm), condition) : .importUser(user(isCalm: isCalm), condition)
  }

  private mutating func user(isCalm: Bool) -> User {
    var user = User(
      namespace: pick(Self.namespaces, isCalm ? 4 : nil), id: "u\(Int.random(in: 0..<20, using: &random))",
      displayName: rarely() ? pick(Self.texts, isCalm ? 4 : nil) : "Ada", timeZone: rarely() ? "Asia/Tokyo" : "",
      dates: ["birth": rarely() ? "1991-01-02" : "1990-05-04"], attributes: rarely() ? pick(Self.maps) : [:],
      paused: rarely())
    if !isCalm, rarely() { user.dates["birth"] = "1990-02-31" }
    if !isCalm, rarely() { user.id = "no id" }
    return user
  }

  private mutating func schedule(isCalm: Bool) -> Schedule {
    let owner =
      isCalm || Int.random(in: 0..<4, using: &random) == 0 ? nil : "u\(Int.random(in: 0..<24, using: &random))"
    var schedule = Schedule(
      namespace: pick(Self.namespaces, isCalm ? 4 : nil), id: "s\(Int.random(in: 0..<20, using: &random))",
      userID: owner, eventType: "birthday", definitionJSON: rarely() ? #"{"at":"10:00"}"# : #"{"at":"09:00"}"#,
      queue: rarely() ? "high" : nil, timeZone: rarely() ? "Europe/Paris" : nil,
      catchUp: rarely() ? CatchUp(mode: .latest, window: .seconds(60)) : nil, state: rarely() ? .paused : .active,
      startAt: Timestamp(microseconds: 1_700_000_000_000_000))
    guard !isCalm else { return schedule }
    if rarely() { schedule.queue = "hihg" }
    if rarely() { schedule.state = .ended }
    if rarely() { schedule.isTest = true }
    if rarely() { schedule.definitionJSON = "{\u{0}}" }
    return schedule
  }
}

/// A generator with a seed, so that a failure can be run again (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
