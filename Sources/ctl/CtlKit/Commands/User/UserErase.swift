import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// `ctl user erase`: a person asks to be forgotten.
struct UserErase: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Erase a person and all that was worded for them. Cannot be undone.",
    discussion: """
      Says first what would go, and asks to type the id. What stays is the ledger's arithmetic: numbers, times, outcomes.

      Examples:
        ctl user erase ada --dry-run
        ctl user erase ada --yes
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .users)) var id: String
  @Option(help: "Erase only if it still has this etag.") var etag = ""
  @Flag(help: "Only say what would be erased.") var dryRun = false
  @OptionGroup var confirmation: Confirmation

  func perform(_ session: Session) async throws {
    let name = try session.name(.users, id)
    if dryRun { return try show(try await erase(name, session, isDryRun: true), name, session.printer) }
    if !confirmation.yes {
      let preview = try await erase(name, session, isDryRun: true)
      let report = ErasureReport(answer: preview, user: name, isDryRun: true)
      if session.around.isInputTerminal { report.lines(session.printer).forEach(session.around.errors.line) }
      try confirmation.askToType(ResourceName.id(name), "This cannot be undone.", session.around)
    }
    try show(try await erase(name, session, isDryRun: false), name, session.printer)
  }

  private func erase(
    _ name: String, _ session: Session, isDryRun: Bool
  ) async throws(CtlError) -> Carillon_V1_EraseUserResponse {
    let request = Carillon_V1_EraseUserRequest.with {
      $0.name = name
      $0.etag = etag
      $0.validateOnly = isDryRun
    }
    return try await session.client.call { try await session.client.users.eraseUser(request, options: $0) }
  }

  private func show(
    _ answer: Carillon_V1_EraseUserResponse, _ name: String, _ printer: Printer
  ) throws(CtlError) {
    try printer.document(try Printer.json(answer), names: [name]) {
      ErasureReport(answer: answer, user: name, isDryRun: dryRun).lines(printer)
    }
  }
}

/// What goes when a person is erased, and what stays.
struct ErasureReport {
  var answer: Carillon_V1_EraseUserResponse
  var user: String
  var isDryRun: Bool

  func lines(_ printer: Printer) -> [String] {
    let rows: [[Table.Cell]] = [
      ["user", "1", ""], ["schedules", .init(String(answer.schedules)), ""],
      ["messages", .init(String(answer.messages)), "that waited to be tried again"],
      ["dead letters", .init(String(answer.deadLetters)), ""],
      ["receipts", .init(String(answer.receipts)), "whose quoted text was taken out"],
    ]
    let columns: [Table.Column] = [.init("  "), .init("", isRight: true), .init("")]
    let table = Table(columns: columns, rows: rows.map { [.init("  " + $0[0].text)] + $0.dropFirst() })
    let heading = "\(isDryRun ? "would be erased" : "erased") with user \(ResourceName.id(user)):"
    return [printer.paint(Printable.escaped(heading), .heading)] + printer.lines(table).dropFirst() + remains(printer)
  }

  private func remains(_ printer: Printer) -> [String] {
    var lines = ["what stays: numbers, times and outcomes in the ledger, which name nobody"]
    if answer.inFlight > 0 {
      lines.append("sends under way: \(answer.inFlight); they end, and keep nothing of the person")
    }
    for name in answer.subscriptions {
      let id = Printable.escaped(ResourceName.id(name))
      lines.append(
        printer.paint("subscription \(id) names this id in its filter: ctl subscription get \(id)", .warning))
    }
    return lines
  }
}
