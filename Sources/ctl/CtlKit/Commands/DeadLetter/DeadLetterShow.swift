import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct DeadLetterShow: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show dead letters whole: why, the message, and every step.",
    discussion: "Example:\n  ctl dead-letter show 42", aliases: ["get"])

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Ids or full names.", completion: .names(of: .deadLetters)) var ids: [String]

  func perform(_ session: Session) async throws {
    for (index, id) in ids.enumerated() {
      let letter = try await DeadLetters.get(session.client, name: try session.name(.deadLetters, id))
      try session.printer.document(try Printer.json(letter), names: [letter.name]) {
        (index > 0 ? [""] : []) + Self.lines(letter, session.printer)
      }
    }
  }

  private static func lines(_ letter: Carillon_V1_DeadLetter, _ printer: Printer) -> [String] {
    var lines = printer.lines(
      Table(columns: Carillon_V1_DeadLetter.columns, rows: [letter.cells(printer.show)]))
    lines += ["", printer.paint("message", .heading)]
    for (name, part) in [("title", letter.title), ("text", letter.text), ("HTML", letter.html), ("data", letter.data)]
    where !part.isEmpty {
      lines.append("  \(name):")
      lines += part.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .map { $0.isEmpty ? "" : "    " + Printable.escaped(String($0)) }
    }
    if !letter.steps.isEmpty { lines += [""] + StepTable(printer: printer).lines(letter.steps) }
    let id = ResourceName.id(letter.name)
    return lines + ["", printer.paint("send it again: ctl dead-letter replay \(id)", .faint)]
  }
}
