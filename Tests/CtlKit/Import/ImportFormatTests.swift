import Foundation
import Testing

@testable import CtlKit

@Suite("Formats of an import")
struct ImportFormatTests {
  @Test(
    "content tells before the ending, the ending before a guess",
    arguments: [
      ("BEGIN:VCARD\r\nVERSION:4.0\r\n", "x.csv", ImportFormat.vcard),
      ("\u{FEFF}begin:vcalendar\n", "-", .ical),
      ("junk before\nBEGIN:VCALENDAR\n", "calendar.txt", .ical),
      ("hello", "team.vcf", .vcard), ("", "team.ics", .ical), ("a b c", "people.CSV", .csv),
      ("a\tb", "people.tsv", .csv),
      ("", "folder.d/records.ndjson", .jsonl), (" {\"id\":\"ada\"}", "-", .jsonl),
      ("name;birthday\nAda;1815-12-10\n", "-", .csv), ("sep=;\nname;birthday\n", "-", .csv),
    ])
  func detection(text: String, name: String, expected: ImportFormat) {
    #expect(ImportFormat.detect(Array(text.utf8), name: name, mapsColumns: false) == expected)
  }

  @Test(
    "nothing is guessed of text, binary or an empty input", arguments: ["plain words", "{ not json", "", "\u{0}\u{1}"])
  func noGuess(text: String) {
    #expect(ImportFormat.detect(Array(text.utf8), name: "-", mapsColumns: false) == nil)
    #expect(ImportFormat.detect(Array(text.utf8), name: "vcf", mapsColumns: false) == nil)
  }

  @Test("a flag of another format is refused, not ignored")
  func foreignFlags() async throws {
    try await FakeAgent.serve { agent, ctl in
      let table = try await ctl("import", Fixture.folder.appending(path: "german.csv").path, "--past")
      #expect(table.status == 64)
      #expect(table.errors.contains("--past: is not for csv files"))
      let calendar = try await ctl("import", Fixture.folder.appending(path: "google.ics").path, "--map", "name=x")
      #expect(calendar.status == 64)
      #expect(agent.with { $0.users.isEmpty && $0.schedules.isEmpty })
    }
  }

  @Test(
    "flags that make no sense are refused before anything is read",
    arguments: [
      ["--map", "brith=Birthday"], ["--map", "birth"], ["--date-format", "dd.yyyy"], ["--encoding", "ebcdic"],
      ["--default-lead", "90s"], ["--default-lead", "366d"], ["--at", "9:00"], ["--format", "xml"],
    ])
  func badFlags(flags: [String]) async throws {
    try await FakeAgent.serve { agent, ctl in
      let result = try await ctl.run(["import", "-"] + flags, input: "name\nAda\n")
      #expect(result.status == 64, "\(result.errors)")
      #expect(agent.with { $0.users.isEmpty })
    }
  }
}
