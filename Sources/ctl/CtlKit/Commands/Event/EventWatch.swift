import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

/// `ctl event watch`
struct EventWatch: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Show receipts as they are recorded, until interrupted.",
    discussion: """
      With -o jsonl each line carries the cursor to resume from.

      Example:
        ctl event watch --cursor oldest -o jsonl
      """)

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Option(help: "Where to begin: a cursor, or oldest (default: now).") var cursor = ""
  @Option(help: "End after so many receipts.") var count: Int?

  func perform(_ session: Session) async throws {
    let request = Carillon_V1_WatchReceiptsRequest.with {
      $0.parent = session.parent(.events)
      $0.cursor = cursor
    }
    let printer = session.printer
    let limit = count ?? .max
    do {
      try await session.client.events.watchReceipts(request, options: session.client.streamOptions) { response in
        var left = limit
        for try await change in response.messages {
          for receipt in change.receipts.prefix(left) { try Self.show(receipt, change.cursor, printer) }
          printer.sink.flush()
          left -= min(left, change.receipts.count)
          if left == 0 { return }
        }
      }
    } catch {
      throw RPCFailure.error(error)
    }
  }

  private static func show(
    _ receipt: Carillon_V1_ReceiptChange, _ cursor: String, _ printer: Printer
  ) throws(CtlError) {
    guard case .object(let members) = try Printer.json(receipt) else { return }
    let show = printer.show
    try printer.document(.object(members + [("cursor", .string(cursor))]), names: [receipt.event]) {
      let parts = [
        show.time(receipt.time, isSet: receipt.hasTime), receipt.outcome, show.id(receipt.event),
        show.id(receipt.sink), receipt.code,
      ]
      return [parts.filter { !$0.isEmpty }.map(Printable.escaped).joined(separator: "  ")]
    }
  }
}
