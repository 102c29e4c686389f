import ControlAPI
import Synchronization

/// Shows the lines of several logs as they come.
final class LogFeed: AnswerNote {
  private struct State {
    var left: Int
    var count = 0
    var hasAnswered = false
  }

  private let printer: Printer
  private let isFleet: Bool
  private let state: Mutex<State>

  init(printer: Printer, isFleet: Bool, limit: Int) {
    self.printer = printer
    self.isFleet = isFleet
    state = Mutex(State(left: limit))
  }

  /// Whether there was an answer since it was last asked.
  func takeAnswered() -> Bool {
    state.withLock { state in
      defer { state.hasAnswered = false }
      return state.hasAnswered
    }
  }

  /// Shows an answer's lines. False: as many as were wanted are shown.
  func take(_ answer: Carillon_V1_ReadLogsResponse, _ agent: String) throws -> Bool {
    try state.withLock { state in
      state.hasAnswered = true
      if answer.dropped > 0 { missed(answer.dropped, agent) }
      for line in answer.lines {
        guard state.left > 0 else { break }
        state.left -= 1
        try show(line, agent, isFirst: state.count == 0)
        state.count += 1
      }
      printer.sink.flush()
      return state.left > 0
    }
  }

  /// Ends a JSON array.
  func finish() throws {
    state.withLock { state in
      if printer.format == .json { printer.sink.line(state.count == 0 ? "[]" : "\n]") }
    }
    printer.sink.flush()
  }

  private func missed(_ count: Int64, _ agent: String) {
    let place = isFleet ? "\(agent): " : ""
    Surroundings.current.errors.line("\(Printable.escaped(place))\(count) lines were gone before they could be read")
  }

  private func show(_ line: Carillon_V1_LogLine, _ agent: String, isFirst: Bool) throws(CtlError) {
    guard case .object(var members) = try Printer.json(line) else { return }
    if isFleet { members.insert(("fleetAgent", .string(agent)), at: 0) }
    let json = JSONValue.object(members)
    switch printer.format {
    case .table, .wide: printer.sink.line(text(line, agent))
    case .name: printer.sink.line(Printable.escaped(line.message))
    case .json: printer.sink.write((isFirst ? "[\n" : ",\n") + json.pretty)
    case .jsonl: printer.sink.line(json.compact)
    case .yaml: printer.sink.write((isFirst ? "" : "---\n") + (try YAMLText.document(json)))
    }
  }

  /// `2026-05-04T07:00:00.000Z warning [agent] message key=value`
  private func text(_ line: Carillon_V1_LogLine, _ agent: String) -> String {
    let fields = line.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value))" }
    let parts = [
      printer.show.time(line.time, isSet: line.hasTime), isFleet ? agent : "",
    ].filter { !$0.isEmpty }.map(Printable.escaped)
    let level = printer.paint(Printable.escaped(line.level), LogLevel(rawValue: line.level)?.style)
    let rest = ([line.message] + fields).map(Printable.escaped).joined(separator: " ")
    return (parts + [level, rest]).joined(separator: " ")
  }

  /// As logfmt writes a value.
  private static func quoted(_ text: String) -> String {
    text.isEmpty || text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
      ? "\"" + text.replacing("\"", with: "\\\"") + "\"" : text
  }
}
