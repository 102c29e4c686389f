import AgentHarness
import Foundation
import Testing

/// Runs every example of the documentation. One page at a time, beside `FromNothingTests`: many agents that share two
/// cores would wait for each other.
@Suite("Documentation", .serialized)
struct DocsTests {
  static let pages: [String] = {
    let folder = "\(Programs.repository)/docs"
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
  }()

  @Test(
    "what the page says is what happens", .timeLimit(.minutes(3)),
    arguments: pages + ["README.md"])
  func page(_ path: String) async throws {
    let page = DocPage(try Self.text(path))
    guard !page.steps.isEmpty, !page.isFromNothing else { return }
    try await AgentHome.with { home in
      try await home.runReady { _ in
        let output = try await Self.run(page, home)
        let faults = PageCheck.faults(of: page, output: output)
        #expect(
          faults.isEmpty, "\(path):\n\(faults.joined(separator: "\n"))\n\(faults.isEmpty ? "" : home.log.suffix(2_000))"
        )
      }
    }
  }

  @Test("every event type and every sink has a page whose examples run", arguments: Programs.plugins)
  func complete(_ plugin: String) throws {
    let path = try #require(Self.pages.first { $0.hasSuffix("/\(plugin).md") }, "no page for \(plugin)")
    let commands = DocPage(try Self.text(path)).steps.count { if case .command = $0 { true } else { false } }
    #expect(commands >= 3, "\(path) has \(commands) commands")
  }

  @Test("a link of a page leads to a file", arguments: pages + ["README.md"])
  func links(_ path: String) throws {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    for match in try Self.text(path).matches(of: #/\]\(([^)#\s]+)(#[^)]*)?\)/#) {
      let target = String(match.1)
      guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
      let file = "\(Programs.repository)/\(folder)/\(target)"
      #expect(FileManager.default.fileExists(atPath: file), "\(path) links to \(target)")
    }
  }

  /// The samples that pages name, with the same ports in them as the page has.
  private static func copySamples(to folder: String, _ instead: [String: String]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(Programs.repository)/deploy/samples") {
      let sample = try text("deploy/samples/\(name)")
      let text = name.hasSuffix(".yaml") ? instead.reduce(sample) { $0.replacing($1.key, with: $1.value) } : sample
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Programs.repository)/\(path)", encoding: .utf8)
  }

  private static func run(_ page: DocPage, _ home: AgentHome) async throws -> String {
    let work = "\(home.folder.path)/work"
    let instead = [
      "8080": "\(try LoopbackPort.free())", "2525": "\(try LoopbackPort.free())",
      "/tmp/carillon/agent.sock": home.socket, "/tmp/carillon/carillon.db": home.store, "/opt/carillon/bin/": "",
    ]
    let script = PageScript(page: page, instead: instead)
    try copySamples(to: "\(work)/deploy/samples", instead)
    let file = try home.folder.write("cd '\(work)'\n" + script.text, to: "page.sh")
    let path = Programs.value(of: "PATH") ?? "/usr/bin:/bin"
    let answer = try await Tool.run(
      "/bin/bash", [file],
      environment: [
        "CARILLON_SOCKET": home.socket, "PATH": "\(home.programs.folder):\(path)", "TZ": "Europe/London",
        "LANG": "C.UTF-8",
        "COLUMNS": "120",
      ], limit: .seconds(150))
    return answer.output + answer.errors
  }
}
