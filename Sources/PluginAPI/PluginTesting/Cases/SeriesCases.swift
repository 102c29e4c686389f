import CPluginAPI
import EventModel

/// Whole series: what must come out the same however it is asked for.
enum SeriesCases {
  /// Days on which calendars and clocks do what is easily forgotten.
  private static let starts: [CivilFields] = [
    .init(year: 2028, month: 2, day: 28, hour: 23, minute: 59, second: 59), .init(year: 2028, month: 2, day: 29),
    .init(year: 2100, month: 2, day: 28), .init(year: 2030, month: 12, day: 31, hour: 23, minute: 59, second: 59),
    .init(year: 2031, month: 3, day: 30, hour: 2, minute: 30),
    .init(year: 2031, month: 10, day: 26, hour: 2, minute: 30, fold: 1),
    .init(year: 1970, month: 1, day: 1), .init(year: 1900, month: 1, day: 1), .init(year: 2000, month: 2, day: 29),
    .init(year: 2240, month: 6, day: 30, hour: 12), .init(year: 2262, month: 4, day: 11),
    .init(year: 9_999, month: 12, day: 31),
  ]
  /// Zones with changes at odd times, by odd amounts, or none.
  private static let zones = [
    "Europe/London", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
    "America/St_Johns",
    "Etc/GMT+12", "America/Argentina/ComodRivadavia", "Africa/Casablanca",
  ]

  static let all: [CheckCase] = [
    CheckCase(
      "next-pure", .eventType, "the same request gives the same answer: again, after other calls, in another process",
      rule: "carillon/event_type.h, next (pure)",
      advice: "use the request alone: no clock, no random numbers, no memory of calls",
      needs: NextCases.sound, isComparedBetweenProcesses: true, body: pure),
    CheckCase(
      "next-batches", .eventType,
      "a request gives the same answer alone and in a batch, in any order; a batch of none is OK",
      rule: "carillon/event_type.h, next", advice: "treat each request by itself, and pass its number to emit",
      needs: NextCases.sound + ["next-pure"], body: batches),
    CheckCase(
      "next-continues", .eventType,
      "going on from any occurrence gives the rest of the same series, in pages of 1, 2 and 7",
      rule: "carillon/event_type.h, carillon_cursor",
      advice: "compute from after->civil, after->ordinal and after->key",
      needs: NextCases.sound + ["next-pure"], body: continues),
    CheckCase(
      "next-start", .eventType, "at a start, an occurrence at the cursor itself counts; afterwards it does not",
      rule: "carillon/event_type.h, CARILLON_CURSOR_START", advice: "look at CARILLON_CURSOR_START in after->flags",
      needs: NextCases.sound + ["next-pure"], body: start),
    CheckCase(
      "next-calendar", .eventType,
      "leap days, year ends, days of 23 and 25 hours, the far future and odd zones are answered well",
      rule: "carillon/event_type.h, carillon_civil in carillon/base.h",
      advice: "mind 29 February and the bounds of int64_t",
      needs: NextCases.sound + ["next-pure"], body: calendar),
    CheckCase(
      "next-nobody", .eventType, "a schedule without a user is answered, with occurrences or with a reason",
      rule: "carillon/event_type.h, user_json", advice: "expect {}: no member is sure to be there",
      needs: NextCases.sound
    ) { (context) throws(CaseEnd) in
      try NextCases.each(context) { type, definition in
        var request = context.request(definition, type, maximum: 5)
        request.user = "{}"
        let answer = type.instance.next([request])
        if !answer.answer.isOK, !answer.answer.isExplained {
          context.warn("next answered \(answer.answer.text) for the user {} and does not say why (host->fail)")
        }
        for fault in OccurrenceRules.all(answer.items, after: request.after, maximum: 5) { context.fault(fault) }
      }
    },
  ]

  @Sendable private static func pure(_ context: CaseContext) throws(CaseEnd) {
    try NextCases.each(context) { type, definition in
      let request = context.request(definition, type, maximum: 40)
      let first = type.instance.next([request]).items
      context.answer(first.map(\.text).joined(separator: "|"))
      for start in starts.shuffled(using: &context.random).prefix(4) {
        _ = type.instance.next([context.request(definition, type, from: start, maximum: 3)])
      }
      _ = type.instance.validate(definition)
      for _ in 0..<3 where type.instance.next([request]).items != first {
        return context.fault("the same request was answered otherwise the next time: \(definition.prefix(200))")
      }
    }
  }

