import Foundation
import Testing

@testable import CtlKit

/// What the two readings of a calendar give.
struct CalendarReading {
  var events: [ImportedEvent] = []
  var notes: [ImportNote] = []

  /// - Parameter settings: by default the clock stands at 2026-05-28.
  init(_ bytes: [UInt8], _ settings: CalendarSettings = CalendarSettings(now: 1_780_000_000_000)) throws {
    var index = CalendarIndex(now: settings.now)
    try index.consume(bytes)
    try index.consume([])
    var reader = ICalendarReader(index: index, settings: settings)
    var items: [ICalendarReader.Item] = []
    reader.consume(bytes) { items.append($0) }
    reader.finish { items.append($0) }
    for item in items {
      switch item {
      case .event(let event): events.append(event)
      case .note(let note): notes.append(note)
      }
    }
  }

  init(_ text: String, _ settings: CalendarSettings = CalendarSettings(now: 1_780_000_000_000)) throws {
    try self.init(Array("BEGIN:VCALENDAR\nVERSION:2.0\n\(text)END:VCALENDAR\n".utf8), settings)
  }

  var reminders: [ImportedReminder] { events.flatMap(\.reminders) }
  var told: [String] { notes.map(\.description) }
}

/// An event of some lines.
func event(_ lines: String..., uid: String = "u1", name: String = "VEVENT") -> String {
  "BEGIN:\(name)\nUID:\(uid)\n" + lines.map { $0 + "\n" }.joined() + "END:\(name)\n"
}

func alarm(_ lines: String...) -> String {
  "BEGIN:VALARM\nACTION:DISPLAY\n" + lines.map { $0 + "\n" }.joined() + "END:VALARM"
}

@Suite("iCalendar events")
struct EventTests {
  private static let now: Int64 = 1_780_000_000_000

  @Test(
    "a start becomes a start, its zone the schedule's",
    arguments: [
      ("DTSTART;TZID=Europe/Berlin:20261123T093000", "2026-11-23T09:30", "Europe/Berlin"),
      ("DTSTART;TZID=\"W. Europe Standard Time\":20261123T093015", "2026-11-23T09:30:15", "Europe/Berlin"),
      ("DTSTART:20261123T093000", "2026-11-23T09:30", ""),
      ("DTSTART:20261123T093000Z", "2026-11-23T09:30Z", ""),
      ("DTSTART;VALUE=DATE:20261123", "2026-11-23", ""),
    ])
  func starts(line: String, start: String, zone: String) throws {
    let reading = try CalendarReading(event(line, "SUMMARY:x"))
    let reminder = try #require(reading.reminders.first)
    #expect(reminder.start == start)
    #expect(reminder.timeZone == zone)
    #expect(reminder.at == (start.count == 10 ? "09:00" : nil))
    #expect(reading.notes.isEmpty)
  }

  @Test("a series in UTC repeats in UTC, and --time-zone is for what names no zone")
  func zones() throws {
    let utc = try CalendarReading(event("DTSTART:20261123T093000Z", "RRULE:FREQ=DAILY", "EXDATE:20261124T093000Z"))
    #expect(utc.reminders.map(\.start) == ["2026-11-23T09:30"])
    #expect(utc.reminders.map(\.timeZone) == ["UTC"])
    #expect(utc.reminders.map(\.excluded) == [["2026-11-24T09:30Z"]])
    let settings = CalendarSettings(at: "07:45", zone: "Asia/Tokyo", now: Self.now)
    let floating = try CalendarReading(
      event("DTSTART:20261123T093000") + event("DTSTART;VALUE=DATE:20261123", uid: "u2"), settings)
    #expect(floating.reminders.map(\.timeZone) == ["Asia/Tokyo", "Asia/Tokyo"])
    #expect(floating.reminders.map(\.at) == [nil, "07:45"])
  }

