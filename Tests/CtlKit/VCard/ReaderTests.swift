import Foundation
import Testing

@testable import CtlKit

@Suite("vCard reader")
struct ReaderTests {
  private func card(_ properties: String...) -> String {
    "BEGIN:VCARD\nVERSION:4.0\n" + properties.map { $0 + "\n" }.joined() + "END:VCARD\n"
  }

  // MARK: exports of real programs

  @Test("Apple Contacts: omitted year, labelled anniversary, photo, group")
  func apple() throws {
    let reading = Reading(try Fixture.bytes("apple.vcf"))
    #expect(reading.people.count == 1)
    let person = try #require(reading.people.first)
    #expect(person.id == "5b1c6c0f-1a2b-4c3d-8e4f-0123456789ab")
    #expect(person.name.display == "Johnny Appleseed")
    #expect(person.birth?.description == "--09-26")
    #expect(person.anniversary?.description == "2009-05-30")
    #expect(person.emails == ["johnny@example.com"])
    #expect(reading.notes.map(\.description) == ["line 21: card skipped: it is a \"group\", not a person"])
  }

  @Test("Google Contacts: LF, no UID, empty names")
  func google() throws {
    let reading = Reading(try Fixture.bytes("google.vcf"))
    #expect(reading.people.map(\.name.display) == ["José Ñandú García", "Bakery, the good one"])
    #expect(reading.people.map(\.name.nickname) == ["Pepe", ""])
    #expect(reading.people.map(\.birth?.description) == ["1990-05-04", "--05-04"])
    #expect(reading.people[0].emails == ["jose@example.es", "pepe@example.es"])
    #expect(reading.people.allSatisfy { $0.id.hasPrefix("c-") && PersonIdentity.isValid($0.id) })
    #expect(reading.notes.map(\.property) == ["UID", "UID"])
    #expect(reading.notes.map(\.line) == [1, 16])
  }

  @Test("Outlook and old handsets, version 2.1: quoted-printable, Windows-1252, an agent's card inside")
  func outlook() throws {
    let reading = Reading(try Fixture.bytes("outlook.vcf"))
    #expect(reading.people.map(\.name.display) == ["Jürgen Müller", "太郎 山田"])
    #expect(reading.people.map(\.name.suffix) == ["€uro", ""])
    #expect(reading.people.map(\.birth?.description) == ["1970-02-28", "1985-12-24"])
    #expect(reading.people.map(\.timeZone) == ["Etc/GMT-1", nil])
    #expect(reading.people.map(\.id) == ["outlook-1", "outlook-2"])
    #expect(reading.notes.map(\.property) == ["TZ"])
  }

