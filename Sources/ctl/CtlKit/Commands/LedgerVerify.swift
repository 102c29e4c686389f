import ArgumentParser
import ControlAPI
import SwiftProtobuf

struct LedgerVerify: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Add up a period: exit 1 when anything was lost or closed twice.",
    discussion: "Example:\n  ctl ledger verify --since 7d")

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "How far back.") var since = TimeSpan(milliseconds: 7 * 86_400_000)

  func perform(_ session: Session) async throws {
    let from = session.around.now() - since.milliseconds
    let request = Carillon_V1_VerifyLedgerRequest.with {
      $0.from = Google_Protobuf_Timestamp(seconds: from / 1_000)
    }
    let answer = try await session.client.call {
      try await session.client.events.verifyLedger(request, options: $0)
    }
    try session.printer.document(try Printer.json(answer)) { Self.lines(answer, session.printer) }
    guard answer.lost == 0, answer.closedTwice == 0 else {
      throw CtlError(.failed, "\(answer.lost) events are lost, \(answer.closedTwice) were closed twice")
    }
  }

  private static func lines(_ answer: Carillon_V1_VerifyLedgerResponse, _ printer: Printer) -> [String] {
    func bad(_ count: Int64) -> Table.Cell { .init(String(count), count == 0 ? .good : .bad) }
    var rows: [[Table.Cell]] = [
      ["events", .init(String(answer.rows))], ["closed once", .init(String(answer.closedOnce))],
      ["open", .init(String(answer.open))], ["lost", bad(answer.lost)], ["closed twice", bad(answer.closedTwice)],
    ]
    rows += answer.outcomes.sorted { $0.key < $1.key }.map { [.init($0.key), .init(String($0.value))] }
    return Array(printer.lines(Table(columns: [.init(""), .init("", isRight: true)], rows: rows)).dropFirst())
  }
}