  @Sendable private static func batches(_ context: CaseContext) throws(CaseEnd) {
    var requests: [NextRequest] = []
    var alone: [[SeenOccurrence]] = []
    var ready: ReadyEventType?
    try NextCases.each(context) { type, definition in
      ready = type
      for start in [CaseContext.seriesStart] + starts.shuffled(using: &context.random).prefix(3) {
        let request = context.request(definition, type, from: start, maximum: 5)
        let answer = type.instance.next([request])
        guard answer.answer.isOK else { continue }
        requests.append(request)
        alone.append(answer.items)
      }
    }
    guard let type = ready else { return }
    context.expect(type.instance.next([]).answer.isOK, "next answered an error for a batch of no requests")
    for size in [requests.count, 100, 1_000] {
      let chosen = (0..<size).map { _ in Int.random(in: requests.indices, using: &context.random) }
      let answer = type.instance.next(chosen.map { requests[$0] })
      guard answer.answer.isOK else {
        return context.fault("next answered \(answer.answer.text) for a batch of \(size)")
      }
      let found = Dictionary(grouping: answer.items, by: \.request)
      for (place, index) in chosen.enumerated() {
        let items = (found[place] ?? []).map { seen -> SeenOccurrence in
          var seen = seen
          seen.request = 0
          return seen
        }
        guard items == alone[index] else {
          return context.fault("request \(place) of a batch of \(size) is answered otherwise than alone")
        }
      }
      if let stray = found.keys.first(where: { !chosen.indices.contains($0) }) {
        return context.fault("an occurrence was emitted for request \(stray) of \(size)")
      }
    }
  }

  @Sendable private static func continues(_ context: CaseContext) throws(CaseEnd) {
    try NextCases.each(context) { type, definition in
      let request = context.request(definition, type, maximum: 60)
      let whole = type.instance.next([request]).items
      for page in [UInt32(1), 2, 7] {
        var (found, at): ([SeenOccurrence], CursorSample) = ([], request.after)
        while found.count < whole.count {
          var next = request
          (next.maximum, next.after) = (page, at)
          let items = type.instance.next([next]).items
          guard let last = items.last else { break }
          found += items
          at = .after(last, request.zone)
        }
        let same = zip(found, whole).prefix { $0 == $1 }.count
        guard found.count >= whole.count, same == whole.count else {
          return context.fault(
            "in pages of \(page) the series differs from occurrence \(same + 1) on: \(found.dropFirst(same).first?.text ?? "nothing") "
              + "instead of \(whole.dropFirst(same).first?.text ?? "nothing")")
        }
      }
    }
  }

  @Sendable private static func start(_ context: CaseContext) throws(CaseEnd) {
    try NextCases.each(context) { type, definition in
      let request = context.request(definition, type, maximum: 6)
      for seen in type.instance.next([request]).items where seen.kind == CARILLON_OCCURRENCE_CIVIL {
        var at = request
        at.after = .after(seen, request.zone)
        (at.after.isStart, at.after.key, at.after.ordinal) = (true, [], 0)
        let first = type.instance.next([at]).items.first
        context.expect(
          first?.civil == seen.civil, "a series that starts at \(seen.text) begins with \(first?.text ?? "nothing")")
        at.after = .after(seen, request.zone)
        let further = type.instance.next([at]).items.first
        context.expect(further?.key != seen.key, "\"\(seen.keyText)\" comes again after itself")
      }
    }
  }

  @Sendable private static func calendar(_ context: CaseContext) throws(CaseEnd) {
    try NextCases.each(context) { type, definition in
      for start in starts {
        for zone in zones.shuffled(using: &context.random).prefix(4) {
          let request = context.request(definition, type, zone: zone, from: start, maximum: 12)
          let answer = type.instance.next([request])
          let place = "from \(start.year)-\(start.month)-\(start.day) in \(zone), for \(definition.prefix(120))"
          if !answer.answer.isOK { context.warn("next answered \(answer.answer.text) \(place)") }
          for fault in OccurrenceRules.all(answer.items, after: request.after, maximum: 12) {
            context.fault("\(fault), \(place)")
          }
        }
      }
    }
  }
}
