import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

@testable import CtlKit

/// What the reader of tables finds.
struct TableReading {
  var people: [ImportedPerson] = []
  var notes: [ImportNote] = []

  init(_ bytes: [UInt8], _ settings: CSVSettings = CSVSettings()) throws {
    var reader = CSVReader(settings: settings, source: "the table")
    var items: [CSVReader.Item] = []
    try reader.consume(bytes) { items.append($0) }
    try reader.finish { items.append($0) }
    for item in items {
      switch item {
      case .person(let person): people.append(person)
      case .note(let note): notes.append(note)
      }
    }
  }

  init(_ text: String, _ settings: CSVSettings = CSVSettings()) throws { try self.init(Array(text.utf8), settings) }

  var told: [String] { notes.map(\.description) }
}

@Suite("Tables of people")
struct TableTests {
  @Test("Google Contacts: quoted line breaks, several addresses, labelled dates, no ids")
  func google() throws {
    let reading = try TableReading(Fixture.bytes("google.csv"))
    #expect(reading.people.map(\.name.display) == ["José García", "Bakery, the good one", "Dr. Marie Curie"])
    #expect(reading.people.map(\.birth?.description) == ["1990-05-04", "--05-04", "1867-11-07"])
    #expect(reading.people.map(\.line) == [2, 4, 5])
    #expect(reading.people[0].emails == ["jose@example.es", "pepe@example.es"])
    #expect(reading.people[0].anniversary?.description == "2015-06-20")
    #expect(reading.people[2].dates.mapValues(\.description) == ["first-day-at-work": "2020-02-29"])
    #expect(reading.people.allSatisfy { $0.id.hasPrefix("c-") })
    #expect(reading.notes.map(\.kind) == [.propertySkipped, .adjusted])
    #expect(reading.told[0].hasPrefix("line 1: columns that are not taken: \"Phonetic First Name\", "))
  }

