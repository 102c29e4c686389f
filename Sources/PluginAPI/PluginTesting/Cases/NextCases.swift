import CPluginAPI
import EventModel

/// `next`, one rule after the other.
enum NextCases {
  /// What makes the other cases about series worth while.
  static let sound = ["next-answers", "next-keys", "next-order", "next-max"]

  static let all: [CheckCase] = [
    CheckCase(
      "next-answers", .eventType, "next answers OK for a definition that validate takes, with well-formed occurrences",
      rule: "carillon/event_type.h, next and carillon_occurrence",
      advice: "set struct_size, kind and a date that exists",
      needs: ["validate"]
    ) { (context) throws(CaseEnd) in
      let type = try context.eventType()
      let definition = try context.definition(type)
      let items = try context.series(definition, type)
      let answer = type.instance.next([context.request(definition, type, maximum: 50)])
      context.expect(answer.emitted.nullPointers == 0, "emit was called with NULL")
      for seen in items {
        if let fault = OccurrenceRules.malformed(seen, requests: 1) { context.fault("\"\(seen.keyText)\" \(fault)") }
      }
      context.note(
        "the series has \(items.count < 50 ? "\(items.count)" : "50 or more") occurrences: \(definition.prefix(200))")
      if items.count < 8 {
        context.warn("a series of \(items.count) occurrences shows little; give --definition with one that goes on")
      }
    },
    rule(
      "next-keys", "keys are 1 to 200 printable ASCII characters without space, unique in the series",
      advice: "make the key of what stays the same: the date celebrated, a number", needs: ["next-answers"]
    ) { items, request in OccurrenceRules.keys(items, after: request.after) },
    rule(
      "next-order", "occurrences come in order, after the cursor, with rising ordinals",
      advice: "emit the earliest first; ordinal goes on from after->ordinal", needs: ["next-answers"]
    ) { items, request in OccurrenceRules.order(items, after: request.after) },
    CheckCase(
      "next-max", .eventType, "at most max occurrences are emitted for a request", rule: "carillon/event_type.h, max",
      advice: "count what you emit for each request", needs: ["next-answers"]
    ) { (context) throws(CaseEnd) in
      try each(context) { type, definition in
        for maximum in [UInt32(1), 2, 3, 10, 1_000] {
          let count = type.instance.next([context.request(definition, type, maximum: maximum)]).items.count
          context.expect(count <= Int(maximum), "\(count) occurrences were emitted, and \(maximum) were asked for")
        }
      }
    },
    CheckCase(
      "next-stop", .eventType, "when emit answers anything but OK, next emits no more and returns OK",
      rule: "carillon/event_type.h, carillon_emit_occurrence", advice: "look at what emit answers, and return at once",
      needs: sound
    ) { (context) throws(CaseEnd) in
      try each(context) { type, definition in
        let request = context.request(definition, type, maximum: 20)
        let whole = type.instance.next([request]).items
        for stop in [1, 2, 5] where stop < whole.count {
          let answer = type.instance.next([request, request], stopsAt: stop)
          context.expect(
            answer.emitted.afterStop == 0,
            "\(answer.emitted.afterStop) occurrences were emitted after emit had answered STOP")
          context.expect(answer.answer.isOK, "next answered \(answer.answer.text) after emit had answered STOP")
        }
      }
    },
  ]

  /// A case about each series by itself, with pages of several sizes.
  private static func rule(
    _ name: String, _ sentence: String, advice: String, needs: [String],
    _ fault: @Sendable @escaping ([SeenOccurrence], NextRequest) -> String?
  ) -> CheckCase {
    CheckCase(
      name, .eventType, sentence, rule: "carillon/event_type.h, carillon_occurrence", advice: advice, needs: needs
    ) {
      (context) throws(CaseEnd) in
      try each(context) { type, definition in
        for maximum in [UInt32(1), 7, 200] {
          let request = context.request(definition, type, maximum: maximum)
          let items = Array(type.instance.next([request]).items.prefix(Int(maximum)))
          if let fault = fault(items, request) { return context.fault("\(fault), for \(definition.prefix(200))") }
          guard let last = items.last else { continue }
          var further = request
          further.after = .after(last, request.zone)
          let rest = Array(type.instance.next([further]).items.prefix(Int(maximum)))
          if let fault = fault(rest, further) { return context.fault("\(fault), going on from \"\(last.keyText)\"") }
        }
      }
    }
  }

  /// Does something with a few definitions that `validate` takes.
  static func each(
    _ context: CaseContext, _ body: (ReadyEventType, String) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    let type = try context.eventType()
    let first = try context.definition(type)
    _ = try context.series(first, type, maximum: 1)
    try body(type, first)
    var others = 0
    for definition in try type.documents.definitions(24) where definition != first {
      guard type.instance.validate(definition).isOK else { continue }
      try body(type, definition)
      others += 1
      if others == 7 { return }
    }
  }
}
