import Foundation
import PluginTesting
import Testing

/// Each fault is found, and called by its name.
@Suite("Wrong plugins")
struct WrongPluginTests {
  @Test("is caught by exactly the case that is about it", arguments: WrongPlugin.all)
  func caught(_ wrong: WrongPlugin) async throws {
    try await TestFolder.with { folder in
      let file = try await Compiled.wrong(wrong.name, in: folder)
      // One case after the other, so that a bound which is missed counts at once.
      let report = await Check.run(file) { ($0.callLimitMilliseconds, $0.jobs) = (2_500, 1) }
      #expect(report.failed == [wrong.caught], "\(report.faults)")
      if let words = wrong.words {
        #expect(report.faults.contains(words), "\(report.faults)")
      }
    }
  }

  @Test("what they are made of is right, and everything is tried", arguments: ["right-event-type", "right-sink"])
  func right(_ name: String) async throws {
    try await TestFolder.with { folder in
      let report = await Check.run(try await Compiled.wrong(name, in: folder))
      #expect(report.isClean && report.missing == 0, "\(report.faults)\n\(report.untried)")
    }
  }

  @Test("every file of the folder is in the table")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Place.tests.appendingPathComponent("Wrong").path)
      .filter { $0.hasSuffix(".c") && !$0.hasPrefix("right-") }.map { String($0.dropLast(2)) }
    #expect(Set(files) == Set(WrongPlugin.all.map(\.name)) && files.count >= 25)
  }

  @Test("nearly every case has a plugin that it catches")
  func everyCase() {
    let caught = Set(WrongPlugin.all.map(\.caught))
    let others = CheckCase.all.map(\.name).filter { !caught.contains($0) }
    // A fault of these shows in many others first, or is a warning.
    #expect(Set(others).isSubset(of: WrongPlugin.without), "\(others)")
  }
}
