import AgentHarness
import Foundation
import Testing

extension CheckHost {
  @Suite("Lists")
  struct ListTests {
    @Test("the hostile plugin knows exactly the cases that there are")
    func knows() async throws {
      let folder = "\(Programs.repository)/Plugins/HostCheck/Hostile"
      let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".c") }
      var words: Set<String> = []
      for file in files {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        for match in text.matches(of: #/(?:ordered\(|[{])"([a-z-]+)"(?:\)|, [a-z_{])/#) {
          words.insert(String(match.1))
        }
        // Of these the word is put together: attack_at_end("drain").
        for match in text.matches(of: #/attack_at_end\("([a-z]+)"\)/#) { words.insert("\(match.1)-blocks") }
      }
      words.insert("stop-crashes")
      let names = try await CheckHost.cases().map(\.name)
      #expect(Set(names) == words, "\(Set(names).symmetricDifference(words))")
      #expect(names.count == Set(names).count && names.count >= 30)
    }

    @Test("the page has every case, with what the agent must do")
    func page() async throws {
      let text = try String(contentsOfFile: "\(Programs.repository)/docs/plugins/check.md", encoding: .utf8)
      for one in try await CheckHost.cases() {
        let places = one.places.count == 2 ? "both" : "process"
        let row = "| `\(one.name)` | \(one.attack) | \(one.duty) | \(places) |"
        #expect(text.contains(row), "\(row)")
      }
    }

    @Test("what cannot be checked is refused, with the field and what is allowed")
    func refused() async throws {
      let programs = try Programs.find()
      let wrong: [([String], String, Int32)] = [
        (["--case", "double-complet"], "double-complete", 64), (["--jobs", "0"], "1 to 64", 64),
        (["--case", "crash", "--isolation", "in-process"], "would end any process", 64),
        (["--agent", "/nowhere/agent"], "/nowhere/agent", 5),
      ]
      for (arguments, text, status) in wrong {
        let answer = try await Tool.run(programs.ctl, ["plugin", "check-host"] + arguments)
        #expect(answer.exitCode == status && answer.errors.contains(text), "\(arguments): \(answer)")
      }
    }
  }
}
