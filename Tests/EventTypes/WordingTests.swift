import BirthdayPlugin
import NotificationPlugin
import Occasions
import PluginKit0
import Testing

/// Which words win: the definition's, the host's, the built-in ones.
@Suite struct WordingTests {
  private let birthday = Birthday(today: { CivilDate.max })
  private let notification = Notification()

  private func greeting(_ own: String, _ host: JSONText) throws -> Message {
    try birthday.render(
      event(key: "2026-05-04", definition: JSONText(#"{"born":"2000-05-04"\#(own)}"#), templates: host))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var own = ""
    let host: JSONText
    var title = "Happy birthday, Ada!"
    var text = "Happy birthday, Ada! 26 today."
    var html = "<p>Happy birthday, Ada! 26 today.</p>"
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "none", host: ""), Case(name: "an empty document", host: "{}"),
    Case(name: "empty parts", host: #"{"title":"","text":"","html":""}"#),
    Case(name: "the host's title", host: #"{"title":"{{age_ordinal}}"}"#, title: "26th"),
    Case(
      name: "HTML is made of the host's text", host: #"{"text":"{{user.name}} <3\n\nbye"}"#, text: "Ada <3\n\nbye",
      html: "<p>Ada &lt;3</p><p>bye</p>"),
    Case(name: "the host's HTML alone", host: #"{"html":"<b>{{user.name}}</b>"}"#, html: "<b>Ada</b>"),
    Case(
      name: "the definition goes first, part by part", own: #","templates":{"title":"mine"}"#,
      host: #"{"title":"yours","text":"your text"}"#, title: "mine", text: "your text", html: "<p>your text</p>"),
    Case(
      name: "the host's HTML never stands beside the definition's text", own: #","templates":{"text":"mine"}"#,
      host: #"{"title":"yours","html":"<b>yours</b>"}"#, title: "yours", text: "mine", html: "<p>mine</p>"),
    Case(
      name: "the definition's HTML", own: #","templates":{"html":"<i>mine</i>"}"#, host: #"{"html":"<b>yours</b>"}"#,
      html: "<i>mine</i>"),
    Case(
      name: "a fault of a part that is not used does not count", own: #","templates":{"title":"mine"}"#,
      host: #"{"title":"{{#a}}"}"#, title: "mine"),
    Case(
      name: "templates can wrap the built-in words", host: #"{"title":"🎂 {{title}}","html":"<div>{{{html}}}</div>"}"#,
      title: "🎂 Happy birthday, Ada!", html: "<div><p>Happy birthday, Ada! 26 today.</p></div>"),
  ])
  func eachPartHasItsSource(item: Case) throws {
    let message = try greeting(item.own, item.host)
    #expect(message.title == item.title)
    #expect(message.text == item.text)
    #expect(message.html == item.html)
    #expect(message.data == #"{"age":26,"date":"2026-05-04","lead_days":0}"#)
  }

  @Test(
    arguments: [
      (#"{"title":"{{#a}}"}"#, ["/templates/title template"]),
      (#"{"title":"{{#a}}","text":"ok","html":"{{>p}}"}"#, ["/templates/title template", "/templates/html template"]),
      (#"{"text":7}"#, ["/templates/text type"]), ("[]", ["/templates type"]), ("{", ["/templates type"]),
    ] as [(JSONText, [String])])
  func aTemplateThatCannotBeRenderedIsAnErrorThatNamesIt(host: JSONText, faults: [String]) throws {
    let definition: JSONText = #"{"born":"2000-05-04","title":"t"}"#
    for render in [
      { try birthday.render(event(key: "2026-05-04", templates: host)) },
      { try notification.render(event(key: "once", definition: definition, templates: host)) },
    ] {
      let error = #expect(throws: PluginError.self) { try render() }
      #expect(error?.status == .invalid)
      #expect(error?.violations.map { "\($0.pointer) \($0.code)" } == faults)
      #expect(error?.message.isEmpty == false)
    }
  }

  @Test func aNotificationIsWrapped() throws {
    let definition: JSONText = #"{"title":"Tea & {{user.name}}","text":"At four","html":"<b>{{user.name}}</b>"}"#
    let user: JSONText = #"{"id":"a","display_name":"O'Neill"}"#
    let message = try notification.render(
      event(
        key: "once", definition: definition, user: user,
        templates: #"{"title":"⏰ {{title}}","text":"{{text}}\n-- {{user.id}}","html":"<h1>{{title}}</h1>{{{html}}}"}"#))
    #expect(message.title == "⏰ Tea & O'Neill")
    #expect(message.text == "At four\n-- a")
    #expect(message.html == "<h1>Tea &amp; O&#39;Neill</h1><b>O&#39;Neill</b>")
  }

  @Test func aPartThatTheTemplateDoesNotNameStaysTheNotifications() throws {
    let definition: JSONText = #"{"title":"t","text":"x","html":"<b>x</b>"}"#
    let message = try notification.render(
      event(key: "once", definition: definition, templates: #"{"title":"⏰ {{title}}"}"#))
    #expect(message.title == "⏰ t")
    #expect(message.text == "x")
    #expect(message.html == "<b>x</b>")
  }

  @Test func wordsAreWrappedWholeAndHTMLStandsInHTMLOnly() throws {
    let long = String(repeating: "é", count: 5_000)
    let templates: JSONText = #"""
      {"title":"[{{{html}}}{{^html}}none{{/html}}]","text":"{{text}}!","html":"{{html}}{{uppercased(html)}}"}
      """#
    let definition = JSONText(#"{"text":"\#(long)","html":"<i>a</i>"}"#)
    let message = try notification.render(event(key: "once", definition: definition, templates: templates))
    #expect(message.title == "[none]")
    #expect(message.text == long + "!")
    #expect(message.html == "<i>a</i>")
  }

  @Test func wrappingCannotMakeAMessageEndless() throws {
    let text = String(repeating: "x", count: 10_000)
    let error = #expect(throws: PluginError.self) {
      try notification.render(
        event(
          key: "once", definition: JSONText(#"{"text":"\#(text)"}"#),
          templates: JSONText(#"{"text":"\#(String(repeating: "{{text}}", count: 200))"}"#)))
    }
    #expect(error?.violations.map { "\($0.pointer) \($0.code)" } == ["/templates/text length"])
  }

  @Test func titlesFromTheHostAreOneLineAndBounded() throws {
    let long = String(repeating: "t", count: 2_000)
    #expect(try greeting("", JSONText(#"{"title":"a\r\nb"}"#)).title == "a b")
    #expect(try greeting("", JSONText(#"{"title":"\#(long)"}"#)).title.utf8.count == TemplateRenderer.maxTitleBytes)
  }

  @Test(arguments: [
    ("", ""), ("one", "<p>one</p>"), ("a\nb", "<p>a<br>b</p>"), ("a\r\nb", "<p>a<br>b</p>"),
    ("\na\n\n\nb & c\n", "<p>a</p><p>b &amp; c</p>"), ("\n\n", ""), ("a\u{2028}b", "<p>a<br>b</p>"),
    ("é’s", "<p>é’s</p>"),
  ])
  func textBecomesParagraphs(text: String, html: String) {
    #expect(text.asHTMLParagraphs == html)
  }
}
