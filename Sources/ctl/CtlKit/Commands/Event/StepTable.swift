import ControlAPI

/// The steps of an event, for people.
struct StepTable {
  let printer: Printer

  func lines(_ steps: [Carillon_V1_Step]) -> [String] {
    var table = Table(columns: [
      .init("TIME"), .init("STEP"), .init("SINK"), .init("ATTEMPT", isRight: true), .init("TOOK"), .init("CODE"),
      .init("DETAIL"), .init("HOP", isWide: true, isRight: true), .init("QUEUE", isWide: true),
      .init("AGENT", isWide: true), .init("RECEIPT", isWide: true),
    ])
    table.rows = steps.map(cells)
    return printer.lines(table)
  }

  private func cells(_ step: Carillon_V1_Step) -> [Table.Cell] {
    let show = printer.show
    return [
      .init(show.time(step.time, isSet: step.hasTime)), .init(step.what, style(step.what)), .init(show.id(step.sink)),
      .init(step.attempt == 0 ? ValueText.none : String(step.attempt)), .init(took(step)),
      .init(show.text(step.code)), .init(show.text(detail(step))), .init(String(step.hop)), .init(show.id(step.queue)),
      .init(show.id(step.agent)), .init(show.text(step.externalID)),
    ]
  }

  /// When the row it wrote is due, who took it, and what was said; the meaning of a bare code.
  private func detail(_ step: Carillon_V1_Step) -> String {
    var parts: [String] = []
    if step.hasRunTime {
      let word = step.what == "deferred-until" ? "until" : "for"
      parts.append("\(word) \(printer.show.time(step.runTime, isSet: true))")
    }
    if step.what == "claimed", !step.agent.isEmpty { parts.append("by \(ResourceName.id(step.agent))") }
    if !step.detail.isEmpty {
      parts.append(step.detail)
    } else if let meaning = Self.meanings[step.code] {
      parts.append(meaning)
    }
    return parts.joined(separator: "; ")
  }

  /// Codes of the agent that may stand without a detail.
  private static let meanings = [
    "no-subscription": "no subscription wants it", "no-address": "the user has no address of the kind this sink needs",
    "missed": "missed, and its schedule skips what was missed",
    "superseded": "missed, and a newer one of the same schedule was missed too",
    "outside-catch-up-window": "missed by more than its schedule's catch-up window",
    "sink-gone": "the sink was deleted or disabled meanwhile", "paused": "its schedule or user is paused",
    "requested": "somebody asked for it", "withdrawn": "planned anew, because its schedule or user changed",
    "restored": "it may have been sent after the backup that the store was restored from",
    "erased": "its user was erased", "expired": "its queue's expiry passed",
    "circuit-open": "the sink fails too often; it rests a while", "sink-busy": "the sink has as much as it takes",
    "catch-up-merge": "missed, and merged into the newest",
  ]

  private func took(_ step: Carillon_V1_Step) -> String {
    guard step.hasStartTime, step.hasTime else { return ValueText.none }
    let (span, isTooLong) = ValueText.milliseconds(step.time)
      .subtractingReportingOverflow(ValueText.milliseconds(step.startTime))
    return isTooLong ? ValueText.none : DurationText.text(milliseconds: span)
  }

  private func style(_ what: String) -> Style? {
    switch what {
    case "delivered": .good
    case "dead", "expired": .bad
    case "retry", "deferred", "cancelled", "skipped": .warning
    default: nil
    }
  }
}
