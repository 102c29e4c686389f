import Foundation
import Testing

@Suite("Every example: one symbol, its manifest in a note, and no fault that valgrind or a sanitizer finds")
struct HygieneTests {
  private static let all = Examples.compiled + (Examples.hasCargo ? ["easter"] : [])

  @Test("It exports the entry and nothing else", arguments: all)
  func exports(name: String) async throws {
    let plugin = try await Examples.built().plugin(name)
    let finished = try await Command.run("/usr/bin/nm", ["-D", "--defined-only", "--format=posix", plugin])
    #expect(finished.lines.compactMap { $0.split(separator: " ").first } == ["carillon_plugin_v1"])
  }

  @Test("Its manifest stands in the file's note", arguments: all)
  func note(name: String) async throws {
    let plugin = try await Examples.built().plugin(name)
    let finished = try await Command.run("/usr/bin/readelf", ["--notes", "--wide", plugin])
    #expect(finished.lines.filter { $0.hasPrefix("  Carillon") }.count == 2, "\(finished.output)")
    #expect(finished.output.contains("Displaying notes found in: .note.carillon"))
  }

  /// What the driver does with an example, and the lines that must come out.
  struct Drive: CustomTestStringConvertible, Sendable {
    var name: String
    var kind = "sink"
    var words: [String]
    var lines: Int
    var testDescription: String { "\(name) \(words.joined(separator: " "))" }
  }

  /// FOLDER stands for a folder of the test's own.
  static let drives: [Drive] = [
    Drive(
      name: "archive", words: [#"{"directory":"FOLDER/a","max_bytes":20000,"keep_files":2}"#, "1", "1500", "100"],
      lines: 1_500),
    Drive(name: "archive", words: [#"{"directory":"FOLDER/a","sync":false}"#, "1", "300", "7"], lines: 300),
    Drive(name: "archive", words: [#"{"directory":"/proc/none"}"#, "1", "1", "1"], lines: -1),
    Drive(
      name: "exec", words: [#"{"command":["/bin/sh","-c","cat; exit 75"],"input":"json"}"#, "1", "20", "20"], lines: 20),
    Drive(name: "exec", words: [#"{"command":["/bin/sleep","100"],"children":2}"#, "1", "6", "6", "cancel"], lines: 6),
    Drive(
      name: "exec", words: [#"{"command":["/bin/sleep","100"],"children":2}"#, "1", "6", "6", "abandon"], lines: 6),
    Drive(name: "exec", words: [#"{"command":["/none"]}"#, "1", "1", "1"], lines: -1),
    Drive(name: "journal", words: [#"{"socket":"FOLDER/socket","fields":{"A":"b"}}"#, "1", "10", "5"], lines: 10),
    Drive(name: "journal", words: [#"{"priority":"none"}"#, "1", "1", "1"], lines: -1),
    Drive(
      name: "countdown", kind: "event-type",
      words: [#"{"to":"2031-05-04","title":"x","days":[1,2,3,4,5,6,7,8,9,10]}"#, "2030", "20"], lines: 10),
    Drive(name: "countdown", kind: "event-type", words: [#"{"to":"2031-02-29","title":"x"}"#, "2030", "1"], lines: -1),
    Drive(
      name: "easter", kind: "event-type", words: [#"{"days":[0,-2,39],"calendar":"orthodox"}"#, "2026", "50"], lines: 50
    ),
    Drive(name: "easter", kind: "event-type", words: [#"{"days":[]}"#, "2026", "50"], lines: -1),
  ]

  private static func arguments(_ drive: Drive, _ examples: Examples, _ folder: TemporaryFolder) -> [String] {
    [drive.kind, examples.plugin(drive.name)] + drive.words.map { $0.replacing("FOLDER", with: folder.path) }
  }

  private static func check(_ finished: Finished, _ drive: Drive) {
    #expect(finished.status == (drive.lines < 0 ? 3 : 0), "\(finished.errors.suffix(4_000))")
    #expect(finished.lines.count == max(0, drive.lines))
  }

  @Test("valgrind finds nothing, and no leak", arguments: drives.filter { all.contains($0.name) })
  func valgrind(drive: Drive) async throws {
    let examples = try await Examples.built()
    try await TemporaryFolder.with { folder in
      let valgrind = [
        "--quiet", "--error-exitcode=99", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible",
        "--errors-for-leak-kinds=definite,indirect,possible", examples.driver,
      ]
      let arguments = Self.arguments(drive, examples, folder)
      Self.check(try await Command.run("/usr/bin/valgrind", valgrind + arguments), drive)
    }
  }

  @Test("Nor do the sanitizers for addresses and undefined behaviour", arguments: drives.filter { $0.name != "easter" })
  func sanitizers(drive: Drive) async throws {
    let examples = try await Examples.built(.sanitized)
    try await TemporaryFolder.with { folder in
      let options = ["ASAN_OPTIONS": "detect_leaks=1:exitcode=99", "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99"]
      let arguments = Self.arguments(drive, examples, folder)
      Self.check(try await Command.run(examples.driver, arguments, environment: options), drive)
    }
  }
}
