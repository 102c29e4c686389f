import Foundation
import PluginTesting
import Testing

@Suite("Reports")
struct ReportTests {
  @Test("cases have names in kebab case, each once, and need only what there is")
  func names() {
    let names = CheckCase.all.map(\.name)
    #expect(Set(names).count == names.count && names.count > 40)
    for one in CheckCase.all {
      #expect(one.name.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "-") }, "\(one.name)")
      #expect(!one.sentence.isEmpty && !one.advice.isEmpty && one.rule.contains("carillon/"), "\(one.name)")
      for need in one.needs { #expect(names.contains(need), "\(one.name) needs \(need)") }
    }
  }

  @Test("the page has each case with its sentence")
  func page() throws {
    let page = try String(contentsOf: Place.root.appendingPathComponent("docs/plugins/check.md"), encoding: .utf8)
    for one in CheckCase.all {
      #expect(page.contains("| `\(one.name)` | \(one.sentence) |"), "| `\(one.name)` | \(one.sentence) |")
    }
    // Up to the next heading: the cases of check-host are below.
    let section = page.split(separator: "\n## ").first { $0.hasPrefix("The cases\n") } ?? ""
    let rows = section.split(separator: "\n").count { $0.hasPrefix("| `") }
    #expect(rows == CheckCase.all.count)
  }

  @Test("the same seed gives the same report, as JSON in a stable order")
  func stable() async throws {
    try await TestFolder.with { folder in
      let file = try await Compiled.wrong("invalid-utf8", in: folder)
      var texts: [String] = []
      for _ in 0..<2 {
        var report = await Check.run(file) { $0.seed = 42 }
        for index in report.results.indices { report.results[index].milliseconds = 0 }
        texts.append(CheckText.json(report))
      }
      #expect(texts[0] == texts[1])
      let object = try JSONSerialization.jsonObject(with: Data(texts[0].utf8)) as? [String: Any]
      #expect(object?["seed"] as? String == "42" && object?["clean"] as? Bool == false)
      #expect((object?["cases"] as? [Any])?.count == CheckCase.all.count)
    }
  }

  @Test("one case alone: only it is run, and it is told what it lacks")
  func one() async throws {
    try await TestFolder.with { folder in
      let file = try await Compiled.wrong("right-sink", in: folder)
      let report = await Check.run(file) { $0.cases = ["drain"] }
      #expect(report.results.map(\.name) == ["drain"] && report.results.first?.status == .ok)
      let other = await Check.run(file) { $0.cases = ["next-pure"] }
      #expect(other.results.first?.reason == "only for a plugin that provides carillon.event-type/1")
    }
  }

  @Test("a sink that uses the network is not activated without a configuration of the author's")
  func network() async throws {
    let file = Place.built.appendingPathComponent("libcarillon-webhook.so").path
    let report = await Check.run(file) { $0.cases = ["activates", "completes"] }
    #expect(report.results.allSatisfy { $0.status == .skipped && $0.reason.contains("--config") })
    #expect(report.missing == 2 && CheckText.summary(report).contains("NOT ALL WAS TRIED"))
  }

  @Test("the command ends with 0 when all is well, 1 with findings, and 64 for a wrong line")
  func statuses() async throws {
    try await TestFolder.with { folder in
      let right = try await Compiled.wrong("right-event-type", in: folder)
      let wrong = try await Compiled.wrong("message-twice", in: folder)
      let clean = try await Command.run(Place.ctl, ["plugin", "check", right, "--seed", "1"])
      #expect(clean.status == 0, "\(clean.output)")
      #expect(clean.output.contains("0 failed"))
      let findings = try await Command.run(Place.ctl, ["plugin", "check", wrong, "--seed", "7"])
      #expect(findings.status == 1)
      #expect(findings.output.contains("FAILED   render-answers"))
      #expect(findings.output.contains("again: ctl plugin check \(wrong) --seed 7 --case render-answers --foreground"))
      let again = try await Command.run(
        Place.ctl, ["plugin", "check", wrong, "--seed", "7", "--case", "render-answers", "--foreground"])
      #expect(again.status == 1 && again.output.contains("2 messages"))
      for line in [
        ["--case", "nothing"], ["--foreground"], ["--jobs", "0"], ["--config", "{}", "--call-limit", "x"],
      ] {
        #expect(try await Command.run(Place.ctl, ["plugin", "check", right] + line).status == 64, "\(line)")
      }
      #expect(try await Command.run(Place.ctl, ["plugin", "check", folder.path + "/none.so"]).status == 64)
    }
  }

  @Test("a file that is no library is a finding, not an accident")
  func noLibrary() async throws {
    try await TestFolder.with { folder in
      let file = folder.appendingPathComponent("text.so")
      try Data("no library at all, but long enough to have a header of sixty-four bytes and more".utf8).write(to: file)
      let report = await Check.run(file.path)
      #expect(report.failed == ["loads", "exports"])
    }
  }
}
