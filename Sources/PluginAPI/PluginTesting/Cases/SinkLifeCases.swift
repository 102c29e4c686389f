import CPluginAPI

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// `cancel`, `drain`, `deactivate`, and who calls when.
enum SinkLifeCases {
  /// How long `cancel` may take, in milliseconds: it must not block.
  private static let cancelMilliseconds: Int64 = 500
  /// How much longer than its timeout `drain` may take, in milliseconds.
  private static let drainMilliseconds: Int64 = 1_000

  static let all: [CheckCase] = [
    CheckCase(
      "cancel", .sink, "cancel returns at once, ignores unknown tickets, and what it names is completed all the same",
      rule: "carillon/sink.h, cancel", advice: "note the wish and return; whoever sends looks at it",
      needs: ["completes-once"],
      body: cancel),
    CheckCase(
      "drain", .sink, "drain waits at most its timeout, and answers OK only when nothing is open",
      rule: "carillon/sink.h, drain",
      advice: "wait on a condition with a deadline; answer CARILLON_FAILED when it passed", needs: ["completes-once"],
      body: drain),
    CheckCase(
      "deactivate", .sink, "deactivate completes everything that is open before it returns, and nothing comes after it",
      rule: "carillon/sink.h, deactivate",
      advice: "complete what is left as CANCELLED or UNKNOWN, and join your threads",
      needs: ["completes-once"], body: deactivate),
    CheckCase(
      "reactivate", .sink, "an instance that was deactivated delivers again once it is activated again",
      rule: "carillon/sink.h, activate", advice: "reset in activate what deactivate has ended", needs: ["deactivate"]
    ) { (context) throws(CaseEnd) in
      let sink = try context.activeSink()
      for round in 1...5 {
        let batch = sink.instance.deliver(
          context.samples(10, sink, "round\(round)"), limitMilliseconds: DeliveryCases.limitMilliseconds)
        context.expect(batch.answer.isOK, "deliver answered \(batch.answer.text) in round \(round)")
        let open = sink.instance.settle(batch)
        context.expectInTime(open == 0, "\(open) of 10 deliveries were not completed in round \(round)")
        sink.instance.deactivate()
        let answer = sink.instance.activate()
        guard answer.isOK else { throw .failed("activate answered \(answer.text) in round \(round)") }
      }
      DeliveryCases.end(sink)
    },
    CheckCase(
      "threads", .plugin, "calls come from one thread and then another, and with PARALLEL from several at once",
      rule: "carillon/base.h, thread models",
      advice: "keep nothing in thread-local storage; lock what PARALLEL calls share",
      needs: WorkCases.needs, body: ThreadCase.check),
  ]

  @Sendable private static func cancel(_ context: CaseContext) throws(CaseEnd) {
    let sink = try context.activeSink()
    let instance = sink.instance
    timed(context, "cancel of unknown tickets") { instance.cancel([1, .max, 0xdead_beef_0000_0001]) }
    timed(context, "cancel of no tickets") { instance.cancel([]) }
    for round in 0..<10 {
      let tickets = instance.tickets.open(50)
      let samples = context.samples(50, sink, "cancel\(round)")
      // Beside deliver, on a thread of its own, as the agent does at a deadline.
      let other = Worker.run { timed(context, "cancel") { instance.cancel(tickets) } }
      let batch = instance.deliver(samples, limitMilliseconds: DeliveryCases.limitMilliseconds, given: tickets)
      other.join()
      timed(context, "cancel") { instance.cancel(tickets) }
      let open = instance.settle(batch)
      context.expectInTime(open == 0, "\(open) of 50 cancelled deliveries were not completed")
    }
    for fault in DeliveryCases.faults(instance.tickets) { context.fault(fault) }
    DeliveryCases.end(sink)
  }

  private static func timed(_ context: CaseContext, _ name: String, _ body: () -> Void) {
    let start = Clock.monotonic
    body()
    let took = (Clock.monotonic - start) / 1_000_000
    if took > cancelMilliseconds { context.late("\(name) took \(took) ms; it must not block") }
  }

  @Sendable private static func drain(_ context: CaseContext) throws(CaseEnd) {
    let sink = try context.activeSink()
    let instance = sink.instance
    for timeout in [UInt64(0), 1, 50, 400] {
      let batch = instance.deliver(
        context.samples(100, sink, "drain\(timeout)"), limitMilliseconds: DeliveryCases.limitMilliseconds)
      let start = Clock.monotonic
      let status = instance.drain(milliseconds: timeout)
      let took = (Clock.monotonic - start) / 1_000_000
      let open = instance.tickets.openCount(of: batch.tickets)
      context.expectInTime(
        took <= Int64(timeout) + drainMilliseconds, "drain took \(took) ms, and its timeout was \(timeout) ms")
      context.expect(status != CARILLON_OK || open == 0, "drain answered OK, and \(open) deliveries are open")
      let rest = instance.settle(batch)
      context.expectInTime(rest == 0, "\(rest) deliveries were not completed once drain had been called")
    }
    let status = instance.drain(milliseconds: 1_000)
    context.expectInTime(status == CARILLON_OK, "drain answered \(Status.name(status)), and nothing is open")
    // A drained sink is still active.
    let after = instance.deliver(context.samples(3, sink, "after"), limitMilliseconds: DeliveryCases.limitMilliseconds)
    let open = instance.settle(after)
    context.expectInTime(open == 0, "\(open) deliveries after drain were not completed")
    DeliveryCases.end(sink)
  }

  @Sendable private static func deactivate(_ context: CaseContext) throws(CaseEnd) {
    let sink = try context.activeSink()
    for round in 1...5 {
      let batch = sink.instance.deliver(
        context.samples(200, sink, "deactivate\(round)"), limitMilliseconds: DeliveryCases.limitMilliseconds)
      sink.instance.deactivate()
      let open = sink.instance.tickets.openCount(of: batch.tickets)
      context.expect(
        !batch.answer.isOK || open == 0, "\(open) of 200 deliveries are open though deactivate has returned")
      // Long enough once: what comes late comes late each time, and mostly at once.
      let tickets = sink.instance.tickets
      _ = Clock.wait(milliseconds: round == 5 ? 200 : 30) { tickets.contents.with { $0.whileInactive > 0 } }
      let late = tickets.contents.with { $0.whileInactive }
      context.expect(late == 0, "\(late) tickets were completed after deactivate had returned")
      guard context.faults == 0 else { break }
      let answer = sink.instance.activate()
      guard answer.isOK else { throw .failed("activate answered \(answer.text)") }
    }
    DeliveryCases.end(sink)
  }
}