  @Test("Nextcloud: folds inside characters, preferences, text dates")
  func nextcloud() throws {
    let reading = Reading(try Fixture.bytes("nextcloud.vcf"))
    #expect(reading.people.count == 2)
    let person = try #require(reading.people.first)
    #expect(
      person.name.display == "Élodie Bébé-Lünenbürger d’Été Ångström Œuvre Žižek naïve façade coöperate")
    #expect(person.name.family == "d’Été")
    #expect(person.emails == ["\"elodie\"@work.example.fr", "elodie@example.fr"])
    #expect(person.locale == "fr-FR")
    #expect(person.anniversary?.description == "2010-06-05")
    #expect(reading.people[1].id == "urn:uuid:6a6b6c6d-0000-4000-8000-000000000001")
    #expect(reading.people[1].birth == nil)
    #expect(
      reading.notes.map { "\($0.property ?? "") \($0.kind.rawValue)" }
        == ["BDAY property-skipped", "TZ property-skipped"])
  }

  @Test("Thunderbird: byte order mark, offsets, odd UIDs")
  func thunderbird() throws {
    let reading = Reading(try Fixture.bytes("thunderbird.vcf"))
    #expect(reading.people.map(\.name.display) == ["Grace \"Amazing\" Hopper-Nguyễn", "Bhutan Offset"])
    #expect(reading.people.map(\.timeZone) == ["Etc/GMT+5", nil])
    #expect(reading.people[0].name.nickname == "Gracie")
    #expect(reading.people[1].sourceUID == "has space & ünicode")
    #expect(reading.people[1].id.hasPrefix("u-"))
    #expect(reading.people[1].id.count == 34)
    #expect(reading.notes.map(\.property) == ["TZ", "BDAY", "TZ"])
  }

  @Test("the sample: 24 people, no complaints, at least eight zones, two without year, a leap day")
  func sample() throws {
    let reading = Reading(try [UInt8](Data(contentsOf: Fixture.sample)))
    #expect(reading.people.count == 24)
    #expect(reading.notes == [])
    #expect(Set(reading.people.compactMap(\.timeZone)).count >= 8)
    let births = reading.people.compactMap(\.birth)
    #expect(births.count == 23)
    #expect(births.count { $0.year == nil } >= 2)
    #expect(births.contains { $0.month == 2 && $0.day == 29 })
    #expect(reading.people.count { $0.timeZone == nil } == 1)
    #expect(reading.people.contains { $0.name.display == "Jörg Günther Grüßner" })
    #expect(reading.people.contains { $0.name.nickname == "Mati 🦙" })
    for zone in reading.people.compactMap(\.timeZone) {
      #expect(FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/" + zone), "\(zone)")
    }
  }

  // MARK: what is wrong

  @Test("broken cards and lines cost themselves, no more")
  func broken() throws {
    let reading = Reading(try Fixture.bytes("broken.vcf"))
    #expect(reading.people.map(\.id) == ["good-1", "good-2"])
    #expect(reading.people.map(\.name.display) == ["Good One", "Bad Bytes"])
    let expected = [
      "line 1: outside any card (BEGIN:VCARD … END:VCARD): \"hello, this is no card\"",
      "line 7: BDAY: is no day of the calendar: \"1990-02-30\"",
      "line 8: no colon between name and value: \"this line has no colon\"",
      "line 9: the property name has characters other than letters, digits and -: \"B@D:name\"",
      "line 10: EMAIL: \"nobody\" is no address (name@domain)",
      "line 11: a quoted parameter value does not end: \"NOTE;X=\"open:quote\"",
      "line 12: TZ: \"Mars\" is no IANA zone name such as Europe/Paris",
      "line 14: card skipped: no END:VCARD before the next BEGIN:VCARD on line 18",
      "line 18: card skipped: version \"7.0\" is not 2.1, 3.0 or 4.0",
      "line 23: card skipped: it has no name (FN, N, NICKNAME, ORG or EMAIL)",
      "line 28: card skipped: it has a DEATHDATE: nobody is congratulated",
      "line 35: card skipped: the UID \"good-1\" was on an earlier card",
      "line 42: FN: is not valid UTF-8",
      "line 45: BDAY: is binary (base64), not text",
      "line 46: X-CARILLON-WEBHOOK: is no http or https URL: \"ftp://example.org/x\"",
      "line 48: card skipped: the input ends before END:VCARD",
    ]
    #expect(reading.notes.map(\.description) == expected)
  }

  @Test("the same file gives the same ids")
  func stableIdentity() throws {
    for name in ["google.vcf", "thunderbird.vcf"] {
      let bytes = try Fixture.bytes(name)
      #expect(Reading(bytes).people.map(\.id) == Reading(bytes).people.map(\.id))
    }
    let one = PersonIdentity.id(name: "A", birth: PartialDate(year: 1990, month: 5, day: 4), email: "a@example.org")
    let other = PersonIdentity.id(name: "A", birth: PartialDate(year: 1991, month: 5, day: 4), email: "a@example.org")
    #expect(one != other)
  }

  @Test(
    "ids that the API takes stay as they are",
    arguments: [
      ("urn:uuid:5d1b6a52-6c0e-4f55-9a3e-0d2c7f6b1a01", true), ("a@b.c", true), ("", false), ("a b", false),
      ("a/b", false), ("ü", false), (String(repeating: "x", count: 128), true),
      (String(repeating: "x", count: 129), false),
    ])
  func validIdentity(id: String, isValid: Bool) {
    #expect(PersonIdentity.isValid(id) == isValid)
    #expect((PersonIdentity.id(ofUID: id) == id) == isValid)
  }

  @Test("a webhook of one's own is taken")
  func webhook() {
    let reading = Reading(card("FN:A", "UID:a", "X-CARILLON-WEBHOOK:https://example.org/hook?a=1"))
    #expect(reading.people.map(\.webhook) == ["https://example.org/hook?a=1"])
  }

  @Test("control characters of a card never reach the output")
  func controlCharacters() {
    let reading = Reading(card("FN:A\u{1B}[31mB\\nC\u{7}", "UID:a"))
    #expect(reading.people.map(\.name.display) == ["A [31mB C"])
    #expect(!Reading("\u{1B}]0;x\u{7}\n").notes.description.unicodeScalars.contains("\u{1B}"))
  }

  // MARK: bounds

  @Test("200 kB of random bytes imports nothing and crashes nothing", arguments: [1, 2, 3])
  func randomBytes(seed: UInt64) {
    var generator = Seeded(state: seed)
    let bytes = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let reading = Reading(bytes, piece: 4_096)
    #expect(reading.people == [])
    #expect(reading.notes.count == 1)
  }

  @Test("a card with random lines inside is read to its end", arguments: 1...8)
  func randomLines(seed: UInt64) {
    var generator = Seeded(state: seed)
    let alphabet = Array("BDAYTZNFUID:;=\\,^\"-0189.\n \t\r\u{C3}\u{A9}=QUOTED-PRINTABLE".utf8)
    let noise = (0..<20_000).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
    let reading = Reading(Array("BEGIN:VCARD\nFN:A\nUID:a\n".utf8) + noise + Array("\n\nEND:VCARD\n".utf8))
    #expect(reading.people.count + reading.notes.count { $0.kind == .itemSkipped } >= 1)
    #expect(reading.notes.count <= VCardLimits.maxNotesPerCard + 4)
  }

  @Test("a real card cut at any byte crashes nothing")
  func truncation() throws {
    let bytes = try Fixture.bytes("outlook.vcf")
    for length in bytes.indices {
      let reading = Reading(bytes.prefix(length))
      #expect(reading.people.count <= 2)
    }
  }

  @Test("a card with too many lines is skipped, the next one is read")
  func tooManyLines() {
    let many = Array(repeating: "X-A:1", count: VCardLimits.maxCardLines + 1).joined(separator: "\n")
    let reading = Reading(card("FN:Big", many) + card("FN:Small", "UID:s"))
    #expect(reading.people.map(\.name.display) == ["Small"])
    #expect(reading.notes.map(\.reason) == ["card skipped: more than \(VCardLimits.maxCardLines) lines"])
  }

  @Test("a photo longer than a line may be passes in silence, a name does not")
  func longLines() {
    let long = String(repeating: "A", count: ContentLineLimits.maxLineBytes)
    let reading = Reading(card("PHOTO:" + long, "ORG:" + long, "FN:A", "UID:a"))
    #expect(reading.people.count == 1)
    #expect(reading.notes.map(\.property) == ["ORG"])
  }

  @Test("a card reports so many lines and counts the rest")
  func manyNotes() {
    let bad = Array(repeating: "EMAIL:nobody", count: VCardLimits.maxNotesPerCard + 5).joined(separator: "\n")
    let reading = Reading(card("FN:A", "UID:a", bad))
    #expect(reading.notes.count == VCardLimits.maxNotesPerCard + 1)
    #expect(reading.notes.last?.reason == "5 more such lines")
  }
}