  @Test("Outlook: Windows-1252, zeros for no date, months first")
  func outlook() throws {
    let bytes = try Fixture.bytes("outlook.csv")
    let american = try TableReading(bytes, CSVSettings(dateOrder: .monthDayYear, encoding: .windows1252))
    #expect(american.people.map(\.name.display) == ["Jürgen Müller", "Grace Hopper", "Ann Example", "Bob Example"])
    #expect(american.people.map(\.birth?.description) == [nil, "1906-12-09", "1990-05-04", nil])
    #expect(american.people[0].anniversary?.description == "2009-05-30")
    #expect(american.told.last == "line 5: Birthday: is no day of the calendar: \"2/30/1990\"")
    let unsaid = try TableReading(bytes)
    #expect(unsaid.people.map(\.name.display) == ["Bob Example"])
    #expect(unsaid.told.contains { $0.hasPrefix("line 2: row refused: \"First Name\" is not valid in its encoding") })
    #expect(
      unsaid.told.contains(
        "line 4: row refused: Birthday is ambiguous: \"5/4/1990\"; say --date-format dd/mm/yyyy or mm/dd/yyyy"))
  }

  @Test("columns of another language are mapped; semicolons are found, and dates with points read")
  func mapped() throws {
    var settings = CSVSettings()
    settings.mappings = [
      .init(target: .id, column: "Kennung"), .init(target: .name, column: "anzeigename"),
      .init(target: .birth, column: "Geburtstag"), .init(target: .date("wedding"), column: "#4"),
      .init(target: .email, column: "E-Mail"), .init(target: .timeZone, column: "Zeitzone"),
      .init(target: .attribute("team"), column: "Team"),
    ]
    let reading = try TableReading(Fixture.bytes("german.csv"), settings)
    #expect(reading.notes.isEmpty)
    #expect(reading.people.map(\.id) == ["g-1", "g-2"])
    #expect(reading.people.map(\.name.display) == ["Zoë \"Zo\" Brännström", "Jörg Grüßner"])
    #expect(reading.people.map(\.birth?.description) == ["1988-02-29", "--05-04"])
    #expect(reading.people[1].dates.mapValues(\.description) == ["wedding": "2012-06-30"])
    #expect(reading.people.map(\.timeZone) == ["Europe/Stockholm", "Europe/Berlin"])
    #expect(reading.people.map(\.attributes) == [["team": "Nord"], ["team": "Süd; West"]])
  }

  @Test("UTF-16 with tabs, as spreadsheets save Unicode text")
  func utf16() throws {
    let reading = try TableReading(Fixture.bytes("excel-utf16.csv"))
    #expect(reading.people.map(\.name.display) == ["山田 太郎", "Zoë 🦙"])
    #expect(reading.people.map(\.birth?.description) == ["1985-12-24", "--02-29"])
    #expect(reading.notes.isEmpty)
  }

  @Test("plain names are known; Thunderbird's parts of a birthday are put together")
  func plain() throws {
    let reading = try TableReading(
      """
      id,name,birthday,email,time_zone,locale,webhook,date.wedding,address.matrix,attribute.team
      ada,Ada,1815-12-10,ada@example.org,Europe/London,en-GB,https://example.org/a,1835-07-08,@ada:example.org,Engines

      """)
    let ada = try #require(reading.people.first)
    #expect(ada.id == "ada" && ada.locale == "en-GB" && ada.webhook == "https://example.org/a")
    #expect(ada.addresses == ["matrix": "@ada:example.org"] && ada.attributes == ["team": "Engines"])
    #expect(ada.dates.keys.sorted() == ["wedding"])
    let parts = try TableReading(
      "Display Name,Birth Year,Birth Month,Birth Day\nGrace,1906,12,9\nBob,,2,29\nCy,1990,2,30\n")
    #expect(parts.people.map(\.birth?.description) == ["1906-12-09", "--02-29", nil])
  }

  @Test("faults cost the value or the row, and are told with the line")
  func faults() throws {
    let reading = try TableReading(
      """
      id,name,birthday,email,time_zone,locale,webhook
      a,Ada,soon,nobody,Mars,not a tag,ftp://x
      ,,,,,,
      b,,,,,,
      c,Cy,1990-05-04,,,,,stray
      a,Ada again,,,,,
      d,Di

      """)
    #expect(reading.people.map(\.id) == ["a", "d"])
    #expect(
      reading.told == [
        "line 2: birthday: is not a date: \"soon\"; write 1990-05-04, or --05-04 without the year",
        "line 2: email: \"nobody\" is no address (name@domain)",
        "line 2: time_zone: \"Mars\" is no IANA zone name such as Europe/Paris",
        "line 2: locale: \"not a tag\" is no language tag such as pt-BR",
        "line 2: webhook: is no http or https URL: \"ftp://x\"",
        "line 4: row refused: it has no name",
        "line 5: row refused: it has 8 columns where the header has 7",
        "line 6: row skipped: the id \"a\" was on an earlier row",
      ])
  }

  @Test(
    "a header that cannot be used refuses the file, and says what to do",
    arguments: [
      ("Telefon,Fax\n1,2\n", [], "has no column that is known: \"Telefon\", \"Fax\""),
      ("name\nAda\n", [CSVHeader.Mapping(target: .birth, column: "Brithday")], "there is no column \"Brithday\""),
      ("name,birthdate\n", [.init(target: .birth, column: "birthdat")], "did you mean \"birthdate\"?"),
      ("name\nAda\n", [.init(target: .birth, column: "#2")], "there is no column 2; there are 1"),
      ("na\u{0}me,x\n", [], "the header is not valid UTF-8 text"), ("\"name\n", [], "does not end"),
    ])
  func headers(text: String, mappings: [CSVHeader.Mapping], message: String) {
    do {
      _ = try TableReading(text, CSVSettings(mappings: mappings))
      Issue.record("it was read")
    } catch let error as CtlError { #expect(error.message.contains(message), "\(error.message)") } catch {
      Issue.record(error)
    }
  }

  @Test("people become users with a schedule for each date; importing again changes nothing")
  func imported() async throws {
    try await FakeAgent.serve { agent, ctl in
      let path = Fixture.folder.appending(path: "google.csv").path
      let first = try await ctl("import", path)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.lines.last == "3 created, 0 updated, 0 unchanged, 0 skipped, 0 failed, 2 notes")
      let schedules = agent.with { $0.schedules.values.map(\.eventType).sorted() }
      #expect(schedules == ["anniversary", "anniversary", "birthday", "birthday", "birthday"])
      let work = agent.with { state in
        state.schedules.values.first { $0.name.contains("anniversary-first-day-at-work-") }
      }
      #expect(work?.definition.fields["of"]?.stringValue == "first-day-at-work")
      #expect(
        try await ctl("import", path).lines.last == "0 created, 0 updated, 3 unchanged, 0 skipped, 0 failed, 2 notes")
      let german = try await ctl(
        "import", Fixture.folder.appending(path: "german.csv").path, "--map", "id=Kennung", "--map", "name=Anzeigename",
        "--map", "birth=Geburtstag", "--map", "date.wedding=Hochzeit", "--date-format", "dd.mm.yyyy")
      #expect(german.status == 0, "\(german.errors)")
      #expect(agent.with { $0.schedules["namespaces/default/schedules/anniversary-wedding-g-2"] } != nil)
    }
  }
}
