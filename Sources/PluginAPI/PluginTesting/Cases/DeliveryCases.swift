import CPluginAPI

/// `deliver` and how its tickets are completed.
enum DeliveryCases {
  /// How long a delivery may take here, in milliseconds.
  static let limitMilliseconds: Int64 = 3_000
  private static let header = "carillon/sink.h, deliver"

  static let all: [CheckCase] = [
    CheckCase(
      "activates", .sink, "activate makes an instance ready, deactivate undoes it, and it can be activated again",
      rule: "carillon/sink.h, activate and deactivate", advice: "begin in activate all that deactivate ends",
      needs: ["creates"]
    ) { (context) throws(CaseEnd) in
      let sink = try context.activeSink()
      sink.instance.deactivate()
      let again = sink.instance.activate()
      context.expect(again.isOK, "activate answered \(again.text) the second time")
      if again.isOK { sink.instance.deactivate() }
      sink.instance.destroy()
      sink.plugin.stop()
    },
    CheckCase(
      "completes", .sink,
      "every delivery that deliver took is completed by its deadline, or within 2 s of being cancelled",
      rule: header, advice: "complete each ticket on every way out; keep to deadline_ns", needs: ["activates"]
    ) { (context) throws(CaseEnd) in
      try flow(context, [1, 2, 20]) { _, batch, open in
        context.expectInTime(
          open == 0, "\(open) of \(batch.tickets.count) deliveries were not completed by the deadline and 2 s more")
      }
    },
    CheckCase(
      "completes-once", .sink,
      "no ticket is completed twice, none is made up, and none after deliver answered an error",
      rule: header + "; carillon/host/delivery.h",
      advice: "forget a ticket once it is completed; take all of a batch or none",
      needs: ["completes"]
    ) { (context) throws(CaseEnd) in
      let sizes = [1, 2, 100, 1_000, 3_000]
      try flow(context, sizes) { tickets, batch, _ in
        // A second completion may come a moment after the first. The book keeps those of earlier batches, too.
        let isLast = batch.tickets.count == sizes.last
        _ = Clock.wait(milliseconds: isLast ? 300 : 10) { !faults(tickets).isEmpty }
        for fault in faults(tickets) { context.fault(fault) }
      }
    },
    CheckCase(
      "results", .sink, "results have an outcome that exists, UTF-8 and sizes within bounds",
      rule: "carillon/sink.h, carillon_result", advice: "set struct_size and outcome; cut texts at a character",
      needs: ["completes"]
    ) { (context) throws(CaseEnd) in
      try flow(context, [1, 20, 100]) { _, _, _ in }
      let sink = context.used
      for fault in sink?.contents.with({ $0.faults }) ?? [] { context.fault(fault) }
      for warning in sink?.contents.with({ $0.warnings }) ?? [] { context.warn(warning) }
    },
    CheckCase(
      "batches", .sink, "batches of none, 1, 2, 100 and 1,000 are taken, or refused as BUSY as a whole", rule: header,
      advice: "answer CARILLON_BUSY when there is no room for all", needs: ["completes-once"]
    ) { (context) throws(CaseEnd) in
      try flow(context, [0, 1, 2, 100, 1_000]) { _, batch, open in
        let isFine = batch.answer.isOK || batch.answer.status == CARILLON_BUSY
        context.expect(isFine, "deliver answered \(batch.answer.text) for a batch of \(batch.tickets.count)")
        context.expectInTime(open == 0, "\(open) of a batch of \(batch.tickets.count) were not completed")
      }
    },
    CheckCase(
      "carry", .sink, "what a result asked to be given back comes back with later attempts, at most 16 KiB of anything",
      rule: "carillon/sink.h, carry", advice: "check the carry before you believe it: it may be another version's",
      needs: ["completes-once"]
    ) { (context) throws(CaseEnd) in
      let sink = try context.activeSink()
      let carries = ["", "x", "{\"a\":1}", String(repeating: "c", count: 16 * 1_024), "\0\u{1}\u{7f}"]
      var samples = context.samples(carries.count, sink)
      for (index, carry) in carries.enumerated() {
        (samples[index].carry, samples[index].attempt) = (carry, UInt32(index + 2))
      }
      let batch = sink.instance.deliver(samples, limitMilliseconds: limitMilliseconds)
      let open = sink.instance.settle(batch)
      context.expectInTime(open == 0, "\(open) of \(carries.count) deliveries with a carry were not completed")
      end(sink)
    },
  ]

  /// What is wrong with how tickets were completed.
  static func faults(_ tickets: TicketBook) -> [String] {
    tickets.contents.with { contents in
      [
        contents.doubles > 0 ? "\(contents.doubles) tickets were completed twice" : nil,
        contents.invented > 0 ? "\(contents.invented) tickets were completed that were never given out" : nil,
        contents.afterError > 0
          ? "\(contents.afterError) tickets were completed though deliver answered an error for them" : nil,
      ].compactMap { $0 }
    }
  }

  static func end(_ sink: ReadySink) {
    sink.instance.deactivate()
    sink.instance.destroy()
    sink.plugin.stop()
  }

  /// Delivers batches one after the other, until something is wrong.
  static func flow(
    _ context: CaseContext, _ sizes: [Int],
    _ judge: (TicketBook, SinkInstance.Batch, Int) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    let sink = try context.activeSink()
    context.used = sink.instance.tickets
    for size in sizes {
      let batch = sink.instance.deliver(
        context.samples(size, sink, "evt_\(size)"), limitMilliseconds: limitMilliseconds)
      try judge(sink.instance.tickets, batch, sink.instance.settle(batch))
      if context.faults > 0 { break }
    }
    end(sink)
  }
}
