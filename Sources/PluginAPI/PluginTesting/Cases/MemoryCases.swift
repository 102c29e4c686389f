import CPluginAPI
import PluginHost

/// What is borrowed for a call.
enum MemoryCases {
  static let all: [CheckCase] = [
    CheckCase(
      "borrowed", .plugin, "nothing that was passed to a call is touched after it",
      rule: "carillon/sink.h, deliver; carillon/base.h, carillon_str",
      advice: "copy what you need later; a crash here is the use of a pointer that was kept",
      needs: WorkCases.needs, body: borrowed),
    CheckCase(
      "bounds", .plugin, "no byte beyond a text's len or a structure's struct_size is read",
      rule: "carillon/base.h, carillon_str",
      advice: "texts have no NUL: no strlen, strcmp, %s or atoi; a crash here is a read beyond the end",
      needs: WorkCases.needs + ["borrowed"]
    ) { (context) throws(CaseEnd) in try WorkCases.work(context, mode: .guarded) },
  ]

  @Sendable private static func borrowed(_ context: CaseContext) throws(CaseEnd) {
    let manifest = try context.manifest()
    if manifest.isEventType {
      let type = try context.eventType(.init(), .revoked)
      let definition = try context.definition(type)
      let request = context.request(definition, type, maximum: 10)
      for _ in 0..<3 {
        _ = type.instance.validate(definition, .revoked)
        let items = type.instance.next([request, request], mode: .revoked).items
        _ = type.instance.render(items.map { context.event($0, definition, type) }, mode: .revoked)
      }
      type.instance.destroy()
      type.plugin.stop()
    }
    guard manifest.isSink else { return }
    let sink = try context.activeSink(.init(), .revoked)
    // Often: a sink's thread may be done before the call is over.
    for round in 0..<10 {
      let batch = sink.instance.deliver(
        context.samples(50, sink, "round\(round)"), limitMilliseconds: DeliveryCases.limitMilliseconds, mode: .revoked)
      sink.instance.cancel([batch.tickets[0]], mode: .revoked)
      let open = sink.instance.settle(batch)
      context.expectInTime(open == 0, "\(open) of 50 deliveries were not completed")
    }
    DeliveryCases.end(sink)
  }
}
