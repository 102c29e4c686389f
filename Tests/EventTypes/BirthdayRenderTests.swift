import BirthdayPlugin
import Occasions
import PluginKit0
import Testing

@Suite struct BirthdayRenderTests {
  private let birthday = Birthday(today: { CivilDate.max })

  @Test(
    arguments: [
      ("2026-05-04", #"{"born":"2000-05-04"}"#, "Happy birthday, Ada!", "Happy birthday, Ada! 26 today."),
      ("2026-05-04", #"{"born":"--05-04"}"#, "Happy birthday, Ada!", "Happy birthday, Ada!"),
      (
        "2026-05-04-7d", #"{"born":"2000-05-04"}"#, "Ada's birthday is in 7 days", "Ada turns 26 in 7 days, on 4 May."
      ),
      ("2026-05-04-1d", #"{"born":"2000-05-04"}"#, "Ada's birthday is tomorrow", "Ada turns 26 tomorrow, on 4 May."),
      (
        "2026-05-04-7d", #"{"born":"--05-04"}"#, "Ada's birthday is in 7 days",
        "Ada's birthday is in 7 days, on 4 May."
      ),
    ] as [(String, JSONText, String, String)])
  func defaultEnglish(key: String, definition: JSONText, title: String, text: String) throws {
    let message = try birthday.render(event(key: key, definition: definition))
    #expect(message.title == title)
    #expect(message.text == text)
    #expect(message.html == "<p>\(text.escapedForHTML)</p>")
  }

  @Test func theDataAreForMachines() throws {
    let known = try birthday.render(event(key: "2026-05-04-7d", definition: #"{"born":"2000-05-04"}"#))
    #expect(known.data == #"{"age":26,"date":"2026-05-04","lead_days":7}"#)
    #expect(known.contentType == "application/json")
    let unknown = try birthday.render(event(key: "2026-05-04", definition: #"{"born":"--05-04"}"#))
    #expect(unknown.data == #"{"date":"2026-05-04","lead_days":0}"#)
  }

  @Test func theAgeIsOfTheDateCelebratedNotOfTheDayItIsSaid() throws {
    let user: JSONText = #"{"id":"a","dates":{"birth":"2000-01-03"}}"#
    let message = try birthday.render(event(key: "2027-01-03-7d", user: user, local: "2026-12-27T09:00"))
    #expect(message.text == "a turns 27 in 7 days, on 3 January.")
  }

  @Test(
    arguments: [
      (#"{"id":"u1"}"#, "u1"), (#"{"id":"u1","given_name":"Grace"}"#, "Grace"),
      (#"{"id":"u1","given_name":"Grace","display_name":"Amazing Grace"}"#, "Amazing Grace"),
      (#"{"id":"u1","display_name":""}"#, "u1"), (#"{"id":"u1","display_name":"שרה"}"#, "\u{2068}שרה\u{2069}"),
      (#"{"id":"u1","display_name":"さくら"}"#, "さくら"),
    ] as [(JSONText, String)])
  func aMissingNameFallsBack(user: JSONText, name: String) throws {
    #expect(try birthday.render(event(key: "2026-05-04", user: user)).title == "Happy birthday, \(name)!")
  }

  @Test func withoutAUserThereIsStillAMessage() throws {
    #expect(try birthday.render(event(key: "2026-05-04", user: "{}")).title == "Happy birthday!")
    for (born, article) in [("2000", "A 26th"), ("2008", "An 18th"), ("2018", "An 8th"), ("1946", "An 80th")] {
      let lead = try birthday.render(
        event(key: "2026-05-04-3d", definition: JSONText(#"{"born":"\#(born)-05-04"}"#), user: "{}"))
      #expect(lead.text == "\(article) birthday is in 3 days, on 4 May.")
    }
  }

  @Test func aNameCannotBreakTheTitleOrTheHTML() throws {
    let user: JSONText = #"{"id":"u","display_name":"Eve\r\nBcc: all <script>alert(1)</script>"}"#
    let message = try birthday.render(event(key: "2026-05-04", user: user))
    #expect(message.title == "Happy birthday, Eve Bcc: all <script>alert(1)</script>!")
    #expect(!message.html.contains("<script"))
    #expect(message.html.contains("&lt;script&gt;"))
  }

  @Test func templatesReplaceWhatTheyName() throws {
    let definition: JSONText = #"""
      {"born":"2000-05-04","templates":{
        "title":"{{uppercased(user.given_name)}}\r\n{{age_ordinal}}",
        "text":"{{user.name}} is {{age}} on {{date_text}} ({{event.local_time}} {{event.time_zone}}){{#has_lead}}, {{lead_text}}{{/has_lead}}{{^user.nickname}}.{{/user.nickname}}"}}
      """#
    let user: JSONText = #"{"id":"a","display_name":"Ada L.","given_name":"Ada"}"#
    let message = try birthday.render(event(key: "2026-05-04-2d", definition: definition, user: user))
    #expect(message.title == "ADA 26th")
    #expect(message.text == "Ada L. is 26 on 4 May 2026 (09:00 Europe/London), in 2 days.")
    #expect(message.html == "<p>\(message.text)</p>")
  }

  @Test func aDateErasedSinceLeavesTheGreeting() throws {
    #expect(try birthday.render(event(key: "2026-05-04")).text == "Happy birthday, Ada!")
  }

  @Test(arguments: ["", "once", "2026-02-30", "2026-05-04-"])
  func aKeyThatIsNotOursIsAnError(key: String) throws {
    let error = #expect(throws: PluginError.self) { try birthday.render(event(key: key)) }
    #expect(error?.status == .invalid)
  }
}
