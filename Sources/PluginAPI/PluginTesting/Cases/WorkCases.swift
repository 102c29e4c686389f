import CPluginAPI
import PluginHost

/// The whole way once: what several cases do under other conditions.
enum WorkCases {
  /// Cases without which none of this works; those of the other kind of plugin do not count.
  static let needs = ["next-pure", "render-pure", "completes-once"]

  /// Makes, uses and ends one instance of each kind.
  static func work(
    _ context: CaseContext, _ variation: TestHost.Variation = .init(), shape: Shape = .init(),
    mode: CallMemory.Mode = .plain
  ) throws(CaseEnd) {
    let manifest = try context.manifest()
    if manifest.isEventType { try tell(context, variation, shape, mode) }
    if manifest.isSink { try deliver(context, variation, shape, mode) }
  }

  private static func tell(
    _ context: CaseContext, _ variation: TestHost.Variation, _ shape: Shape, _ mode: CallMemory.Mode
  ) throws(CaseEnd) {
    let type = try context.eventType(variation, mode)
    let definition = try context.definition(type)
    _ = type.instance.validate(definition, mode)
    let request = context.request(definition, type, maximum: 5)
    let first = type.instance.next([request, request], mode: mode, shape: shape)
    context.expect(first.answer.isOK, "next answered \(first.answer.text)")
    let events = first.items(of: 0).map { context.event($0, definition, type) }
    let messages = type.instance.render(events, mode: mode, shape: shape)
    context.expect(messages.answer.isOK, "render answered \(messages.answer.text)")
    context.expect(
      messages.items.count == events.count, "render gave \(messages.items.count) messages for \(events.count) events")
    type.instance.destroy()
    type.plugin.stop()
  }

  private static func deliver(
    _ context: CaseContext, _ variation: TestHost.Variation, _ shape: Shape, _ mode: CallMemory.Mode
  ) throws(CaseEnd) {
    let sink = try context.activeSink(variation, mode)
    let batch = sink.instance.deliver(
      context.samples(3, sink), limitMilliseconds: DeliveryCases.limitMilliseconds, mode: mode, shape: shape)
    context.expect(
      batch.answer.isOK || batch.answer.status == CARILLON_BUSY, "deliver answered \(batch.answer.text)")
    let open = sink.instance.settle(batch)
    context.expectInTime(open == 0, "\(open) of 3 deliveries were not completed")
    sink.instance.deactivate()
    sink.instance.destroy()
    sink.plugin.stop()
  }
}
