import Foundation
import Testing

@Suite("Every example passes ctl plugin check", .serialized)
struct CheckTests {
  /// An example, and what the check is told about it.
  struct Checked: CustomTestStringConvertible, Sendable {
    var name: String
    var options: [String] = []
    var testDescription: String { name }
  }

  static let all =
    [
      Checked(name: "archive"), Checked(name: "countdown"),
      Checked(name: "exec", options: ["--config", #"{"command": ["/bin/true"]}"#]),
      Checked(name: "journal", options: ["--config", "{}"]),
    ] + (Examples.hasCargo ? [Checked(name: "easter")] : [])

  @Test("no case fails, and all that are for it are tried", arguments: all)
  func clean(example: Checked) async throws {
    let plugin = try await Examples.built().plugin(example.name)
    let ctl = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .appendingPathComponent("ctl").path
    // Longer than a busy machine needs: other tests run beside this.
    let check = ["plugin", "check", plugin, "--seed", "1", "--call-limit", "30s"]
    let finished = try await Command.run(ctl, check + example.options)
    #expect(finished.status == 0, "\(finished.output)\(finished.errors)")
    let summary = try #require(finished.lines.last)
    #expect(summary.contains(" 0 failed") && !summary.contains("NOT ALL WAS TRIED"), "\(finished.output)")
  }

  @Test("Each folder of an example is in the table")
  func complete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Sources.examples.path)
      .filter { FileManager.default.fileExists(atPath: Sources.examples.appendingPathComponent("\($0)/Makefile").path) }
    #expect(Set(folders) == Set(Self.all.map(\.name) + ["easter"]))
  }
}
