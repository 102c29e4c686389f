import AgentHarness
import Testing

/// Runs the pages that install, build and start everything themselves, which is mostly the work of compilers.
@Suite("Documentation that begins with nothing", .serialized)
struct FromNothingTests {
  static let pages = DocsTests.pages.filter { path in
    // What cannot be read fails in the tests of all pages.
    (try? DocPage(DocsTests.text(path)).isFromNothing) ?? false
  }

  @Test(
    "what the page says is what happens, with an installation and nothing else", .timeLimit(.minutes(5)),
    arguments: pages)
  func page(_ path: String) async throws {
    let page = DocPage(try DocsTests.text(path))
    try await TemporaryFolder.with { folder in
      let place = try await Installation.make(in: folder)
      let script = PageScript(page: page, instead: ["/opt/carillon": place.prefix])
      let file = try folder.write("cd '\(place.work)'\n" + script.text, to: "page.sh")
      let answer = try await Tool.run("/bin/bash", [file], environment: place.environment, limit: .seconds(170))
      let faults = PageCheck.faults(of: page, output: answer.output + answer.errors)
      #expect(faults.isEmpty, "\(path):\n\(faults.joined(separator: "\n"))")
    }
  }

  @Test("There are such pages, for C and for Swift")
  func some() {
    #expect(Set(["docs/plugins/guide.md", "docs/plugins/guide-swift.md"]).isSubset(of: Self.pages))
  }
}
