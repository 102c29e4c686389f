import Foundation
import Testing

/// Programs go by the reasons of errors: each of them is documented.
@Suite struct ReasonTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardized

  /// Every reason that the sources can answer. gRPC's names of statuses stand in one list of their own.
  private static func reasons() throws -> Set<String> {
    let folder = root.appendingPathComponent("Sources/Agent/ControlPlane")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var found: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      let own = text.components(separatedBy: "enum StatusName").first ?? text
      for match in own.matches(of: /"([A-Z]+(?:_[A-Z]+)*)"/) where match.1.count >= 4 { found.insert(String(match.1)) }
    }
    return found
  }

  @Test func everyReasonIsInTheTable() throws {
    let page = try String(contentsOf: Self.root.appendingPathComponent("Proto/README.md"), encoding: .utf8)
    let reasons = try Self.reasons()
    #expect(reasons.count > 30)
    for reason in reasons.sorted() { #expect(page.contains("`\(reason)`"), "\(reason) is not documented") }
  }
}
