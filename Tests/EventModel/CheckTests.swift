import EventModel
import Testing

@Suite struct CheckTests {
  private func fields(_ body: () throws(ModelError) -> Void) -> [String] {
    do {
      try body()
      return []
    } catch {
      return error.violations.map(\.field)
    }
  }

  @Test(
    "ids allow what people's other systems call things",
    arguments: ["a", "A.b_c~d:e@f+g-0", String(repeating: "x", count: 128)])
  func goodID(_ id: String) {
    #expect(fields { () throws(ModelError) in try Names.checkID(id, field: "id") } == [])
  }

  @Test(
    "an id that could break a path or a line is refused",
    arguments: ["", "a b", "a/b", "ä", "a\n", "a\0", String(repeating: "x", count: 129)])
  func badID(_ id: String) {
    #expect(fields { () throws(ModelError) in try Names.checkID(id, field: "user_id") } == ["user_id"])
  }

  @Test(
    "names are short and in lower case",
    arguments: [("a", true), ("0-a", true), ("-a", false), ("A", false), ("", false), ("a_b", false)])
  func names(_ name: String, _ isGood: Bool) {
    #expect(fields { () throws(ModelError) in try Names.checkName(name, field: "name") }.isEmpty == isGood)
  }

  @Test("keys are printable", arguments: [("2027-01-01+fold", true), ("a b", false), ("", false), ("é", false)])
  func keys(_ key: String, _ isGood: Bool) {
    #expect(fields { () throws(ModelError) in try Names.checkKey(key, field: "key") }.isEmpty == isGood)
  }

  @Test("the standard queues pass their own check, and share out what an agent has")
  func standardQueues() {
    for queue in Queue.standard { #expect(fields { () throws(ModelError) in try queue.check() } == []) }
    #expect(Queue.standard.reduce(0) { $0 + $1.reserve } <= Queue.maximumInFlight)
    #expect(Queue.standardName(eventType: "birthday") == "critical")
    #expect(Queue.standardName(eventType: "something-else") == "low")
  }

  @Test("a queue names every limit that is out of bounds at once")
  func badQueue() {
    var queue = Queue.low
    queue.name = "Low"
    queue.priority = 0
    queue.reserve = -1
    queue.weight = 0
    queue.batch = 1_001
    queue.ratePerSecond = .nan
    queue.sendDeadline = .zero
    queue.retry = RetryPolicy(attempts: 0, base: .zero, cap: .hours(25))
    queue.expiresAfter = .zero
    #expect(
      fields { () throws(ModelError) in try queue.check() } == [
        "name", "priority", "reserve", "weight", "batch", "rate_per_second", "send_deadline", "retry.attempts",
        "retry.base", "retry.cap", "expires_after",
      ])
  }

  @Test(
    "partial dates exist",
    arguments: [
      ("2000-02-29", true), ("--02-29", true), ("1999-02-29", false), ("1900-02-29", false), ("--02-30", false),
      ("2027-04-31", false), ("2027-13-01", false), ("2027-00-01", false), ("0000-01-01", false), ("2027-1-1", false),
      ("--1231", false), ("", false), ("２０２７-01-01", false),
    ])
  func dates(_ text: String, _ isGood: Bool) {
    #expect(PartialDate.isValid(text) == isGood)
  }

  @Test("a user names every field at fault")
  func user() {
    var user = User(namespace: "default", id: "", displayName: String(repeating: "x", count: 1_025))
    user.dates = ["birth": "yesterday"]
    user.addresses = ["": "a"]
    user.attributes = Dictionary(uniqueKeysWithValues: (0..<65).map { ("k\($0)", "v") })
    #expect(
      fields { () throws(ModelError) in try user.check() } == [
        "id", "display_name", "addresses.", "attributes", "dates.birth",
      ])
  }

  @Test("a subscription's filter has known keys")
  func filter() {
    var subscription = Subscription(namespace: "default", id: "s", eventType: "*", sink: "hook")
    subscription.filter = ["user": "a", "schedule": "b", "queue": "c", "attributes.team": "d"]
    #expect(fields { () throws(ModelError) in try subscription.check() } == [])
    subscription.filter = ["attributes.": "a", "sink": "b"]
    #expect(fields { () throws(ModelError) in try subscription.check() } == ["filter.attributes.", "filter.sink"])
  }

  @Test("time arithmetic saturates, and minutes round down before 1970 too")
  func time() {
    let end = Timestamp(microseconds: .max)
    #expect(end + .hours(1) == end)
    #expect(Timestamp(microseconds: .min) - .hours(1) == Timestamp(microseconds: .min))
    #expect(Timestamp(seconds: .max) == end)
    #expect(TimeSpan.hours(.max).microseconds == .max)
    #expect(Timestamp(seconds: -1).minute == Timestamp(seconds: -60))
    #expect(Timestamp(microseconds: -1).seconds == -1)
    #expect(Timestamp(seconds: 119).minute == Timestamp(seconds: 60))
  }
}
