import Foundation
import Testing

/// RFC 5545 rules against python-dateutil.
@Suite struct RuleOracleTests {
  @Test func everyExampleOfTheRFC() throws {
    let cases = try Oracle.cases(["rfc"])
    #expect(cases.count == 42)
    for item in cases { check(item) }
  }

  @Test(arguments: [(1, 1_000), (2, 1_000)])
  func generatedRules(seed: Int, count: Int) throws {
    let cases = try Oracle.cases(["rules", "\(seed)", "\(count)"])
    #expect(cases.count == count)
    #expect(cases.count { !$0.expected.isEmpty } > count / 2)
    for item in cases { check(item) }
  }

  private func check(_ item: OracleCase) {
    let series = Series(item.repeat, start: item.start)
    do {
      let given = try series.times(from: item.after, max: OracleCase.length)
        .map { $0.hasSuffix("Z") ? String($0.dropLast()) : $0 }.filter { $0 < OracleCase.horizon }
      #expect(given == item.expected, "\(item.repeat) from \(item.start ?? "") after \(item.after)")
    } catch {
      // A rule without any occurrence may be refused, by name.
      #expect(item.expected.isEmpty, "\(item.repeat): \(error)")
    }
  }
}

@Suite("RuleOracleSoak", .enabled(if: Oracle.isSoak))
struct RuleOracleSoak {
  @Test func twentyThousandMore() throws {
    for item in try Oracle.cases(["rules", "\(Int.random(in: 3...1_000_000))", "20000"]) {
      let given = try Series(item.repeat, start: item.start).times(from: item.after, max: OracleCase.length)
        .map { $0.hasSuffix("Z") ? String($0.dropLast()) : $0 }.filter { $0 < OracleCase.horizon }
      #expect(given == item.expected, "\(item.repeat) from \(item.start ?? "") after \(item.after)")
    }
  }
}
