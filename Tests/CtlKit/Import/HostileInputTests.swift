import ControlAPI
import Foundation
import Testing

@testable import CtlKit

/// What a reader of any format hands out of some bytes, fed in pieces.
struct SourceReading {
  var entries: [ImportEntry] = []
  var notes: [ImportNote] = []
  var failure: CtlError?

  init(_ format: ImportFormat, _ bytes: [UInt8], piece: Int = 64 * 1024, now: Int64 = 1_780_000_000_000) {
    let items = ImportItems(namespace: "default", at: "09:00")
    do {
      switch format {
      case .vcard: try read(VCardSource(items: items), bytes, piece)
      case .csv: try read(CSVSource(items: items, settings: CSVSettings(), name: "x"), bytes, piece)
      case .jsonl: try read(JSONLinesSource(namespace: "default"), bytes, piece)
      case .ical:
        var index = CalendarIndex(now: now)
        for start in stride(from: 0, to: bytes.count, by: piece) {
          try index.consume(bytes[start..<min(start + piece, bytes.count)])
        }
        try index.consume([])
        try read(ICalendarSource(items: items, index: index, settings: CalendarSettings(now: now)), bytes, piece)
      }
    } catch let error as CtlError { failure = error } catch { Issue.record(error) }
  }

  private mutating func read(_ source: some ImportSource, _ bytes: [UInt8], _ piece: Int) throws {
    var source = source
    for start in stride(from: 0, to: bytes.count, by: piece) {
      add(try source.consume(bytes[start..<min(start + piece, bytes.count)]))
    }
    add(try source.finish())
  }

  private mutating func add(_ parts: [ImportPart]) {
    for part in parts {
      switch part {
      case .note(let note): notes.append(note)
      case .entry(let entry): entries.append(entry)
      }
    }
  }
}

@Suite("Hostile input")
struct HostileInputTests {
  private static func noise(_ seed: UInt64, _ count: Int, _ alphabet: [UInt8]? = nil) -> [UInt8] {
    var generator = Seeded(state: seed)
    return (0..<count).map { _ in
      alphabet?.randomElement(using: &generator) ?? UInt8.random(in: 0...255, using: &generator)
    }
  }

  @Test("200 kB of random bytes imports nothing, in every format", arguments: ImportFormat.allCases, [7, 70, 700])
  func randomBytes(format: ImportFormat, seed: UInt64) {
    let reading = SourceReading(format, Self.noise(seed, 200_000))
    #expect(reading.entries.isEmpty)
    #expect(reading.failure != nil || !reading.notes.isEmpty)
  }

  @Test("random bytes of unknown kind change nothing at the agent", arguments: [1])
  func randomInput(seed: UInt64) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ctl-noise-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await FakeAgent.serve { agent, ctl in
      for name in ["x", "x.vcf", "x.ics", "x.csv", "x.jsonl"] {
        let file = folder.appending(path: name)
        try Data(Self.noise(seed, 200_000)).write(to: file)
        #expect(try await ctl("import", file.path).status != 0, "\(name)")
      }
      #expect(agent.with { $0.users.isEmpty && $0.schedules.isEmpty })
    }
  }

  @Test(
    "random lines of a format's own words end, and every fault has a line", arguments: ImportFormat.allCases, [3, 4])
  func randomWords(format: ImportFormat, seed: UInt64) {
    let words: [String] = [
      "BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n", "END:VEVENT\n", "BEGIN:VALARM\n", "END:VALARM\n", "END:VCALENDAR\n",
      "BEGIN:VTIMEZONE\n", "BEGIN:STANDARD\n", "BEGIN:VCARD\n", "END:VCARD\n", "FN:x\n", "UID:", "DTSTART", ";TZID=",
      ":",
      "20261123T093000", "\n", "\r\n ", "RRULE:FREQ=YEARLY", "99999999999999999999", "-P99999999999W", "TRIGGER:", "\"",
      ",", ";", "name", "birthday", "{\"id\":", "}", "[", "\\u0000", "\u{0}", "é", "{{", "RECURRENCE-ID:", "BDAY:",
    ]
    var generator = Seeded(state: seed)
    let text = (0..<20_000).compactMap { _ in words.randomElement(using: &generator) }.joined()
    let reading = SourceReading(format, Array(text.utf8))
    #expect(reading.notes.allSatisfy { $0.line >= 1 && !$0.reason.isEmpty })
  }

  @Test(
    "every start of a good file is read, or its cut is told",
    arguments: ["google.ics", "apple.ics", "google.csv", "records.jsonl", "apple.vcf"])
  func truncated(name: String) throws {
    let bytes = try Fixture.bytes(name)
    let format = try #require(ImportFormat.detect(bytes, name: name, mapsColumns: false))
    let all = SourceReading(format, bytes)
    for count in stride(from: 1, to: bytes.count, by: 37) {
      let reading = SourceReading(format, Array(bytes[..<count]))
      #expect(reading.entries.count <= all.entries.count)
    }
  }

  @Test(
    "pieces of any size give the same",
    arguments: ["google.ics", "outlook.ics", "google.csv", "excel-utf16.csv", "records.jsonl"], [1, 3, 1_000])
  func pieces(name: String, piece: Int) throws {
    let bytes = try Fixture.bytes(name)
    let format = try #require(ImportFormat.detect(bytes, name: name, mapsColumns: false))
    let whole = SourceReading(format, bytes)
    let parts = SourceReading(format, bytes, piece: piece)
    #expect(parts.entries.map(\.item) == whole.entries.map(\.item))
    #expect(parts.notes == whole.notes)
    #expect(!whole.entries.isEmpty)
  }
}
