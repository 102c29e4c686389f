import AgentHarness
import Foundation
import Testing

/// The reference of the plugin ABI is what its headers say.
@Suite("Reference of the plugin ABI")
struct ReferenceTests {
  private static let script = "Sources/PluginAPI/Reference/reference.py"
  private static let header = "Sources/PluginAPI/CPluginAPI/include/carillon/sink.h"

  private static func check(in root: String) async throws -> Tool.Answer {
    try await Tool.run(Programs.python, ["-B", "\(root)/\(script)", "--check"])
  }

  /// Runs `body` in a folder with the headers, the script and the page alone.
  private static func inCopy(_ body: (String) async throws -> Void) async throws {
    try await TemporaryFolder.with { folder in
      let manager = FileManager.default
      for path in ["Sources/PluginAPI/Reference", "Sources/PluginAPI/CPluginAPI", "docs/plugins/reference.md"] {
        let target = URL(fileURLWithPath: "\(folder.path)/\(path)")
        try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try manager.copyItem(atPath: "\(Programs.repository)/\(path)", toPath: target.path)
      }
      try await body(folder.path)
    }
  }

  private static func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old))
    try text.replacing(old, with: new, maxReplacements: 1).write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test("the page is up to date, and the compiler confirms its sizes and offsets")
  func upToDate() async throws {
    let answer = try await Self.check(in: Programs.repository)
    #expect(answer.exitCode == 0, "\(answer.output)\(answer.errors)")
  }

  @Test("a header that says something else is noticed")
  func changedComment() async throws {
    try await Self.inCopy { root in
      try Self.edit("\(root)/\(Self.header)", "/* 1 for the first */", "/* 0 for the first */")
      let answer = try await Self.check(in: root)
      #expect(answer.exitCode == 1 && answer.output.contains("+| 4 | `attempt` | `uint32_t` | 0 for the first |"))
    }
  }

  @Test("what the script cannot read is named with its line, not left out")
  func unknownForm() async throws {
    try await Self.inCopy { root in
      try Self.edit("\(root)/\(Self.header)", "/* One attempt", "union odd { int a; };\n\n/* One attempt")
      let answer = try await Self.check(in: root)
      #expect(answer.exitCode == 1 && answer.errors.contains("carillon/sink.h:") && answer.errors.contains("union odd"))
    }
  }

  @Test("the compiler has the last word about the layout")
  func wrongLayout() async throws {
    try await Self.inCopy { root in
      let script = "\(root)/Sources/PluginAPI/Reference/layout.py"
      try Self.edit(script, "\"int32_t\": 4", "\"int32_t\": 8")
      let answer = try await Self.check(in: root)
      #expect(answer.exitCode == 1 && answer.errors.contains("the compiler disagrees"))
    }
  }
}
