import PluginKit0
import Recurrence
import Testing

/// Every rule that is accepted is answered within a bound of steps, wherever it is asked from. A step is some tens of
/// nanoseconds (`make bench ROWS=rrule-100k` measures the time).
@Suite struct SpeedTests {
  @Test func threeThousandWildRules() throws { try Wild.run(seed: 1, count: 3_000) }
}

@Suite("RecurrenceSoak", .enabled(if: Oracle.isSoak))
struct RecurrenceSoak {
  @Test func aHundredThousandWildRules() throws { try Wild.run(seed: 2, count: 100_000) }
}

enum Wild {
  /// Steps of one `validate` or `next`. What is accepted stays far below where ``RecurrenceLimits/steps`` would cut it.
  static let mostSteps = 100_000

  static func run(seed: Int, count: Int) throws {
    let cases = try Oracle.cases(["wild", "\(seed)", "\(count)"])
    #expect(cases.count == count)
    var worst: (time: Duration, rule: String) = (.zero, "")
    var most: (steps: Int, rule: String) = (0, "")
    var accepted = 0
    for item in cases {
      guard let repetition = try? Repetition(item.repeat), let start = SeriesTime(item.start ?? "") else { continue }
      var series = RecurrenceSeries(timeOfDay: .nineOClock)
      series.start = start
      series.repetition = repetition
      for isValidation in [true, false] {
        var steps = Steps()
        let begun = ContinuousClock.now
        if isValidation {
          guard (try? repetition.everComes(in: series, &steps)) == true else {
            #expect(steps.total <= mostSteps, "\(item.repeat) from \(item.start ?? "")")
            break
          }
          accepted += 1
        } else {
          let again = Series(item.repeat, start: item.start, zone: "America/New_York")
          _ = try again.occurrences(after: again.cursor(from: item.after), max: 2, &steps)
        }
        let time = ContinuousClock.now - begun
        if time > worst.time { worst = (time, item.repeat) }
        if steps.total > most.steps { most = (steps.total, item.repeat) }
        #expect(steps.total <= mostSteps, "\(item.repeat) from \(item.start ?? "")")
      }
    }
    #expect(accepted > count / 4)
    print("\(accepted) of \(count) rules accepted; slowest \(worst.time) \(worst.rule); most steps \(most)")
  }
}
