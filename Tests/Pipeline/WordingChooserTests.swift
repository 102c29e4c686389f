import EventModel
import Synchronization
import Testing

@testable import Pipeline

@Suite struct WordingChooserTests {
  static let english = BuiltInWording(takesTemplates: true, locale: "en")
  static let german = MessageTemplate(
    namespace: "default", id: "german", eventType: "birthday", locale: "de", title: "Gl\u{fc}ckwunsch \"{{name}}\"",
    html: "<b>")

  static func event(
    locale: String?, definition: String = "{}", eventType: String = "birthday", namespace: String = "default"
  ) -> LoadedEvent {
    var event = StartRuleTests.event()
    event.eventType = eventType
    event.namespace = namespace
    event.definitionJSON = definition
    event.user = locale.map {
      UserSnapshot(
        id: "u", displayName: "", givenName: "", familyName: "", nickname: "", locale: $0, timeZone: "UTC",
        datesJSON: "{}", addressesJSON: "{}", attributesJSON: "{}", paused: false)
    }
    return event
  }

  static let own = #"{"templates": {"title": "Hi"}}"#
  static let parts = "{\"html\":\"<b>\",\"title\":\"Gl\u{fc}ckwunsch \\\"{{name}}\\\"\"}"

  /// The event, the templates as they are handed on, and whether its reader's language is not what it gets.
  static let table: [(LoadedEvent, templates: String, isFallback: Bool)] = [
    (event(locale: nil), "", false),
    (event(locale: ""), "", false),
    (event(locale: "en-GB"), "", false),
    (event(locale: "de"), parts, false),
    (event(locale: "de-AT"), parts, false),
    (event(locale: "fr"), "", true),
    (event(locale: "de", definition: own), "", false),
    (event(locale: "fr", definition: own), "", false),
    (event(locale: "fr", definition: #"{"templates": {}}"#), "", true),
    (event(locale: "de", namespace: "other"), "", true),
    (event(locale: "de", eventType: "plain"), "", false),
  ]

  private static func chooser(_ templates: [MessageTemplate] = [german]) -> WordingChooser {
    WordingChooser(WordingTable(templates), sink: "hook") { $0 == "birthday" ? english : .none }
  }

  @Test(arguments: table.indices) func anEventGetsTheWordsForItsReader(row: Int) {
    let (event, templates, isFallback) = Self.table[row]
    var chooser = Self.chooser()
    for _ in 0..<2 {
      let words = chooser.choose(event)
      #expect(words.templatesJSON == templates)
      #expect((words.fallback != nil) == isFallback)
    }
  }

  @Test func whatWasChosenBeforeChangesNothing() {
    var chooser = Self.chooser()
    for _ in 0..<3 {
      for (event, templates, isFallback) in Self.table {
        let words = chooser.choose(event)
        #expect(words.templatesJSON == templates && (words.fallback != nil) == isFallback)
      }
    }
  }

  @Test func anEventTypeIsAskedOnceForItsWords() {
    let asked = Mutex(0)
    var chooser = WordingChooser(WordingTable(), sink: "hook") { _ in
      asked.withLock { $0 += 1 }
      return Self.english
    }
    for locale in ["de", "en", "fr", "de"] { _ = chooser.choose(Self.event(locale: locale)) }
    #expect(asked.withLock { $0 } == 1)
  }

  /// Texts as people write them, and whether their object has own words.
  static let definitions: [(String, Bool)] = [
    (#"{}"#, false), (#"{"templates":{}}"#, false), (#"{"templates":null}"#, false), (#"{"templates": ""}"#, false),
    (#"{"templates":[ ]}"#, false), (#"{"templates":false}"#, false),
    (#"{"templates":{"title":"x"}}"#, true), (#" { "a" : 1.5e3 , "templates" : { "text" : "" } } "#, true),
    (#"{"a":{"templates":{"title":"x"}}}"#, false),
    (#"{"a":"\"templates\":{\"title\":1}","b":[{"templates":[1]}]}"#, false),
    (#"{"a":[[{"b":"]}"}],{}],"templates":{"title":"x"}}"#, true), (#"{"\u0074emplates":{"title":"x"}}"#, true),
    (#"{"a":"\\","templates":{"t":1}}"#, true), (#"{"a":true,"b":null,"c":-1,"templates":"x"}"#, true),
    (#"{"a":"x"#, false), (#"{"a":{"#, false), (#"{"templates":{"#, true), (#"[{"templates":{"t":1}}]"#, false),
    ("", false), (#"{"a":1,"#, false), (#"{"a"}"#, false),
    (String(repeating: #"{"a":"#, count: 60_000), false),
  ]

  @Test(arguments: definitions.indices) func onlyAnObjectsOwnMemberCounts(row: Int) {
    let (json, expected) = Self.definitions[row]
    #expect(Wording.hasOwnWords(json) == expected, "\(json.prefix(80))")
  }
}

@Suite struct TestMarkTests {
  static func title(_ title: String) -> String { TestMark.mark(Message(title: title, text: "x")).title }

  @Test func aTestIsMarkedOnce() {
    #expect(Self.title("Happy birthday!") == "[Test] Happy birthday!")
    #expect(Self.title(Self.title("Happy birthday!")) == "[Test] Happy birthday!")
    #expect(Self.title("") == "[Test] ")
  }

  @Test func aLongTitleStaysWithinTheBoundAndIsCutBetweenCharacters() {
    for title in [String(repeating: "x", count: 1_024), String(repeating: "\u{1f468}\u{200d}\u{1f469}", count: 95)] {
      let marked = Self.title(title)
      #expect(marked.utf8.count <= 1_024 && marked.utf8.count > 1_000)
      #expect(marked.hasPrefix("[Test] ") && marked.hasSuffix("\u{2026}"))
      #expect(title.hasPrefix(marked.dropFirst(7).dropLast()))
    }
    #expect(Self.title(String(repeating: "x", count: 1_017)).utf8.count == 1_024)
  }
}
