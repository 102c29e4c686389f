import Foundation
import Testing

@Suite("ctl plugin new")
struct PluginNewTests {
  private static func new(_ scratch: Scratch, _ arguments: String...) async throws -> Outcome {
    try await Tool(scratch: scratch).run([Place.ctl, "plugin", "new", "--lang", "c", "--kind", "sink"] + arguments)
  }

  @Test(
    "a name that the manifest may not have is refused, with what is allowed",
    arguments: ["Pager", "a_b", "a.b", "-a", "", "ü", String(repeating: "a", count: 64)])
  func names(name: String) async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let outcome = try await Self.new(scratch, "--", name)
    #expect(outcome.status == 64 && outcome.errors.contains("1 to 63 of a-z, 0-9 and -"), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test("what is there already is left alone")
  func existing() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("mine", to: "diary")
    let outcome = try await Self.new(scratch, "diary")
    #expect(outcome.status == 6 && outcome.errors.contains("exists already"), "\(outcome.errors)")
    #expect(try scratch.text("diary") == "mine")
  }

  @Test("a folder of another name, told as JSON; one whose parent is missing is not made")
  func directory() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let outcome = try await Self.new(scratch, "diary", "--directory", "work", "-o", "json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    struct Answer: Decodable {
      var directory: String
      var files: [String]
    }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    #expect(answer.directory == "work" && answer.files.contains("plugin.c"))
    for file in answer.files { #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/work/\(file)")) }
    let lost = try await Self.new(scratch, "diary", "--directory", "no/where")
    #expect(lost.status == 1 && lost.errors.contains("no/where"), "\(lost.errors)")
  }

  @Test("a language or kind that is none is answered with those that are")
  func choices() async throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let outcome = try await Self.new(scratch, "diary", "--lang", "cobol")
    #expect(outcome.status == 64 && outcome.errors.contains("rust"), "\(outcome.errors)")
  }
}
