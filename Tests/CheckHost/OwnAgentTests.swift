import Testing

extension CheckHost {
  @Suite("Our agent")
  struct OwnAgentTests {
    /// Of each kind of attack the one that most would go wrong with.
    private static let some = [
      "double-complete", "late-complete", "long-error", "odd-results", "log-odd", "secrets-of-others", "start-refuses",
      "create-null", "threads-left", "crash", "garbage-on-wire", "closes-descriptors", "signals-agent", "next-date",
      "validate-violations", "render-twice",
    ]

    @Test("it outlives an attack of each kind, in its own process where no memory is broken", .timeLimit(.minutes(3)))
    func outlives() async throws {
      let (report, exit) = try await CheckHost.check(Self.some.flatMap { ["--case", $0] } + ["--seed", "7"])
      #expect(report.clean && exit == 0, "\(report.faults)")
      #expect(report.seed == "7" && Set(report.trials.map(\.name)) == Set(Self.some))
      #expect(report.trials.count { $0.isolation == "in-process" } >= 10)
    }
  }

  @Suite("Our agent, all of it: Soak")
  struct OwnAgentSoak {
    @Test("it outlives all of them", .timeLimit(.minutes(15)))
    func outlivesAll() async throws {
      let (report, exit) = try await CheckHost.check(["--jobs", "3"], limit: .seconds(900))
      #expect(report.clean && exit == 0, "seed \(report.seed): \(report.faults)")
      #expect(report.trials.count >= 100)
    }
  }
}
