import ControlAPI

/// Previewed words, as a person would read them.
struct PreviewText {
  let printer: Printer
  /// Milliseconds since 1970.
  let now: Int64
  let showsHTML: Bool
  /// Whether a template was tried instead of the stored ones.
  let isTrial: Bool

  /// Asks for a preview and shows it; fails when something of it cannot be worded.
  /// - Parameter preface: a line for people that goes before.
  static func ask(
    _ request: Carillon_V1_PreviewScheduleRequest, _ session: Session, showsHTML: Bool, preface: String? = nil
  ) async throws(CtlError) {
    let answer = try await session.client.call {
      try await session.client.schedules.previewSchedule(request, options: $0)
    }
    let text = PreviewText(
      printer: session.printer, now: session.around.now(), showsHTML: showsHTML, isTrial: request.hasTemplate)
    try session.printer.document(try Printer.json(answer), names: answer.occurrences.map(\.occurrenceKey)) {
      (preface.map { [Printable.escaped($0), ""] } ?? []) + text.lines(answer)
    }
    try judge(answer)
  }

  private static func judge(_ answer: Carillon_V1_PreviewScheduleResponse) throws(CtlError) {
    let messages = answer.occurrences.flatMap(\.messages)
    guard let problem = messages.first(where: { !$0.problem.isEmpty })?.problem else {
      guard answer.occurrences.isEmpty else { return }
      throw CtlError(.failed, "nothing is coming, so there are no words to show")
    }
    let count = messages.count { !$0.problem.isEmpty }
    throw CtlError(.failed, "\(count) of \(messages.count) messages cannot be worded: \(problem)")
  }

  func lines(_ answer: Carillon_V1_PreviewScheduleResponse) -> [String] {
    var lines: [String] = []
    for occurrence in answer.occurrences {
      if !lines.isEmpty { lines.append("") }
      lines.append(heading(occurrence))
      for group in Self.alike(occurrence.messages) { lines += [""] + self.lines(group.sinks, group.message) }
    }
    return lines
  }

  private func heading(_ occurrence: Carillon_V1_PreviewedOccurrence) -> String {
    let when = [LocalTime.friendly(occurrence.localTime), occurrence.timeZone].filter { !$0.isEmpty }
    var parts = [when.joined(separator: " ")]
    if occurrence.hasDueTime { parts.append(Ahead.text(ValueText.milliseconds(occurrence.dueTime), from: now)) }
    let text = Printable.escaped(parts.filter { !$0.isEmpty }.joined(separator: ", "))
    return printer.paint(text, .heading)
      + printer.paint(Printable.escaped("  (occurrence \(occurrence.occurrenceKey))"), .faint)
  }

  /// Sinks that get the same words are told together.
  private static func alike(
    _ messages: [Carillon_V1_PreviewedMessage]
  ) -> [(sinks: [String], message: Carillon_V1_PreviewedMessage)] {
    var groups: [(sinks: [String], message: Carillon_V1_PreviewedMessage)] = []
    for message in messages {
      var words = message
      words.sink = ""
      if let place = groups.firstIndex(where: { $0.message == words }) {
        groups[place].sinks.append(message.sink)
      } else {
        groups.append(([message.sink], words))
      }
    }
    return groups
  }

  private func lines(_ sinks: [String], _ message: Carillon_V1_PreviewedMessage) -> [String] {
    let ids = sinks.filter { !$0.isEmpty }.map(ResourceName.id)
    let to = ids.isEmpty ? "no sink is subscribed; it would say" : "to \(ids.joined(separator: ", "))"
    var lines = ["  " + Printable.escaped(to), "  words: " + Printable.escaped(source(message.wording))]
    if !message.wording.fallback.isEmpty {
      lines.append("  " + printer.paint("note: " + Printable.escaped(message.wording.fallback), .warning))
    }
    guard message.problem.isEmpty else {
      return lines + ["  " + printer.paint("problem: " + Printable.escaped(message.problem), .bad)]
    }
    if !message.title.isEmpty { lines += ["", "    " + printer.paint(Printable.escaped(message.title), .heading)] }
    if !message.text.isEmpty { lines += [""] + Self.block(message.text) }
    if showsHTML {
      lines += message.html.isEmpty ? ["", "  no HTML"] : ["", "  HTML:", ""] + Self.block(message.html)
    }
    if printer.format == .wide, message.hasData, let data = try? Printer.json(message.data).compact {
      lines += ["", "  data: " + data]
    }
    return lines
  }

  /// Each line for itself, so that none can steer the terminal, and indented. No line ends in spaces.
  private static func block(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map { $0.isEmpty ? "" : "    " + Printable.escaped(String($0)) }
  }

  private func source(_ wording: Carillon_V1_Wording) -> String {
    let language = wording.locale.isEmpty ? "" : ", \(wording.locale)"
    return switch wording.source {
    case .schedule: "the schedule's own" + language
    case .template where isTrial: "the template tried" + language
    case .template: "template \(ResourceName.id(wording.template))" + language
    case .builtIn: "built in" + language
    case .unspecified, .UNRECOGNIZED: "unknown" + language
    }
  }
}
