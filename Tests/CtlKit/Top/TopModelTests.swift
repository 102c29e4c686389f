import ControlAPI
import SwiftProtobuf
import Testing

@testable import CtlKit

@Suite("What ctl top makes of answers")
struct TopModelTests {
  private func status(_ delivered: Int64, inFlight: Int64 = 0, epoch: Int64 = 1) -> Carillon_V1_AgentStatus {
    .with {
      $0.ready = true
      $0.agent.epoch = epoch
      $0.queues = [
        .with {
          $0.queue = "queues/low"
          $0.deliveredTotal = delivered
          $0.inFlight = inFlight
        }
      ]
    }
  }

  private func model(_ agents: String...) -> TopModel {
    TopModel(agents: agents, context: "prod", namespace: "default")
  }

  private static let low = Carillon_V1_Queue.with {
    $0.name = "queues/low"
    $0.status.inFlight = 99
    $0.status.oldestDueTime = .init(seconds: 40)
  }

  @Test("the rate is of all agents, from look to look; sends in flight are added up")
  func rates() throws {
    var model = model("a", "b")
    model.take(.status(agent: "a", .success(status(100))), now: 0)
    model.take(.status(agent: "b", .success(status(50))), now: 0)
    model.take(.queues([Self.low]), now: 0)
    #expect(model.snapshot(now: 0).queues.first?.rate == nil)
    model.take(.status(agent: "a", .success(status(120, inFlight: 3))), now: 2_000)
    model.take(.status(agent: "b", .success(status(55, inFlight: 4))), now: 1_000)
    model.take(.queues([Self.low]), now: 2_000)
    let queue = try #require(model.snapshot(now: 50_000).queues.first)
    #expect(queue.rate == 15)
    #expect(queue.inFlight == 7)
    #expect(queue.oldestAge == 10_000)
    #expect(queue.history == [15])
  }

  @Test("a restarted agent's counter begins anew, and makes no rate below nothing")
  func restart() {
    var meter = RateMeter()
    meter.take(100, epoch: 1, now: 0)
    meter.take(110, epoch: 1, now: 1_000)
    #expect(meter.perSecond == 10)
    meter.take(2, epoch: 2, now: 2_000)
    #expect(meter.perSecond == 10)
    meter.take(7, epoch: 2, now: 3_000)
    #expect(meter.perSecond == 5)
    meter.take(3, epoch: 2, now: 4_000)
    meter.take(4, epoch: 2, now: 4_000)
    #expect(meter.perSecond == 5)
  }

  @Test("only so many looks are remembered")
  func history() {
    var model = model("a")
    for second in 0..<100 {
      model.take(.status(agent: "a", .success(status(Int64(second)))), now: Int64(second) * 1_000)
      model.take(.queues([Self.low]), now: Int64(second) * 1_000)
    }
    #expect(model.snapshot(now: 0).queues.first?.history.count == TopModel.maxHistory)
  }

  @Test("problems are found in all that is said, the worst first")
  func problems() {
    var model = model("a", "b", "c")
    model.take(
      .status(
        agent: "a",
        .success(
          .with {
            $0.stop.reason = "wrong template"
            $0.notReadyReasons = ["clock"]
          })), now: 0)
    model.take(.status(agent: "b", .failure(CtlError(.unreachable, "nobody listens"))), now: 0)
    model.take(.queues([.with { ($0.name, $0.paused) = ("queues/low", true) }]), now: 0)
    model.take(
      .sinks([
        .with { ($0.name, $0.status.circuit) = ("namespaces/default/sinks/x", "open") },
        .with { ($0.name, $0.disabledReason) = ("namespaces/default/sinks/y", "410") },
      ]), now: 0)
    model.take(.agents([.with { ($0.name, $0.state) = ("agents/z", .lost) }]), now: 0)
    model.take(.findings([.with { ($0.severity, $0.check, $0.message) = (.problem, "clock", "off") }]), now: 0)
    let problems = model.snapshot(now: 0).problems
    #expect(
      problems.map(\.text) == [
        "everything is stopped: wrong template; ctl resume-all goes on", "agent a: clock", "agent b: nobody listens",
        "agent z is lost: its lease ran out", "sink y is disabled: 410", "clock: off", "sink x: its circuit is open",
        "queue low is paused",
      ])
    #expect(model.snapshot(now: 0).agents.map(\.state) == ["stopped", "unreachable", "connecting"])
    model.take(.storeFailure(CtlError(.timeout, "slow")), now: 0)
    #expect(model.snapshot(now: 0).problems.first?.text.contains("stopped") == true)
    #expect(model.snapshot(now: 0).problems.contains { $0.text.contains("slow") })
    model.take(.queues([]), now: 0)
    #expect(!model.snapshot(now: 0).problems.contains { $0.text.contains("slow") })
  }

  @Test("where the output is no terminal the state is written once, and programs get it as JSON")
  func once() async throws {
    try await FakeAgent.serve { agent, ctl in
      agent.with { state in
        state.status = status(5, inFlight: 2)
        state.queues["queues/low"] = Self.low
        state.sinks["namespaces/default/sinks/hook"] = .with {
          $0.name = "namespaces/default/sinks/hook"
          $0.plugin = "webhook"
        }
        state.findings = [.with { ($0.severity, $0.check, $0.message) = (.problem, "clock", "off by 2 s") }]
      }
      let text = try await ctl("top")
      #expect(text.status == 0, "\(text.errors)")
      #expect(text.output.contains("clock: off by 2 s"))
      #expect(text.lines.contains { $0.contains("hook") && $0.contains("webhook") })
      #expect(!text.output.contains("\u{1B}"))
      let json = try JSONValue(parsing: try await ctl("top", "-o", "json").output.utf8)
      guard case .array(let queues) = json["queues"] else {
        Issue.record("no queues")
        return
      }
      #expect(queues.first?["name"]?.text == "low")
      #expect(try await CtlRunner(socket: "/tmp/no-such.sock")("top").status == 3)
    }
  }
}
