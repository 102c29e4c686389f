import Foundation
import Testing

/// Who looks for a command finds a file of its name.
@Suite("Files of commands")
struct CommandFileTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../Sources/ctl/CtlKit").standardized

  @Test("no file has two commands")
  func oneEach() throws {
    let files = try #require(FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil))
    var commands = 0
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      let count = text.components(separatedBy: "CommandConfiguration(").count - 1
      #expect(count <= 1, "\(file.lastPathComponent) has \(count)")
      commands += count
    }
    #expect(commands > 100)
  }
}
