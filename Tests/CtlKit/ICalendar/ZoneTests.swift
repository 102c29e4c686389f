import Foundation
import Testing

@testable import CtlKit

@Suite("Time zones of calendars")
struct ZoneTests {
  private static let now: Int64 = 1_780_000_000_000

  /// What a TZID means, beside the VTIMEZONEs of a calendar; and the notes.
  private func resolve(_ name: String, _ zones: String = "") throws -> (ZoneResolver.Resolution, [ImportNote]) {
    var index = CalendarIndex(now: Self.now)
    try index.consume(Array("BEGIN:VCALENDAR\n\(zones)END:VCALENDAR\n".utf8))
    try index.consume([])
    var resolver = index.zones
    var notes: [ImportNote] = []
    let first = resolver.resolve(name) { notes.append($0) }
    // A second question is answered from what is known, without another note.
    #expect(resolver.resolve(name) { notes.append($0) } == first)
    return (first, notes)
  }

  private func zone(
    _ name: String, standard: String, daylight: String? = nil, extra: String = ""
  ) -> String {
    var text = "BEGIN:VTIMEZONE\nTZID:\(name)\n\(extra)BEGIN:STANDARD\n\(standard)\nEND:STANDARD\n"
    if let daylight { text += "BEGIN:DAYLIGHT\n\(daylight)\nEND:DAYLIGHT\n" }
    return text + "END:VTIMEZONE\n"
  }

  @Test(
    "names of the zone database, alone or in a path, and names of Windows",
    arguments: [
      ("Europe/Berlin", "Europe/Berlin"), ("UTC", "UTC"), ("Etc/UTC", "UTC"), ("GMT", "UTC"),
      ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
      ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
      ("/freeassociation.sourceforge.net/Tzfile/America/Indiana/Knox", "America/Indiana/Knox"),
      ("/mozilla.org/20050126_1/Europe/Paris", "Europe/Paris"),
      ("W. Europe Standard Time", "Europe/Berlin"), ("tokyo standard time", "Asia/Tokyo"),
      ("India Standard Time", "Asia/Kolkata"), ("UTC-11", "Etc/GMT+11"),
    ])
  func names(name: String, expected: String) throws {
    let (resolution, notes) = try resolve(name)
    #expect(resolution == .zone(expected))
    #expect(notes.isEmpty)
  }

  @Test("every zone of the Windows table is one of this system")
  func windowsTable() {
    #expect(WindowsZones.zones.count > 130)
    let system = SystemZones()
    for zone in WindowsZones.zones where zone != "Etc/UTC" { #expect(system.has(zone), "\(zone)") }
    for zone in SystemZones.fixed { #expect(system.has(zone), "\(zone)") }
  }

  @Test("an own definition is the zone that has its offsets, and that is told with its line")
  func ownDefinition() throws {
    let text = zone(
      "Office",
      standard:
        "DTSTART:16011028T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100",
      daylight: "DTSTART:16010325T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200")
    let (resolution, notes) = try resolve("Office", text)
    guard case .zone(let name) = resolution else {
      Issue.record("\(resolution)")
      return
    }
    #expect(["Europe/Berlin", "Europe/Paris", "Europe/Budapest", "Europe/Warsaw"].contains(name))
    #expect(
      notes.map(\.description)
        == ["line 2: VTIMEZONE: \"Office\" is taken as \(name), whose offsets from 2025 to 2034 are the same"])
  }

  @Test("its own hint decides between zones that agree")
  func hints() throws {
    let rules = (
      "DTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100",
      "DTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200"
    )
    let located = zone("Office", standard: rules.0, daylight: rules.1, extra: "X-LIC-LOCATION:Europe/Vienna\n")
    #expect(try resolve("Office", located).0 == .zone("Europe/Vienna"))
    let linked = zone(
      "Office", standard: rules.0, daylight: rules.1, extra: "TZURL:http://tzurl.org/zoneinfo-outlook/Europe/Oslo.ics\n"
    )
    #expect(try resolve("Office", linked).0 == .zone("Europe/Oslo"))
    // A hint that the rules contradict is not believed.
    let wrong = zone("Office", standard: rules.0, daylight: rules.1, extra: "X-LIC-LOCATION:Asia/Tokyo\n")
    let (resolution, _) = try resolve("Office", wrong)
    #expect(resolution != .zone("Asia/Tokyo"))
  }

  @Test("fixed offsets, the southern half of the year, and days that count from a date")
  func otherRules() throws {
    let fixed = zone("Plus", standard: "DTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300")
    #expect(try resolve("Plus", fixed).0 == .zone("Etc/GMT-3"))
    let india = zone("Team IN", standard: "DTSTART:19700101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530")
    #expect(try resolve("Team IN", india).0 == .zone("Asia/Kolkata"))
    let sydney = zone(
      "Down",
      standard: "DTSTART:20080406T030000\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\nTZOFFSETFROM:+1100\nTZOFFSETTO:+1000",
      daylight: "DTSTART:20081005T020000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\nTZOFFSETFROM:+1000\nTZOFFSETTO:+1100")
    #expect(try resolve("Down", sydney).0 == .zone("Australia/Sydney"))
    let newYork = zone(
      "NY",
      standard:
        "DTSTART:20071104T020000\nRRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=SU\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500",
      daylight:
        "DTSTART:20070311T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400"
    )
    #expect(try resolve("NY", newYork).0 == .zone("America/New_York"))
  }

  @Test(
    "what agrees with no zone, or cannot be read, is refused by name",
    arguments: [
      ("DTSTART:19700101T000000\nTZOFFSETFROM:+0537\nTZOFFSETTO:+0537", "has the offsets of no known zone"),
      ("DTSTART:19700101T000000\nRRULE:FREQ=HOURLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100", "not understood on line"),
      ("DTSTART:19700101T000000\nTZOFFSETFROM:+9999\nTZOFFSETTO:+0100", "not understood on line"),
      ("TZOFFSETFROM:+0100\nTZOFFSETTO:+0100", "not understood on line"),
    ])
  func refused(standard: String, reason: String) throws {
    let (resolution, _) = try resolve("Odd", zone("Odd", standard: standard))
    guard case .unknown(let text) = resolution else {
      Issue.record("\(resolution)")
      return
    }
    #expect(text.contains("\"Odd\" is no known zone, and its VTIMEZONE on line 2"))
    #expect(text.contains(reason), "\(text)")
  }

  @Test(
    "a name without a definition is refused",
    arguments: ["Odd", "Europe/Berlinn", "../../etc/passwd", "/etc/passwd", "Europe", ""])
  func undefined(name: String) throws {
    guard case .unknown(let text) = try resolve(name).0 else {
      Issue.record("\(name) is no zone")
      return
    }
    #expect(text.contains("has no VTIMEZONE"))
  }
}
