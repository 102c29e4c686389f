import Foundation
import PluginTesting
import Testing

/// Cases run beside each other; what only this makes slow is no fault of the plugin.
@Suite("Bounds beside other cases")
struct AloneTests {
  @Test("a bound that was missed beside another case, and is kept alone, is no fault, and told in a note")
  func missedOnce() async throws {
    try await TestFolder.with { folder in
      let report = await Check.run(try await Self.slowOnce(in: folder)) { options in
        (options.cases, options.jobs, options.callLimitMilliseconds) = (["drain", "deactivate"], 2, 1_500)
      }
      #expect(report.isClean && report.count(.ok) == 2, "\(report.faults)")
      let notes = report.results.flatMap(\.notes)
      #expect(notes.count == 1 && notes[0].contains("hung in deactivate: no return within 1500 ms"), "\(notes)")
    }
  }

  @Test("one that was missed with nothing beside it counts at once")
  func missedAlone() async throws {
    try await TestFolder.with { folder in
      let report = await Check.run(try await Self.slowOnce(in: folder)) { options in
        (options.cases, options.jobs, options.callLimitMilliseconds) = (["drain", "deactivate"], 1, 1_500)
      }
      #expect(report.failed == ["drain"] && report.faults.contains("hung in deactivate"), "\(report.faults)")
    }
  }

  @Test("one that is missed again, alone, counts, and what needs it is skipped")
  func missedTwice() async throws {
    try await TestFolder.with { folder in
      let report = await Check.run(try await Compiled.wrong("drain-never-returns", in: folder)) { options in
        (options.jobs, options.callLimitMilliseconds) = (4, 1_500)
      }
      #expect(report.failed == ["drain"] && report.faults.contains("hung in drain"), "\(report.faults)")
    }
  }

  private static func slowOnce(in folder: URL) async throws -> String {
    let source = Place.tests.appendingPathComponent("Fixtures/slow-once.c")
    return try await Compiled.library("slow-once", [source], in: folder, ["-DMARK=\"\(folder.path)/mark\""])
  }
}
