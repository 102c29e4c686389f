import CPluginAPI
import PluginHost

/// Calls from several threads: one after the other for every plugin, at the same time for those that ask for it.
enum ThreadCase {
  private static let threads = 4

  @Sendable static func check(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    if manifest.isEventType { try tell(context) }
    if manifest.isSink { try deliver(context) }
  }

  private static func tell(_ context: CaseContext) throws(CaseEnd) {
    let type = try context.eventType()
    let definition = try context.definition(type)
    let request = context.request(definition, type, maximum: 30)
    let expected = type.instance.next([request]).items
    let events = expected.prefix(5).map { context.event($0, definition, type) }
    let messages = type.instance.render(events).items
    let differing = Gate(0)
    let work = {
      for _ in 0..<20 {
        let isSame =
          type.instance.validate(definition).isOK && type.instance.next([request]).items == expected
          && type.instance.render(events).items == messages
        if !isSame { differing.with { $0 += 1 } }
      }
    }
    run(type.instance.table.thread_model, work)
    let count = differing.with { $0 }
    context.expect(count == 0, "\(count) answers from other threads differ from the first one's")
    let end = Worker.run { type.instance.destroy() }
    end.join()
  }

  private static func deliver(_ context: CaseContext) throws(CaseEnd) {
    let sink = try context.activeSink()
    let next = Gate(0)
    let open = Gate(0)
    let samples = (0..<64).map { context.samples(5, sink, "thread\($0)") }
    run(sink.instance.table.thread_model) {
      for _ in 0..<8 {
        let round = next.with { value -> Int in
          value += 1
          return value - 1
        }
        let batch = sink.instance.deliver(
          samples[round % samples.count], limitMilliseconds: DeliveryCases.limitMilliseconds)
        let rest = sink.instance.settle(batch)
        open.with { $0 += rest }
      }
    }
    let count = open.with { $0 }
    context.expectInTime(count == 0, "\(count) deliveries from several threads were not completed")
    for fault in DeliveryCases.faults(sink.instance.tickets) { context.fault(fault) }
    let end = Worker.run {
      sink.instance.deactivate()
      sink.instance.destroy()
    }
    end.join()
  }

  private static func run(_ model: UInt32, _ work: @escaping () -> Void) {
    if model == CARILLON_PARALLEL {
      let workers = (0..<threads).map { _ in Worker.run(work) }
      for worker in workers { worker.join() }
    } else {
      for _ in 0..<threads { Worker.run(work).join() }
    }
  }
}
