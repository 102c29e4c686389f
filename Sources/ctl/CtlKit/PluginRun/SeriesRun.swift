import AuthorDesk
import EventModel
import PluginHost

/// Asks an event type for its next occurrences, and shows when they are and what they say.
struct SeriesRun {
  let command: PluginRun
  let around: Surroundings
  let desk: PluginDesk

  /// - Throws: when the definition or another option is wrong, or the plugin failed.
  func perform(_ printer: Printer) async throws(CtlError) {
    let question = try question()
    do throws(DeskError) {
      let eventType = try EventTypeDesk(desk)
      let occurrences = try await eventType.occurrences(question)
      let messages = command.render ? try await eventType.messages(occurrences, of: question) : []
      try show(occurrences, messages, printer)
    } catch {
      throw CtlError(error)
    }
  }

  private func question() throws(CtlError) -> SeriesQuestion {
    var user: UserSnapshot?
    if let value = try DocumentArgument.object(command.user, "--user") {
      user = try UserDocument.read(value, at: "--user")
    }
    let from: EventModel.CivilFields
    do throws(DeskError) {
      if let text = command.from {
        from = try DeskZones.civil(text)
      } else {
        from = try desk.zones.civil(at: Timestamp(microseconds: around.now() * 1_000), in: command.zone)
      }
    } catch {
      throw .invalid(command.from == nil ? "--zone" : "--from", error.message)
    }
    return SeriesQuestion(
      definitionJSON: try DocumentArgument.json(command.definition, "--definition") ?? "{}", user: user,
      timeZone: command.zone, from: from, count: command.count)
  }

  private func show(
    _ occurrences: [PlacedOccurrence], _ messages: [Message], _ printer: Printer
  ) throws(DeskError) {
    var rows = RunRows(
      printer, columns: [.init("NO.", isRight: true), .init("LOCAL TIME"), .init("INSTANT"), .init("KEY")])
    rows.add(
      occurrences.indices.map { Self.row(occurrences[$0], messages.indices.contains($0) ? messages[$0] : nil) })
    do throws(CtlError) { try rows.finish() } catch { throw DeskError(error.message) }
    if occurrences.isEmpty { around.errors.line("no occurrence: the series has ended, or has not begun") }
  }

  private static func row(_ occurrence: PlacedOccurrence, _ message: Message?) -> RunRows.Row {
    let local = text(occurrence.local)
    let instant = Timestamps.rfc3339(milliseconds: occurrence.instant.microseconds / 1_000)
      .replacing(".000Z", with: "Z")
    var document: [(String, JSONValue)] = [
      ("number", .integer(Int64(clamping: occurrence.ordinal))), ("key", .string(occurrence.key)),
      ("local_time", .string(local)), ("instant", .string(instant)),
    ]
    if let message {
      document += [
        ("title", .string(message.title)), ("text", .string(message.text)), ("html", .string(message.html)),
        ("content_type", .string(message.contentType)), ("data", .string(message.data)),
      ]
    }
    return RunRows.Row(
      name: occurrence.key,
      cells: [.init("\(occurrence.ordinal)"), .init(local), .init(instant), .init(occurrence.key)],
      document: .object(document), below: message.map(lines) ?? [])
  }

  private static func lines(_ message: Message) -> [String] {
    let text = message.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let parts = [message.html, message.data].filter { !$0.isEmpty }
    return [message.title] + (message.text.isEmpty ? [] : text) + parts
  }

  private static func text(_ civil: EventModel.CivilFields) -> String {
    let numbers = [Int(civil.month), Int(civil.day), Int(civil.hour), Int(civil.minute), Int(civil.second)]
    let two = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
    let year = String(civil.year)
    let fold = civil.fold == 0 ? "" : " (second)"
    return String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year
      + "-\(two[0])-\(two[1])T\(two[2]):\(two[3]):\(two[4])" + fold
  }
}
