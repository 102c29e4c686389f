import EventModel
import Testing

@Suite struct WordingTests {
  static let english = BuiltInWording(takesTemplates: true, locale: "en")
  static let table = WordingTable([
    template("any"), template("de", locale: "de"), template("pt", locale: "pt"), template("pt-br", locale: "pt-BR"),
    template("mail", sink: "mail"), template("de-mail", locale: "de", sink: "mail"),
    template("other-type", type: "anniversary", locale: "fr"),
  ])

  static func template(
    _ id: String, type: String = "birthday", locale: String = "", sink: String = ""
  ) -> MessageTemplate {
    MessageTemplate(namespace: "default", id: id, eventType: type, locale: locale, sink: sink, text: id)
  }

  static func choose(
    _ locale: String, _ sink: String = "chat", in table: WordingTable = table, own: Bool = false,
    builtIn: BuiltInWording = english
  ) -> Wording {
    table.choose(
      namespace: "default", eventType: "birthday", locale: locale, sink: sink, hasOwnWords: own, builtIn: builtIn)
  }

  @Test(
    "the best fit of the language wins, and of two that fit alike the one for the sink",
    arguments: [
      ("pt-BR", "chat", "pt-br"), ("pt-br", "chat", "pt-br"), ("pt_BR.UTF-8", "chat", "pt-br"), ("pt-PT", "chat", "pt"),
      ("pt", "chat", "pt"), ("de-AT", "chat", "de"), ("de-AT", "mail", "de-mail"), ("fr", "chat", "any"),
      ("fr", "mail", "mail"), ("", "chat", "any"), ("", "mail", "mail"), ("d", "chat", "any"), ("dee", "chat", "any"),
    ])
  func choice(_ locale: String, _ sink: String, _ id: String) throws {
    guard case .template(let template) = Self.choose(locale, sink).source else {
      Issue.record("no template for \(locale)")
      return
    }
    #expect(template.id == id)
  }

  @Test("a schedule's own words go before all others, and are no fallback")
  func own() {
    #expect(Self.choose("fr", own: true) == Wording(source: .schedule, locale: "", fallback: nil))
    #expect(Self.choose("fr", builtIn: .none) == Wording(source: .schedule, locale: "", fallback: nil))
  }

  @Test("whoever gets another language than it wants is told so, and nobody else")
  func fallback() throws {
    let some = WordingTable([Self.template("de", locale: "de")])
    let french = Self.choose("fr-CA", in: some)
    #expect(french.source == .builtIn && french.locale == "en")
    #expect(try #require(french.fallback).contains("fr-CA"))
    for locale in ["", "en", "en-GB", "de", "de-CH", "not a locale"] {
      #expect(Self.choose(locale, in: some).fallback == nil, "\(locale)")
    }
    #expect(Self.choose("fr").fallback == nil, "a template for any language is meant for all")
    let unknown = BuiltInWording(takesTemplates: true, locale: "")
    #expect(Self.choose("fr", in: some, builtIn: unknown).fallback == nil, "the words are the definition's")
  }

  @Test("templates of another namespace or event type do not count")
  func scope() {
    let wording = Self.table.choose(
      namespace: "test", eventType: "birthday", locale: "de", sink: "mail", hasOwnWords: false, builtIn: Self.english)
    #expect(wording.source == .builtIn)
  }

  @Test(
    "a template names what is wrong with it",
    arguments: [
      (MessageTemplate(namespace: "default", id: "a", eventType: "birthday"), "text"),
      (MessageTemplate(namespace: "default", id: "a", eventType: "birthday", locale: "d!", text: "x"), "locale"),
      (MessageTemplate(namespace: "default", id: "a", eventType: "birthday", locale: "x", text: "x"), "locale"),
      (MessageTemplate(namespace: "default", id: "", eventType: "birthday", text: "x"), "id"),
      (MessageTemplate(namespace: "default", id: "a", eventType: "", text: "x"), "event_type"),
      (MessageTemplate(namespace: "default", id: "a", eventType: "birthday", sink: "A B", text: "x"), "sink"),
      (
        MessageTemplate(namespace: "default", id: "a", eventType: "b", html: String(repeating: "x", count: 16_385)),
        "html"
      ),
    ])
  func check(_ template: MessageTemplate, _ field: String) {
    let error = #expect(throws: ModelError.self) { try template.check() }
    #expect(error?.violations.map(\.field) == [field])
  }

  @Test("an exception's key and reason are bounded")
  func exception() throws {
    try OccurrenceException(key: "2027-05-04", action: .skip, reason: "on holiday").check()
    let error = #expect(throws: ModelError.self) {
      try OccurrenceException(key: "a b", action: .skip, reason: String(repeating: "é", count: 251)).check()
    }
    #expect(error?.violations.map(\.field) == ["occurrence_key", "reason"])
  }
}
