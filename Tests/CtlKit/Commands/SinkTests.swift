import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("Sinks and subscriptions on the command line")
struct SinkCommandTests {
  private static let name = "namespaces/default/sinks/partner"

  @Test("limits are named one by one, and what is not named is left alone") func limits() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { $0.sinks[Self.name] = .with { $0.name = Self.name } }
      let ran = try await ctl(
        "sink", "update", "partner", "--rate", "12.5", "--disable-after", "0", "--endpoint-rate", "0",
        "--breaker-wait", "45s")
      #expect(ran.errors.isEmpty)
      let request = try #require(agent.requests(Carillon_V1_UpdateSinkRequest.self).last)
      #expect(
        request.updateMask.paths == [
          "limits.rate_per_second", "limits.disable_after", "limits.breaker.first_wait",
          "limits.endpoint.rate_per_second",
        ])
      #expect(request.sink.limits.ratePerSecond == 12.5 && request.sink.limits.breaker.firstWait.seconds == 45)
      #expect(request.sink.limits.hasDisableAfter && !request.sink.limits.endpoint.hasRatePerSecond)
    }
  }

  @Test("the wide list shows how a sink is doing") func wide() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with {
        $0.sinks[Self.name] = .with {
          $0.name = Self.name
          $0.plugin = "webhook"
          $0.addressKind = "webhook"
          $0.maxInFlight = 2_000
          $0.limits.ratePerSecond = 5
          $0.status = .with {
            $0.circuit = "open"
            $0.reopensIn = .init(seconds: 29)
            $0.inFlight = 12
            $0.waiting = 3
            $0.endpoints = 120
            $0.openEndpoints = 2
            $0.goneEndpoints = 1
          }
        }
      }
      let shown = try await ctl("sink", "list", "-o", "wide").output
      for part in ["open, probe in 29 s", "12/2000", "5.0/s", "120 (2 open, 1 gone)"] {
        #expect(shown.contains(part), "\(shown)")
      }
    }
  }

  @Test("a digest's count needs its window, and quiet hours two times") func refusals() async throws {
    try await FakeAgent.serve { agent, ctl in
      for (arguments, word) in [(["--digest-max", "3"], "--digest"), (["--quiet", "22:00"], "22:00-07:30")] {
        let ran = try await ctl.run(
          ["subscription", "create", "s", "--type", "birthday", "--sink", "partner"] + arguments)
        #expect(ran.errors.contains(word), "\(ran.errors)")
      }
      #expect(agent.requests(Carillon_V1_CreateSubscriptionRequest.self).isEmpty)
    }
  }

  @Test("what a subscription asks, holds back and gathers is sent as it was written") func subscription() async throws {
    try await FakeAgent.serve { agent, ctl in
      _ = try await ctl(
        "subscription", "create", "s", "--type", "birthday", "--sink", "partner", "--condition",
        "user.locale == 'de'", "--quiet", "22:00-07:30", "--digest", "90m", "--digest-max", "7")
      let made = try #require(agent.requests(Carillon_V1_CreateSubscriptionRequest.self).last).subscription
      #expect(made.condition == "user.locale == 'de'")
      #expect(made.quietHours.from == "22:00" && made.quietHours.until == "07:30")
      #expect(made.digest.window.seconds == 5_400 && made.digest.maxEvents == 7)
    }
  }
}
