import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

/// Exports as common programs write them.
@Suite("iCalendar exports")
struct ExportTests {
  @Test("Google Calendar: a series with a changed and a cancelled occurrence, two alarms, a birthday")
  func google() throws {
    let reading = try CalendarReading(Fixture.bytes("google.ics"))
    #expect(reading.events.map(\.title) == ["Stand-up ☕", "Stand-up ☕ (later)", "Ada's birthday", "Call with Tokyo"])
    let standUp = reading.events[0].reminders
    #expect(standUp.map(\.leadMinutes) == [1_440, 10])
    #expect(standUp[0].id == "reminder-1q2w3e4r5t6z7u8i9o0p@google.com")
    #expect(standUp[0].rule == "FREQ=WEEKLY;WKST=MO;UNTIL=20261231T225959Z;BYDAY=MO,WE")
    #expect(standUp[0].excluded == ["2026-06-01T09:30", "2026-06-03T09:30", "2026-06-10T09:30", "2026-06-15T09:30"])
    #expect(standUp[0].timeZone == "Europe/Berlin")
    #expect(
      standUp[0].text
        == "Agenda: <a href=\"https://example.org/a\">notes</a>\nBring coffee, and cake.\nRoom 5, second floor")
    let birthday = try #require(reading.events[2].reminders.first)
    #expect(birthday.start == "2015-12-10" && birthday.at == "00:00" && birthday.leadMinutes == 900)
    #expect(birthday.rule == "FREQ=YEARLY")
    #expect(
      reading.told == [
        "line 66: event skipped: it is cancelled (STATUS:CANCELLED)",
        "line 97: event skipped: it was over on 2019-07-01; --past takes it",
      ])
  }

  @Test("Apple Calendar and Reminders: alarms twice, none at all, at an instant, at a place")
  func apple() throws {
    let reading = try CalendarReading(Fixture.bytes("apple.ics"))
    #expect(reading.events.map(\.title) == ["Piano lesson", "Trip to the lake", "Dentist", "Pay the rent"])
    #expect(reading.events.map { $0.reminders.map(\.leadMinutes) } == [[30], [0], [-165, 0], [60]])
    #expect(reading.events[1].reminders[0].at == "09:00")
    #expect(reading.events[2].reminders[1].start == "2026-08-19T22:00Z")
    #expect(reading.notes.map(\.property) == ["X-APPLE-PROXIMITY", nil, nil])
    #expect(reading.notes.map(\.kind) == [.propertySkipped, .itemSkipped, .itemSkipped])
  }

  @Test("Outlook: names of Windows, a display name as a zone, one that no zone has")
  func outlook() throws {
    let reading = try CalendarReading(Fixture.bytes("outlook.ics"))
    #expect(reading.events.map(\.title) == ["Review: \"Zürich\" & Köln", "New York call"])
    #expect(reading.reminders.map(\.timeZone) == ["Europe/Berlin", "America/New_York"])
    #expect(reading.reminders.map(\.leadMinutes) == [15, 1_080])
    #expect(reading.reminders.allSatisfy { PersonIdentity.isValid($0.id) })
    #expect(reading.notes.map(\.kind) == [.adjusted, .itemRefused])
    #expect(
      reading.told[0].hasPrefix(
        "line 22: VTIMEZONE: \"(UTC-05:00) Eastern Time (US & Canada)\" is taken as America/New_York"))
    #expect(reading.told[1].contains("TZID \"Customized Time Zone\" is no known zone, and its VTIMEZONE on line 37"))
  }

  @Test("Thunderbird: floating times, a period, an alarm that repeats, a split series")
  func thunderbird() throws {
    let reading = try CalendarReading(Fixture.bytes("thunderbird.ics"))
    #expect(reading.events.map(\.title) == ["Bins out", "Backup report", "Split meeting", "Tax return"])
    #expect(reading.reminders.map(\.timeZone) == ["", "UTC", "Europe/Paris", "Europe/Rome"])
    #expect(reading.reminders[0].added == ["2026-06-19T19:00"])
    #expect(reading.reminders[0].leadMinutes == -5)
    #expect(reading.reminders[3].start == "2026-07-31T18:00")
    #expect(reading.notes.map(\.kind) == [.adjusted, .itemRefused, .itemSkipped])
  }

  @Test("Nextcloud: the zones come last; days with dates, a series whose end has a time")
  func nextcloud() throws {
    let reading = try CalendarReading(Fixture.bytes("nextcloud.ics"))
    #expect(reading.events.map(\.title) == ["Γενέθλια της Μαρίας", "Water the plants", "Renew the passport"])
    #expect(reading.reminders[0].leadMinutes == 10_080)
    #expect(reading.reminders[1].rule == "FREQ=MONTHLY;UNTIL=20270401")
    #expect(reading.reminders[1].excluded == ["2026-11-01"])
    #expect(reading.reminders[2].start == "2026-11-15")
    #expect(reading.notes.map(\.kind) == [.itemSkipped])
  }

  @Test("a calendar is imported as broadcasts or for a person, and again without a change")
  func imported() async throws {
    let path = Fixture.folder.appending(path: "google.ics").path
    try await FakeAgent.serve { agent, ctl in
      let first = try await ctl("import", path, "-n", "team")
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.lines.last == "4 created, 0 updated, 0 unchanged, 2 skipped, 0 failed, 0 notes")
      #expect(first.lines.first == "line 26: Stand-up ☕: created")
      let again = try await ctl("import", path, "-n", "team")
      #expect(again.lines.last == "0 created, 0 updated, 4 unchanged, 2 skipped, 0 failed, 0 notes")
      let schedules = agent.with { $0.schedules }
      #expect(schedules.count == 5)
      #expect(agent.with { $0.users.isEmpty })
      #expect(schedules.values.allSatisfy { $0.user.isEmpty && $0.eventType == "reminder" })
      let text = try String(contentsOf: Fixture.folder.appending(path: "google.ics"), encoding: .utf8)
      let own = try await ctl("import", "-", "--user", "ada", "--no-alarms", "--default-lead", "1h", input: text)
      #expect(own.status == 0, "\(own.errors)")
      let name = "namespaces/default/schedules/reminder-ada-3-utc-once@google.com"
      let call = try #require(agent.with { $0.schedules[name] })
      #expect(call.user == "namespaces/default/users/ada")
      #expect(call.definition.fields["lead_minutes"]?.numberValue == 60)
      #expect(call.definition.fields["start"]?.stringValue == "2026-07-01T17:00Z")
      let names = try await ctl("import", path, "-o", "name").lines
      #expect(names.count == 5)
    }
  }

  @Test("when some events are refused the exit status is 8, when all are 1")
  func judgement() async throws {
    try await FakeAgent.serve { _, ctl in
      let some = try await ctl("import", Fixture.folder.appending(path: "outlook.ics").path)
      #expect(some.status == 8)
      #expect(some.errors.contains("1 of 3 events failed"))
      let none = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\nEND:VCALENDAR\n"
      #expect(try await ctl("import", "-", input: none).status == 1)
    }
  }
}
