import Testing

@testable import CtlKit

@Suite("BDAY, ANNIVERSARY and TZ")
struct DateAndZoneTests {
  private func date(_ line: String) -> String {
    do {
      return try CardDate.parse(ContentLine(Array(line.utf8))).description
    } catch let failure as CardDate.Failure {
      return "!" + failure.reason
    } catch {
      return "?\(error)"
    }
  }

  @Test(
    "every form of a date",
    arguments: [
      ("BDAY:19900504", "1990-05-04"),
      ("BDAY:1990-05-04", "1990-05-04"),
      ("BDAY:--0504", "--05-04"),
      ("BDAY:--05-04", "--05-04"),
      ("BDAY:1990-05-04T00:00:00Z", "1990-05-04"),
      ("BDAY:19900504T235959-0800", "1990-05-04"),
      ("BDAY:1990-05-04 10:22:00", "1990-05-04"),
      ("BDAY:--0504T10", "--05-04"),
      ("BDAY;VALUE=date-and-or-time: 1990-05-04 ", "1990-05-04"),
      ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", "--02-29"),
      ("BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1900:1900-05-04", "--05-04"),
      ("BDAY;X-APPLE-OMIT-YEAR=1604:1990-05-04", "1990-05-04"),
      ("BDAY:1604-05-04", "--05-04"),
      ("BDAY:0000-05-04", "--05-04"),
      ("BDAY:--0229", "--02-29"),
      ("BDAY:2000-02-29", "2000-02-29"),
      ("BDAY;ENCODING=QUOTED-PRINTABLE:1990=2D05=2D04", "1990-05-04"),
      ("BDAY;CALSCALE=gregorian:19900504", "1990-05-04"),
    ])
  func dates(line: String, expected: String) {
    #expect(date(line) == expected)
  }

  @Test(
    "what is no date says why",
    arguments: [
      ("BDAY;VALUE=text:circa 1800", "free text"),
      ("BDAY:1900-02-29", "no day of the calendar"),
      ("BDAY:2001-04-31", "no day of the calendar"),
      ("BDAY:1990-13-01", "no day of the calendar"),
      ("BDAY:--0230", "no day of the calendar"),
      ("BDAY:1990-00-10", "no day of the calendar"),
      ("BDAY:1990", "has no month"),
      ("BDAY:1990-05", "has no day"),
      ("BDAY:--05", "has no day"),
      ("BDAY:---04", "has no month"),
      ("BDAY:T102200", "time but no date"),
      ("BDAY:", "is empty"),
      ("BDAY:tomorrow", "is not a date"),
      ("BDAY:04/05/1990", "is not a date"),
      ("BDAY:99999999999999999999", "is not a date"),
      ("BDAY;CALSCALE=hebrew:57500101", "calendar"),
    ])
  func notDates(line: String, reason: String) {
    let answer = date(line)
    #expect(answer.hasPrefix("!"))
    #expect(answer.contains(reason), "\(answer)")
  }

  @Test(
    "zones by name and by offset",
    arguments: [
      ("TZ:Europe/Paris", CardZone.named("Europe/Paris")),
      ("TZ;VALUE=text:America/Argentina/Buenos_Aires", .named("America/Argentina/Buenos_Aires")),
      ("TZ:UTC", .named("UTC")),
      ("TZ:America/Port-au-Prince", .named("America/Port-au-Prince")),
      ("TZ:-05:00", .fixed("Etc/GMT+5", offset: "-05:00")),
      ("TZ;VALUE=utc-offset:+1400", .fixed("Etc/GMT-14", offset: "+1400")),
      ("TZ:Z", .fixed("UTC", offset: "Z")),
      ("TZ;VALUE=text:-05:00; EST; Raleigh/North America", .fixed("Etc/GMT+5", offset: "-05:00")),
      ("TZ;VALUE=text:-05:00;EST;America/New_York", .named("America/New_York")),
    ])
  func zones(line: String, expected: CardZone) throws {
    #expect(try CardZone.parse(ContentLine(Array(line.utf8))) == expected)
  }

  @Test(
    "what names no zone says why",
    arguments: [
      ("TZ;VALUE=uri:https://example.org/z", "URI"), ("TZ:+0530", "an offset, not a zone"), ("TZ:-13:00", "an offset"),
      ("TZ:EST5EDT4", "no IANA zone name"), ("TZ:", "no IANA zone name"), ("TZ:../../etc/passwd", "no IANA zone name"),
    ])
  func notZones(line: String, reason: String) throws {
    let parsed = try ContentLine(Array(line.utf8))
    let failure = #expect(throws: CardZone.Failure.self) { try CardZone.parse(parsed) }
    #expect(failure?.reason.contains(reason) == true)
  }
}
