import Foundation
import Testing

/// What the driver does with an example, and the lines that must come out.
struct Drive: CustomTestStringConvertible, Sendable {
  var name: String
  var kind = "sink"
  /// The driver's further arguments; FOLDER stands for a folder of the test's own.
  var words: [String]
  /// Lines that come out; -1: the example must refuse.
  var lines: Int
  /// Whether each line is of a delivery that reached its end.
  var isDelivered = false
  /// Entries that a journal at FOLDER/socket waits for.
  var entries = 0
  var testDescription: String { "\(name) \(words.joined(separator: " "))" }

  private static let keeping = #"{"command":["/bin/sh","-c","read line; echo \"$line\" >>FOLDER/lines"]}"#

  /// Each example delivers, or answers, in earnest; fails as its other side does; is interrupted; and refuses.
  static let all: [Drive] = [
    Drive(
      name: "archive", words: [#"{"directory":"FOLDER/a","max_bytes":20000,"keep_files":2}"#, "1", "1000", "100"],
      lines: 1_000, isDelivered: true),
    Drive(
      name: "archive", words: [#"{"directory":"FOLDER/a","sync":false}"#, "1", "300", "7"], lines: 300,
      isDelivered: true),
    Drive(name: "archive", words: [#"{"directory":"/proc/none"}"#, "1", "1", "1"], lines: -1),
    Drive(name: "exec", words: [keeping, "1", "12", "12"], lines: 12, isDelivered: true),
    Drive(
      name: "exec", words: [#"{"command":["/bin/sh","-c","cat; exit 75"],"input":"json"}"#, "1", "12", "12"], lines: 12),
    Drive(name: "exec", words: [#"{"command":["/bin/sleep","100"],"children":2}"#, "1", "6", "6", "cancel"], lines: 6),
    Drive(
      name: "exec", words: [#"{"command":["/bin/sleep","100"],"children":2}"#, "1", "6", "6", "abandon"], lines: 6),
    Drive(name: "exec", words: [#"{"command":["/none"]}"#, "1", "1", "1"], lines: -1),
    Drive(
      name: "journal", words: [#"{"socket":"FOLDER/socket","fields":{"A":"b"}}"#, "1", "10", "5"], lines: 10,
      isDelivered: true, entries: 10),
    // Too long for a datagram: it goes as a file.
    Drive(
      name: "journal", words: [#"{"socket":"FOLDER/socket"}"#, "1", "2", "2", "long"], lines: 2, isDelivered: true,
      entries: 2),
    Drive(name: "journal", words: [#"{"socket":"FOLDER/none"}"#, "1", "10", "5"], lines: 10),
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

  /// Runs the driver, and looks at what came out.
  /// - Parameters:
  ///   - checker: what the driver runs under: a program and its arguments.
  ///   - environment: of the driver.
  func run(_ examples: Examples, under checker: [String] = [], environment: [String: String] = [:]) async throws {
    try await TemporaryFolder.with { folder in
      let journal = entries > 0 ? try await Journal(folder, entries) : nil
      let arguments = words.map { $0.replacing("FOLDER", with: folder.path) }
      let command = checker + [examples.driver, kind, examples.plugin(name)] + arguments
      let finished = try await Command.run("/usr/bin/env", command, environment: environment)
      #expect(finished.status == (lines < 0 ? 3 : 0), "\(finished.errors.suffix(4_000))")
      #expect(finished.lines.count == max(0, lines))
      if isDelivered {
        #expect(finished.lines.allSatisfy { $0.split(separator: " ")[1] == "1" }, "\(finished.output.prefix(400))")
      }
      if let journal {
        let found = try await journal.finished()
        #expect(found.count == entries)
      }
    }
  }
}
