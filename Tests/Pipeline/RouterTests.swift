import EventModel
import Testing

@testable import Pipeline

@Suite struct RouterTests {
  static func user(_ attributes: String) -> UserSnapshot {
    UserSnapshot(
      id: "ada", displayName: "Ada", givenName: "", familyName: "", nickname: "", locale: "", timeZone: "UTC",
      datesJSON: "{}", addressesJSON: #"{"email":"ada@example.org"}"#, attributesJSON: attributes, paused: false)
  }

  static func event(
    type: String = "birthday", namespace: String = "default", user: UserSnapshot? = user(#"{"team":"a"}"#)
  )
    -> LoadedEvent
  {
    var event = StartRuleTests.event()
    event.eventType = type
    event.namespace = namespace
    event.user = user
    return event
  }

  static func router(_ rows: [(type: String, filter: [String: String], sink: Int64)]) -> Router {
    Router(
      Routing(
        revision: 7,
        routes: rows.enumerated().map { index, row in
          Routing.Route(
            subscription: Subscription(
              namespace: "default", id: "s\(index)", eventType: row.type, sink: "sink-\(row.sink)", filter: row.filter),
            sink: SinkNumber(rawValue: row.sink))
        }))
  }

  static let table: [(filter: [String: String], matches: Bool)] = [
    ([:], true), (["user": "ada"], true), (["user": "bob"], false), (["schedule": "s"], true),
    (["schedule": "t"], false), (["queue": "critical"], true), (["queue": "low"], false),
    (["attributes.team": "a"], true), (["attributes.team": "b"], false), (["attributes.none": ""], false),
    (["user": "ada", "attributes.team": "a", "queue": "critical"], true),
    (["user": "ada", "attributes.team": "b"], false), (["colour": "red"], false),
  ]

  @Test(arguments: table.indices) func aFilterMatchesWhenAllOfItDoes(index: Int) {
    let (filter, matches) = Self.table[index]
    let targets = Self.router([("birthday", filter, 1)]).targets(of: Self.event()) { _ in true }
    #expect(targets.isEmpty == !matches)
  }

  @Test func everySinkIsNamedOnceAndOnlyWhereTypeQueueAndNamespaceAllow() {
    let router = Self.router([
      ("birthday", [:], 3), ("*", [:], 1), ("*", ["user": "ada"], 3), ("reminder", [:], 2), ("*", [:], 4),
    ])
    func numbers(_ event: LoadedEvent) -> [Int64] {
      router.targets(of: event) { $0 != "sink-4" }.map(\.sink.rawValue)
    }
    #expect(numbers(Self.event()) == [3, 1])
    #expect(numbers(Self.event(type: "reminder", user: nil)) == [1, 2])
    #expect(numbers(Self.event(namespace: "test")) == [])
  }

  @Test func anAddressIsThePersonsTheSinksOrMissing() {
    var sink = Sink(namespace: "default", name: "mail", plugin: "mail", configurationJSON: "{}")
    #expect(Address(of: Self.event(), for: sink) == .configured)
    sink.addressKind = "email"
    #expect(Address(of: Self.event(), for: sink) == .personal("ada@example.org"))
    sink.addressKind = "webhook"
    #expect(Address(of: Self.event(), for: sink) == .missing)
    #expect(Address(of: Self.event(user: nil), for: sink) == .missing)
  }
}

@Suite struct FlatJSONTests {
  @Test(arguments: [
    [:], ["a": "b"], ["": ""], ["quote\"": "back\\slash", "line\n": "tab\t\u{1}"], ["日本": "🎂", "é": "\u{7f}"],
  ])
  func whatIsWrittenIsReadBack(map: [String: String]) {
    let json = FlatJSON.object(map)
    for (name, value) in map { #expect(FlatJSON.value(name, in: json) == value) }
    #expect(FlatJSON.value("not there", in: json) == nil)
  }

  @Test(arguments: [
    ("{\"a\" : \"\\u00e9\\ud83c\\udf82\"}", "é🎂"), (" {\n\"b\":\"x\",\"a\":\"\\/\\b\\f\"} ", "/\u{8}\u{c}"),
  ])
  func escapesAndSpaceAreUnderstood(json: String, value: String) { #expect(FlatJSON.value("a", in: json) == value) }

  @Test(arguments: [
    "", "{", "[]", "{\"a\"", "{\"a\":", "{\"a\":1}", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":\"\\u12\"}",
    "{\"b\":\"c\" \"a\":\"d\"}",
  ])
  func whatIsMalformedAnswersNothing(json: String) { #expect(FlatJSON.value("a", in: json) == nil) }
}
