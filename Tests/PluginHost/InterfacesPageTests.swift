import Foundation
import Testing

@testable import PluginHost

@Suite("The page about host interfaces")
struct InterfacesPageTests {
  private static let page = Sources.root.appendingPathComponent("docs/plugins/interfaces.md")

  private static func blocks() throws -> [String] {
    let text = try String(contentsOf: page, encoding: .utf8)
    return text.components(separatedBy: "```c\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
  }

  @Test("Every interface has its row, and an example")
  func complete() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    for id in HostContext.interfaces { #expect(text.contains("| `\(id)` |"), "\(id)") }
    #expect(try Self.blocks().count == HostContext.interfaces.count + 1)
  }

  @Test("Every example compiles as it stands, without a warning")
  func compiles() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    for (number, block) in try Self.blocks().enumerated() {
      let file = folder.url.appendingPathComponent("example\(number).c")
      try Data(block.utf8).write(to: file)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        "cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-c", "-I\(Sources.headers.path)", file.path,
        "-o",
        file.path + ".o",
      ]
      #expect(try await process.exitStatus() == 0, "\(block)")
    }
  }
}
