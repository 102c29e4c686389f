import CPluginAPI
import EventModel
import PluginHost

/// `render`.
enum RenderCases {
  /// Most bytes of each part that the agent takes.
  private static let bounds = ["title": 1_024, "text": 262_144, "html": 262_144, "content_type": 256, "data": 262_144]

  static let all: [CheckCase] = [
    CheckCase(
      "render-answers", .eventType,
      "render emits exactly one message for each event, also for tests; a batch of none is OK",
      rule: "carillon/event_type.h, render", advice: "call emit once for each event, with its number",
      needs: NextCases.sound
    ) { (context) throws(CaseEnd) in
      try each(context) { type, events in
        var test = events[0]
        test.isTest = true
        context.expect(type.instance.render([]).answer.isOK, "render answered an error for a batch of no events")
        for batch in [[events[0]], [test], events] {
          let answer = type.instance.render(batch)
          guard answer.answer.isOK else { return context.fault("render answered \(answer.answer.text)") }
          let counts = Dictionary(grouping: answer.items, by: \.event).mapValues(\.count)
          let missing = batch.indices.filter { counts[$0] == nil }.count
          context.expect(missing == 0, "\(missing) of \(batch.count) events got no message")
          context.expect(counts.values.allSatisfy { $0 == 1 }, "an event got \(counts.values.max() ?? 0) messages")
          context.expect(
            counts.keys.allSatisfy(batch.indices.contains),
            "a message was emitted for an event that is not in the batch")
        }
      }
    },
    CheckCase(
      "render-pure", .eventType, "an event gets the same message again, in any batch, and in another process",
      rule: "carillon/event_type.h, render (pure)",
      advice: "use the event alone: no clock, no random numbers, no counters",
      needs: ["render-answers", "next-pure"], isComparedBetweenProcesses: true
    ) { (context) throws(CaseEnd) in
      try each(context) { type, events in
        let whole = type.instance.render(events).items.sorted { $0.event < $1.event }
        guard whole.count == events.count else { return }
        context.answer(
          whole.map { $0.parts.map { String(decoding: $0.bytes, as: UTF8.self) }.joined() }.joined(separator: "|"))
        for (index, event) in events.enumerated().shuffled(using: &context.random) {
          var alone = type.instance.render([event]).items.first
          alone?.event = index
          guard alone == whole[index] else {
            return context.fault("event \(index) gets another message alone than in a batch")
          }
        }
        context.expect(
          type.instance.render(events).items.sorted { $0.event < $1.event } == whole,
          "the same batch gets other messages")
      }
    },
    CheckCase(
      "render-text", .eventType, "messages are UTF-8 and within bounds, the title is one line, and there is text",
      rule: "carillon/event_type.h, carillon_message", advice: "cut at a character; titles have at most 1,024 bytes",
      needs: ["render-answers"]
    ) { (context) throws(CaseEnd) in
      try each(context) { type, events in
        for message in type.instance.render(events).items {
          for part in message.parts {
            let bound = bounds[part.name] ?? 0
            context.expect(
              part.bytes.count <= bound, "the \(part.name) has \(part.bytes.count) bytes; at most \(bound) are taken")
            context.expect(String(validating: part.bytes, as: UTF8.self) != nil, "the \(part.name) is no UTF-8")
          }
          context.expect(!message.title.contains(10), "the title has several lines")
          if message.title.isEmpty { context.warn("the title is empty: most sinks show it first") }
          context.expect(message.data.isEmpty || !message.contentType.isEmpty, "there is data, but no content_type")
        }
      }
    },
    CheckCase(
      "render-stop", .eventType, "when emit answers anything but OK, render emits no more",
      rule: "carillon/event_type.h, carillon_emit_message", advice: "look at what emit answers, and return at once",
      needs: ["render-answers"]
    ) { (context) throws(CaseEnd) in
      try each(context) { type, events in
        let batch = Array((0..<4).map { events[$0 % events.count] })
        let answer = type.instance.render(batch, stopsAt: 1)
        context.expect(
          answer.emitted.afterStop == 0,
          "\(answer.emitted.afterStop) messages were emitted after emit had answered STOP")
      }
    },
  ]

  /// Does something with the first events of a few definitions.
  private static func each(
    _ context: CaseContext, _ body: (ReadyEventType, [EventSample]) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    try NextCases.each(context) { (type, definition) throws(CaseEnd) in
      let items = type.instance.next([context.request(definition, type, maximum: 12)]).items
      let events = items.map { context.event($0, definition, type) }
      if !events.isEmpty { try body(type, events) }
    }
  }
}

extension CaseContext {
  /// The event of an occurrence.
  func event(_ seen: SeenOccurrence, _ definition: String, _ type: ReadyEventType) -> EventSample {
    let cursor = CursorSample.after(seen, "Europe/London")
    var event = EventSample()
    (event.id, event.key) = ("evt_check_\(seen.ordinal)", String(decoding: seen.key, as: UTF8.self))
    (event.type, event.definition, event.user) = (type.plugin.manifest.name, definition, type.documents.user)
    (event.local, event.due) = (cursor.civil, cursor.instant)
    return event
  }
}
