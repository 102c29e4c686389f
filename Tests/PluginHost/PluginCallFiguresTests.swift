import Testing

@testable import PluginHost

@Suite("What calls into a plugin came to") struct PluginCallFiguresTests {
  @Test("nothing was called: no times") func nothing() {
    #expect(PluginCallFigures().current == PluginCallFigures.Snapshot())
  }

  @Test("calls count by what they answered, and those over their limit apart") func counts() {
    let figures = PluginCallFigures()
    for outcome in PluginCallOutcome.allCases { figures.returned(.deliver, seconds: 0.001, outcome) }
    figures.timedOut()
    let current = figures.current
    #expect(current.calls == 4 && current.failures == 1 && current.timeouts == 1)
  }

  /// Times of calls, in nanoseconds, from the shortest to the longest that can be.
  @Test(arguments: [
    0, 1, 7, 8, 9, 15, 16, 17, 100, 999, 1_000, 65_535, 1_000_000, 1_234_567, 1_000_000_000, 60_000_000_000, 1 << 49,
  ])
  func aTimeIsToldToWithinTenPercent(nanoseconds: UInt64) throws {
    var times = CallTimes()
    times.add(nanoseconds: nanoseconds)
    let told = try #require(times.quantile(percent: 50))
    let error = abs(told / .nanoseconds(1) - Double(nanoseconds))
    #expect(error <= Double(nanoseconds) * 0.1, "\(told)")
  }

  @Test("half and 99 % of the calls") func quantiles() throws {
    let figures = PluginCallFigures()
    for index in 1...1_000 { figures.returned(.next, seconds: index > 985 ? 2 : index > 600 ? 0.02 : 0.001, .ok) }
    let (half, most) = (try #require(figures.current.p50), try #require(figures.current.p99))
    #expect(abs(half / .milliseconds(1) - 1) < 0.1 && abs(most / .seconds(2) - 1) < 0.1)
  }

  @Test("odd times harm nothing", arguments: [-1, .infinity, .nan, 1e300]) func odd(seconds: Double) {
    let figures = PluginCallFigures()
    figures.returned(.next, seconds: seconds, .ok)
    #expect(figures.current.calls == 1 && figures.current.p99 != nil)
  }
}