  @Test("title, text, ids; line breaks stay, tags of templates do not")
  func words() throws {
    let reading = try CalendarReading(
      event("DTSTART:20261123T093000", "SUMMARY:A\\, b\\; {{{name}}}", "DESCRIPTION:One\\nTwo", "LOCATION:Here"))
    let reminder = try #require(reading.reminders.first)
    #expect(reminder.title == "A, b; {\u{2060}{\u{2060}{name}}}")
    #expect(!reminder.title.contains("{{"))
    #expect(reminder.text == "One\nTwo\nHere")
    #expect(reminder.id == "reminder-u1")
    #expect(
      reading.told == [
        "line 6: SUMMARY: {{ is taken with a word joiner (U+2060) between, for it begins a tag of a template"
      ])
    let untitled = try CalendarReading(event("DTSTART:20261123T093000"))
    #expect(untitled.reminders.map(\.title) == ["(no title)"])
  }

  @Test("ids are valid, stable, bounded, and each person's own")
  func ids() throws {
    let long = String(repeating: "0", count: 900)
    for uid in ["u1", "has space", long, "ünïcode"] {
      for user in [nil, "ada"] {
        let stem = ReminderIdentity.stem(uid: uid, user: user)
        let id = ReminderIdentity.id(stem: stem, occurrence: "20261123T093000Z", index: 49)
        #expect(PersonIdentity.isValid(id), "\(id)")
        #expect(stem == ReminderIdentity.stem(uid: uid, user: user))
      }
    }
    #expect(ReminderIdentity.stem(uid: "u1", user: "ada") != ReminderIdentity.stem(uid: "u1", user: nil))
    #expect(ReminderIdentity.stem(uid: long + "1", user: nil) != ReminderIdentity.stem(uid: long + "2", user: nil))
    #expect(ReminderIdentity.stem(uid: "a\nb", user: nil) != ReminderIdentity.stem(uid: "a", user: "b"))
  }

  @Test("RDATE, EXDATE and periods, in the form of the series")
  func dates() throws {
    let reading = try CalendarReading(
      event(
        "DTSTART;TZID=Europe/Berlin:20261123T093000", "RRULE:FREQ=WEEKLY;UNTIL=20270101T000000Z",
        "RDATE;TZID=Europe/Berlin:20261125T093000,20261126T093000",
        "RDATE;VALUE=PERIOD;TZID=Asia/Tokyo:20261127T093000/PT1H",
        "EXDATE;TZID=Europe/Berlin:20261130T093000", "EXDATE:20261207T083000Z", "EXDATE;VALUE=DATE:20261214"))
    let reminder = try #require(reading.reminders.first)
    #expect(reminder.rule == "FREQ=WEEKLY;UNTIL=20270101T000000Z")
    #expect(reminder.added == ["2026-11-25T09:30", "2026-11-26T09:30", "2026-11-27T09:30[Asia/Tokyo]"])
    #expect(reminder.excluded == ["2026-11-30T09:30", "2026-12-07T08:30Z", "2026-12-14T09:30"])
    let day = try CalendarReading(
      event(
        "DTSTART;VALUE=DATE:20261123", "RRULE:freq=daily;until=20261201T000000Z", "EXDATE:20261125T000000Z"))
    #expect(day.reminders.map(\.rule) == ["FREQ=DAILY;UNTIL=20261201"])
    #expect(day.reminders.map(\.excluded) == [["2026-11-25"]])
  }

  @Test("a changed occurrence is one of its own, a cancelled one is left out; before or after the series")
  func overrides() throws {
    let series = event("DTSTART;TZID=Europe/Berlin:20261123T093000", "RRULE:FREQ=DAILY", "SUMMARY:Daily")
    let changed = event(
      "RECURRENCE-ID;TZID=Europe/Berlin:20261125T093000", "DTSTART;TZID=Europe/Berlin:20261125T160000", "SUMMARY:Late")
    let cancelled = event(
      "RECURRENCE-ID:20261126T083000Z", "DTSTART;TZID=Europe/Berlin:20261126T093000", "STATUS:CANCELLED")
    for text in [series + changed + cancelled, cancelled + changed + series] {
      let reading = try CalendarReading(text)
      let master = try #require(reading.reminders.first { $0.title == "Daily" })
      #expect(Set(master.excluded) == ["2026-11-25T09:30", "2026-11-26T08:30Z"])
      let late = try #require(reading.reminders.first { $0.title == "Late" })
      #expect(late.id == "reminder-u1-20261125T0930")
      #expect(late.start == "2026-11-25T16:00")
      #expect(late.rule == nil && late.excluded.isEmpty)
      #expect(reading.notes.map(\.kind) == [.itemSkipped])
      #expect(reading.notes[0].reason.contains("cancelled"))
    }
  }

  @Test("alarms ring apart, the same ones once, at the start, the end or an instant")
  func alarms() throws {
    let reading = try CalendarReading(
      event(
        "DTSTART;TZID=Europe/Berlin:20261123T093000", "DTEND;TZID=Europe/Berlin:20261123T110000",
        alarm("TRIGGER:-PT15M"), alarm("TRIGGER:-PT15M"), alarm("TRIGGER:-P1DT1H"), alarm("TRIGGER;RELATED=END:PT10M"),
        alarm("TRIGGER;VALUE=DATE-TIME:20261122T180000Z")))
    #expect(reading.reminders.map(\.leadMinutes) == [1_500, 15, -100, 0])
    #expect(
      reading.reminders.map(\.start) == [
        "2026-11-23T09:30", "2026-11-23T09:30", "2026-11-23T09:30", "2026-11-22T18:00Z",
      ])
    #expect(reading.reminders.map(\.id) == ["reminder-u1", "reminder-u1-2", "reminder-u1-3", "reminder-u1-4"])
    #expect(reading.events.count == 1)
    let once = CalendarSettings(defaultLeadMinutes: 10, takesAlarms: false, now: Self.now)
    let plain = try CalendarReading(event("DTSTART:20261123T093000", alarm("TRIGGER:-PT15M")), once)
    #expect(plain.reminders.map(\.leadMinutes) == [10])
  }

  @Test("an alarm of a whole day counts from its midnight; a day without one rings at --at")
  func wholeDays() throws {
    let reading = try CalendarReading(
      event("DTSTART;VALUE=DATE:20261123", alarm("TRIGGER:-PT15H")) + event("DTSTART;VALUE=DATE:20261123", uid: "u2"))
    #expect(reading.reminders.map(\.at) == ["00:00", "09:00"])
    #expect(reading.reminders.map(\.leadMinutes) == [900, 0])
  }

  @Test("a task rings when it is due; one that is repeated counts from its start")
  func tasks() throws {
    let reading = try CalendarReading(
      event("DTSTART:20261123T090000", "DUE:20261123T170000", alarm("TRIGGER:-PT1H"), uid: "a", name: "VTODO")
        + event("DTSTART:20261123T090000", "DUE:20261123T170000", "RRULE:FREQ=DAILY", uid: "b", name: "VTODO")
        + event("DTSTART:20261123T090000", uid: "c", name: "VTODO")
        + event("PERCENT-COMPLETE:100", "DUE:20261123T170000", uid: "d", name: "VTODO")
        + event("SUMMARY:some day", uid: "e", name: "VTODO"))
    #expect(reading.reminders.map(\.start) == ["2026-11-23T17:00", "2026-11-23T09:00", "2026-11-23T09:00"])
    // Before its start: an hour before 09:00 is nine hours before 17:00. When it is due: eight hours after 09:00.
    #expect(reading.reminders.map(\.leadMinutes) == [540, -480, 0])
    #expect(
      reading.told.map { String($0.drop { $0 != ":" }) } == [
        ": task skipped: it is done", ": task skipped: it has no date (DUE or DTSTART)",
      ])
  }

  @Test("what is over is skipped, unless it is asked for")
  func past() throws {
    let text =
      event("DTSTART:20190101T090000Z", uid: "a")
      + event("DTSTART:20190101T090000Z", "RRULE:FREQ=DAILY;UNTIL=20200101T000000Z", uid: "b")
      + event("DTSTART:20190101T090000Z", "RRULE:FREQ=DAILY", uid: "c")
      + event("DTSTART:20190101T090000Z", "RDATE:20270101T090000Z", uid: "d")
      + event("DTSTART:20190101T090000Z", alarm("TRIGGER;VALUE=DATE-TIME:20270101T090000Z"), uid: "e")
    let reading = try CalendarReading(text)
    #expect(reading.reminders.map(\.id) == ["reminder-c", "reminder-d", "reminder-e"])
    #expect(reading.notes.map(\.kind) == [.itemSkipped, .itemSkipped])
    #expect(reading.notes[0].reason == "event skipped: it was over on 2019-01-01; --past takes it")
    let all = try CalendarReading(text, CalendarSettings(takesPast: true, now: Self.now))
    #expect(all.events.count == 5)
  }

  @Test("a birthday without a year, as Apple's calendar has it, begins in a year that there is")
  func apple1604() throws {
    let reading = try CalendarReading(
      event("DTSTART;VALUE=DATE:16040229", "RRULE:FREQ=YEARLY", "SUMMARY:Ada’s Birthday"))
    #expect(reading.reminders.map(\.start) == ["2004-02-29"])
    #expect(reading.notes.map(\.kind) == [.adjusted])
  }

  @Test(
    "what cannot be taken is refused by name, with its line",
    arguments: [
      (event("SUMMARY:x"), "event refused: it has no start (DTSTART)"),
      (
        event("DTSTART:2026-11-23"),
        "event refused: DTSTART on line 5 is no time such as 20261123T093000: \"2026-11-23\""
      ),
      (
        event("DTSTART:20261323T093000"),
        "event refused: DTSTART on line 5 is no time such as 20261123T093000: \"20261323T093000\""
      ),
      (
        event("DTSTART;TZID=Mars/Base:20261123T093000"),
        "event refused: DTSTART on line 5: TZID \"Mars/Base\" is no known zone, and the calendar has no VTIMEZONE of that name"
      ),
      (
        event("DTSTART:20261123T093000", "EXRULE:FREQ=DAILY"),
        "event refused: EXRULE on line 6 is not taken (obsolete since RFC 5545); list the days in EXDATE"
      ),
      (
        event("DTSTART:20261123T093000", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
        "event refused: it has 2 rules (RRULE); split it into as many events"
      ),
      (event("DTSTART:20261123T093000", "RRULE:every day"), "event refused: RRULE on line 6 is no rule: \"every day\""),
      (
        event("DTSTART:20261123T093000", "EXDATE:tomorrow"), "event refused: EXDATE on line 6 has no time: \"tomorrow\""
      ),
      (
        event("DTSTART:20261123T093000", "EXDATE;X=\"open:20261123"),
        "event refused: line 6: a quoted parameter value does not end: \"EXDATE;X=\"open:20261123\""
      ),
      (
        event("DTSTART:20261123T093000", alarm("TRIGGER:soon")),
        "event refused: TRIGGER on line 8 is no span of time such as -PT15M: \"soon\""
      ),
      (event("DTSTART:20261123T093000", alarm()), "event refused: the alarm on line 6 has no TRIGGER"),
      (
        "BEGIN:VEVENT\nDTSTART:20261123T093000\nEND:VEVENT\n",
        "event refused: it has no UID, so a second import could not find it again"
      ),
      ("BEGIN:VEVENT\nUID:a\nDTSTART:20261123T093000\n", "event refused: no END:VEVENT before BEGIN:VEVENT on line 6"),
      (
        "BEGIN:VEVENT\nUID:a\nBEGIN:VALARM\nEND:VEVENT\n", "event refused: END:VEVENT on line 6 where END:VALARM is due"
      ),
      (
        "BEGIN:VJOURNAL\nUID:a\nEND:VJOURNAL\n",
        "a component \"VJOURNAL\" is not taken; events (VEVENT) and tasks (VTODO) are"
      ),
    ])
  func refusals(text: String, reason: String) throws {
    let reading = try CalendarReading(text + event("DTSTART:20261123T093000", uid: "good"))
    #expect(reading.told == ["line 3: \(reason)"])
    #expect(reading.reminders.map(\.id) == ["reminder-good"])
  }

  @Test("a change of all later occurrences is refused; the series goes on")
  func thisAndFuture() throws {
    let reading = try CalendarReading(
      event("DTSTART:20261123T093000", "RRULE:FREQ=DAILY")
        + event("RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T093000", "DTSTART:20261201T120000"))
    #expect(reading.reminders.map(\.excluded) == [[]])
    #expect(reading.told.count == 1)
    #expect(reading.told[0].contains("RANGE=THISANDFUTURE"))
  }

  @Test("the same event twice, an answer to an invitation, and the calendar of 1996")
  func skipped() throws {
    let one = event("DTSTART:20261123T093000")
    #expect(try CalendarReading(one + one).told == ["line 7: event skipped: the UID \"u1\" was on an earlier one"])
    #expect(
      try CalendarReading("METHOD:CANCEL\n" + one).told == [
        "line 4: event skipped: the calendar cancels it (METHOD:CANCEL on line 3)"
      ])
    #expect(try CalendarReading("METHOD:REPLY\n" + one).events.isEmpty)
    let old = try CalendarReading(Array("BEGIN:VCALENDAR\nVERSION:1.0\n\(one)END:VCALENDAR\n".utf8))
    #expect(old.notes.map(\.kind) == [.itemRefused])
  }

  @Test("each limit refuses the event that exceeds it, and no other")
  func limits() throws {
    let good = event("DTSTART:20261123T093000", uid: "good")
    let dates = (0...ICalendarLimits.maxDates).map { _ in "EXDATE:20261123T093000\n" }.joined()
    let alarms = (0...ICalendarLimits.maxAlarms).map { alarm("TRIGGER:-PT\($0)M") + "\n" }.joined()
    let lines = String(repeating: "X-A:b\n", count: ICalendarLimits.maxComponentLines + 1)
    let bytes = String(repeating: "DESCRIPTION:" + String(repeating: "x", count: 60_000) + "\n", count: 20)
    let depth = String(repeating: "BEGIN:X\n", count: ICalendarLimits.maxDepth)
    let cases = [
      (dates, "more than 500"), (alarms, "more than 50 alarms"), (lines, "more than 20000 lines"),
      (bytes, "more than 1048576 bytes"), (depth, "nest deeper than 4"),
      ("RRULE:FREQ=DAILY;BYHOUR=" + String(repeating: "1,", count: 600) + "1\n", "is no rule"),
      ("RRULE:" + String(repeating: "x", count: 70_000) + "\n", "is longer than 65536 bytes"),
    ]
    for (text, reason) in cases {
      let rule = text.hasPrefix("RRULE") ? "" : "RRULE:FREQ=DAILY\n"
      let bad = "BEGIN:VEVENT\nUID:bad\nDTSTART:20261123T093000\n\(rule)\(text)END:VEVENT\n"
      let reading = try CalendarReading(bad + good)
      #expect(reading.reminders.map(\.id) == ["reminder-good"], "\(reason)")
      #expect(reading.told.count == 1 && reading.told[0].contains(reason), "\(reading.told)")
    }
    let uid = try CalendarReading(event("DTSTART:20261123T093000", uid: String(repeating: "u", count: 3_000)) + good)
    #expect(uid.told.first?.contains("longer than 2048 bytes") == true)
  }

  @Test("more zones or changed occurrences than are kept refuse the file before anything is sent")
  func indexLimits() throws {
    let zones = (0...ICalendarLimits.maxZones).map { "BEGIN:VTIMEZONE\nTZID:z\($0)\nEND:VTIMEZONE\n" }.joined()
    #expect(throws: CtlError.self) { try CalendarReading(zones) }
  }

  @Test(
    "spans of time",
    arguments: [
      ("-PT15M", -900), ("PT0S", 0), ("-P0DT0H10M0S", -600), ("P1W", 604_800), ("+P1DT2H", 93_600), ("P", nil),
      ("15M", nil), ("P1H", nil), ("PT1D", nil), ("-P99999999999999999999W", nil), ("P999999999999W", nil), ("PT", nil),
    ] as [(String, Int64?)])
  func durations(text: String, seconds: Int64?) {
    #expect(CalendarDuration.seconds(text) == seconds)
  }
}
