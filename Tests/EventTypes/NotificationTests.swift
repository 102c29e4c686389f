import NotificationPlugin
import Occasions
import PluginKit0
import Testing

@Suite struct NotificationTests {
  private let notification = Notification()

  @Test(arguments: [
    ("{\"title\":\"t\"}", "once @ 1000"), ("{\"text\":\"t\",\"key\":\"order-17\"}", "order-17 @ 1000"),
    ("{\"title\":\"t\",\"at\":\"1970-01-01T00:00:01Z\"}", "once @ 1000000000"),
    ("{\"title\":\"t\",\"at\":\"1970-01-01T02:00:01.5+02:00\"}", "once @ 1500000000"),
    ("{\"title\":\"t\",\"at\":\"1969-12-31t23:59:59.000000001z\"}", "once @ -999999999"),
    ("{\"title\":\"t\",\"at\":\"2026-05-04T09:00:00-00:30\"}", "once @ 1777887000000000000"),
    ("{\"title\":\"t\",\"at\":\"2026-05-04T09:00\"}", "once @ 2026-05-04T09:00:00"),
    ("{\"title\":\"t\",\"at\":\"2026-05-04T09:00:30\"}", "once @ 2026-05-04T09:00:30"),
  ])
  func itOccursOnce(definition: String, expected: String) throws {
    let definition = JSONText(definition)
    #expect(notification.faults(definition).isEmpty)
    let given = try notification.occurrences(definition, after: .start("2026-01-01T00:00"), max: 5)
    #expect(given.map(shown) == [expected])
    #expect(given.map(\.ordinal) == [1])
    let key = given.first?.key ?? ""
    #expect(try notification.occurrences(definition, after: .after("2026-01-01T00:00", key: key)).isEmpty)
  }

  @Test func aMomentThatIsPastAtTheStartIsGivenAllTheSame() throws {
    let definition: JSONText = #"{"title":"t","at":"2020-05-04T09:00"}"#
    #expect(
      try notification.shownOccurrences(definition, after: .start("2026-01-01T00:00"))
        == ["once @ 2020-05-04T09:00:00"])
    #expect(try notification.occurrences(definition, after: .after("2026-01-01T00:00", key: "", ordinal: 0)).isEmpty)
  }

  @Test(
    arguments: [
      ("{}", [" required"]), (#"{"html":"x"}"#, [" required"]), (#"{"title":1}"#, ["/title type"]),
      (#"{"title":"t","at":"tomorrow"}"#, ["/at format"]), (#"{"title":"t","at":"2026-05-04"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-02-30T09:00"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04T09:00Z"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04T09:00:00."}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04T09:00:00.5"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04T09:00:60Z"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04T09:00:00+24:00"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04T09:00:00+02:00x"}"#, ["/at format"]),
      (#"{"title":"t","at":"9999-05-04T09:00:00Z"}"#, ["/at format"]),
      (#"{"title":"t","at":"2026-05-04 09:00"}"#, ["/at format"]),
      (#"{"title":"t","key":""}"#, ["/key format"]), (#"{"title":"t","key":"a b"}"#, ["/key format"]),
      (#"{"title":"t","key":"é"}"#, ["/key format"]), (#"{"title":"t","data":[]}"#, ["/data type"]),
      (#"{"title":"{{#a}}","text":"{{>p}}"}"#, ["/title template", "/text template"]),
      (#"{"title":"t","when":1}"#, ["/when unknown"]),
    ] as [(JSONText, [String])])
  func everyFaultIsNamedWithItsPointer(definition: JSONText, faults: [String]) {
    #expect(notification.faults(definition) == faults)
  }

  @Test func keysHaveALength() {
    let longest = String(repeating: "k", count: 200)
    #expect(notification.faults(JSONText(#"{"title":"t","key":"\#(longest)"}"#)).isEmpty)
    #expect(notification.faults(JSONText(#"{"title":"t","key":"\#(longest)k"}"#)) == ["/key format"])
  }

  @Test func textsAreFilledInWithTheUsersNames() throws {
    let definition: JSONText =
      #"{"title":"Hello {{user.given_name}}","text":"{{data.n}} new{{^user.nickname}}!{{/user.nickname}}","html":"<b>{{user.given_name}}</b>","data":{"n":3,"list":[1],"deep":{"x":null}}}"#
    let user: JSONText = #"{"id":"a","given_name":"<Ada>"}"#
    let message = try notification.render(event(key: "once", definition: definition, user: user))
    #expect(message.title == "Hello <Ada>")
    #expect(message.text == "3 new!")
    #expect(message.html == "<b>&lt;Ada&gt;</b>")
    #expect(message.data == #"{"n":3,"list":[1],"deep":{"x":null}}"#)
    #expect(message.contentType == "application/json")
  }

  @Test func withoutAUserNamesAreEmpty() throws {
    let message = try notification.render(
      event(key: "once", definition: #"{"title":"Hello {{user.given_name}}"}"#, user: "{}"))
    #expect(message.title == "Hello")
    #expect(message.text == "Hello")
    #expect(message.data.isEmpty && message.contentType.isEmpty && message.html.isEmpty)
  }

  @Test func theFirstLineStandsForAMissingTitle() throws {
    let message = try notification.render(event(key: "once", definition: #"{"text":"\none\ntwo"}"#))
    #expect(message.title == "one")
    #expect(message.text == "\none\ntwo")
  }

  @Test func theManifestIsJSON() throws {
    #expect(try JSONValue(parsing: Notification.manifest).object?["name"] == "notification")
  }
}
