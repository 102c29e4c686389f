import AnniversaryPlugin
import PluginKit0
import Testing

@Suite struct AnniversaryRenderTests {
  private let anniversary = Anniversary()

  private static let ada = #"{"id":"a","display_name":"Ada","dates":{"work":"2021-05-04","wedding":"2016-05-04"}}"#
  private static let couple =
    #"{"id":"ab","display_name":"Ada and Bob","dates":{"wedding":"2016-05-04","anniversary":"--05-04"}}"#

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let definition: JSONText
    var user = AnniversaryRenderTests.ada
    var key = "2026-05-04"
    let title: String
    let text: String
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(
      name: "a wedding", definition: #"{"of":"wedding"}"#, user: couple,
      title: "Happy 10th wedding anniversary, Ada and Bob!",
      text: "Happy 10th wedding anniversary, Ada and Bob! 10 years today."),
    Case(
      name: "a wedding soon", definition: #"{"of":"wedding"}"#, user: couple, key: "2026-05-04-1d",
      title: "Ada and Bob's 10th wedding anniversary is tomorrow",
      text: "Ada and Bob's 10th wedding anniversary is tomorrow, on Monday 4 May."),
    Case(
      name: "the first day at work, soon", definition: #"{"of":"work"}"#, key: "2026-05-04-7d",
      title: "Ada's 5th work anniversary is in 7 days",
      text: "Ada's 5th work anniversary is in 7 days, on Monday 4 May."),
    Case(
      name: "the first day at work, by a longer name",
      definition: #"{"of":"first_day-at_Work","since":"2025-05-04"}"#,
      title: "Happy 1st work anniversary, Ada!", text: "Happy 1st work anniversary, Ada! One year today."),
    Case(
      name: "of nobody", definition: #"{"since":"2015-05-04","title":"anniversary of Acme"}"#, user: "{}",
      title: "Happy 11th anniversary of Acme!", text: "Happy 11th anniversary of Acme! 11 years today."),
    Case(
      name: "of nobody, soon", definition: #"{"since":"1026-05-04","of":"founding"}"#, user: "{}",
      key: "2026-05-04-2d",
      title: "The 1,000th founding anniversary is in 2 days",
      text: "The 1,000th founding anniversary is in 2 days, on Monday 4 May."),
    Case(
      name: "without a year", definition: "{}", user: couple, title: "Happy anniversary, Ada and Bob!",
      text: "Happy anniversary, Ada and Bob!"),
    Case(
      name: "without a year, soon, of nobody", definition: #"{"since":"--05-04"}"#, user: "{}", key: "2026-05-04-30d",
      title: "The anniversary is in 30 days", text: "The anniversary is in 30 days, on Monday 4 May."),
    Case(
      name: "a title of one's own", definition: #"{"of":"wedding","title":"year as a pair"}"#,
      title: "Happy 10th year as a pair, Ada!", text: "Happy 10th year as a pair, Ada! 10 years today."),
    Case(
      name: "a birth", definition: #"{"of":"birth","since":"2008-05-04"}"#, key: "2026-05-04-7d",
      title: "Ada's 18th birthday is in 7 days", text: "Ada's 18th birthday is in 7 days, on Monday 4 May."),
    Case(
      name: "a day on which nobody is called happy", definition: #"{"of":"mother_death","since":"2016-05-04"}"#,
      title: "Ada's 10th mother death anniversary is today",
      text: "Ada's 10th mother death anniversary is today, Monday 4 May."),
    Case(
      name: "a solemn title", definition: #"{"since":"2016-05-04","title":"Day of Remembrance"}"#, user: "{}",
      title: "The 10th Day of Remembrance is today", text: "The 10th Day of Remembrance is today, Monday 4 May."),
    Case(
      name: "a date erased since", definition: #"{"of":"engagement"}"#, title: "Happy engagement anniversary, Ada!",
      text: "Happy engagement anniversary, Ada!"),
    Case(
      name: "a name that has the word already", definition: #"{"of":"silver anniversary","since":"2016-05-04"}"#,
      title: "Happy 10th silver anniversary, Ada!", text: "Happy 10th silver anniversary, Ada! 10 years today."),
  ])
  func theBuiltInEnglish(item: Case) throws {
    let message = try anniversary.render(
      event(key: item.key, definition: item.definition, user: JSONText(item.user)))
    #expect(message.title == item.title)
    #expect(message.text == item.text)
    #expect(message.html == "<p>\(item.text.replacing("'", with: "&#39;"))</p>")
  }

  @Test func theDataAreForMachines() throws {
    let user = JSONText(Self.couple)
    let known = try anniversary.render(event(key: "2026-05-04-7d", definition: #"{"of":"wedding"}"#, user: user))
    #expect(known.data == #"{"years":10,"date":"2026-05-04","lead_days":7,"name":"wedding"}"#)
    #expect(known.contentType == "application/json")
    let unknown = try anniversary.render(event(key: "2026-05-04", user: user))
    #expect(unknown.data == #"{"date":"2026-05-04","lead_days":0,"name":"anniversary"}"#)
  }

  @Test func theYearsAreOfTheDateCelebratedNotOfTheDayItIsSaid() throws {
    let message = try anniversary.render(
      event(key: "2027-01-03-7d", definition: #"{"since":"2017-01-03"}"#, user: "{}", local: "2026-12-27T09:00"))
    #expect(message.text == "The 10th anniversary is in 7 days, on Sunday 3 January.")
  }

  @Test func templatesKnowTheNamesOfTheREADME() throws {
    let template = #"""
      {{years}}|{{years_text}}|{{years_article}} {{years_ordinal}}|{{occasion}}|{{name}}|{{date}}|{{date_text}}|\#
      {{day_text}}|{{weekday}}|{{lead_days}}|{{lead_text}}|{{#has_lead}}soon{{/has_lead}}|{{title}}|{{user.name}}
      """#
    let message = try anniversary.render(
      event(
        key: "2026-05-04-7d", definition: #"{"since":"2008-05-04","of":"work"}"#, user: JSONText(Self.ada),
        templates: JSONText(#"{"text":"\#(template)"}"#)))
    #expect(
      message.text
        == "18|18 years|an 18th|work anniversary|work|2026-05-04|4 May 2026|4 May|Monday|7|in 7 days|soon"
        + "|Ada's 18th work anniversary is in 7 days|Ada")
  }

  @Test func theDefinitionsTemplatesGoBeforeTheHosts() throws {
    let message = try anniversary.render(
      event(
        key: "2026-05-04", definition: #"{"since":"2016-05-04","templates":{"title":"{{years}}!"}}"#,
        templates: #"{"title":"no","text":"{{years_text}}"}"#))
    #expect(message.title == "10!")
    #expect(message.text == "10 years")
  }

  @Test func aNameCannotBreakTheTitleOrTheHTML() throws {
    let user: JSONText = #"{"id":"u","display_name":"Eve\r\nBcc: all <script>alert(1)</script>"}"#
    let message = try anniversary.render(event(key: "2026-05-04", definition: #"{"of":"<b>"}"#, user: user))
    #expect(message.title == "Happy <b> anniversary, Eve Bcc: all <script>alert(1)</script>!")
    #expect(!message.html.contains("<script") && !message.html.contains("<b>"))
  }

  @Test(arguments: ["", "once", "2026-02-30", "2026-05-04-"])
  func aKeyThatIsNotOursIsAnError(key: String) throws {
    let error = #expect(throws: PluginError.self) { try anniversary.render(event(key: key)) }
    #expect(error?.status == .invalid)
  }
}
