import PluginKit0
import ReminderPlugin
import Testing

@Suite struct RenderTests {
  private let reminder = Reminder(host: ZoneHost.host())

  private func message(
    _ definition: JSONText, key: String = "2026-11-23T09:30", templates: JSONText = "", user: JSONText = "{}"
  ) throws -> Message {
    let date = CivilDate(year: 2026, month: 11, day: 23) ?? .min
    return try reminder.render(
      Event(
        id: "e", type: "reminder", scheduleID: "s", occurrenceKey: key, timeZone: "Europe/Berlin", user: user,
        definition: definition, local: Civil(date, .nineOClock), dueNanoseconds: 0, templates: templates))
  }

  @Test func theDefinitionsOwnWords() throws {
    let message = try self.message(
      #"{"title":"Stand-up","text":"{{start_text}}, {{lead_text}}, {{user.name}}","start":"2026-11-23T09:30"}"#,
      key: "2026-11-23T09:30-15m", user: #"{"id":"ada","display_name":"Ada"}"#)
    #expect(message.title == "Stand-up")
    #expect(message.text == "Monday 23 November 2026 at 09:30, in 15 minutes, Ada")
    #expect(message.data == #"{"start":"2026-11-23T09:30","lead_minutes":15}"#)
    #expect(message.html == "<p>Monday 23 November 2026 at 09:30, in 15 minutes, Ada</p>")
  }

  @Test func withoutATitleTheFirstLineStandsForIt() throws {
    let text = try self.message(#"{"text":"One\nTwo","start":"2026-11-23"}"#)
    #expect(text.title == "One")
    #expect(text.text == "One\nTwo")
    #expect(try message(#"{"title":"Only","start":"2026-11-23"}"#).text == "Only")
  }

  @Test func templatesWrapTheWords() throws {
    let definition: JSONText =
      #"{"title":"T","text":"{{start_time}}","start":"2026-11-23","templates":{"title":"[{{title}}] {{weekday}}"}}"#
    let message = try self.message(definition, templates: #"{"title":"no","text":"{{text}} sharp"}"#)
    #expect(message.title == "[T] Monday")
    #expect(message.text == "09:30 sharp")
  }

  @Test func anInstantIsToldByTheEventsClock() throws {
    let definition: JSONText = #"{"title":"{{start_date}} {{start_time}}","start":"2026-11-23T23:30Z"}"#
    #expect(try message(definition, key: "2026-11-23T23:30:00Z+30m").title == "2026-11-24 00:30")
  }

  @Test(
    arguments: [
      (15, "in 15 minutes"), (60, "in one hour"), (90, "in 90 minutes"), (1_440, "in one day"), (2_880, "in 2 days"),
      (-1, "one minute ago"), (-120, "2 hours ago"), (0, "now"),
    ])
  func leadsInWords(minutes: Int, words: String) throws {
    let lead = minutes == 0 ? "" : minutes > 0 ? "-\(minutes)m" : "+\(-minutes)m"
    #expect(
      try message(#"{"title":"{{lead_text}}","start":"2026-11-23"}"#, key: "2026-11-23T09:30" + lead).title == words)
  }

  @Test(
    arguments: [
      "", "once", "2026-11-23", "2026-11-23T09:30:00", "2026-11-23T09:30Z", "2026-11-23T09:30-0m",
      "2026-11-23T09:30-015m",
      "2026-11-23T09:30-m", "2026-11-23T09:30-15", "2026-11-23T09:30[Europe/Paris]", "2026-02-30T09:30",
      "2026-11-23T09:30-525601m", "-15m", "2026-11-23T09:30+1m+1m",
    ])
  func aKeyThatIsNotOursIsAnError(key: String) {
    #expect(throws: PluginError.self) { try message(#"{"title":"x","start":"2026-11-23"}"#, key: key) }
  }
}
