import ArgumentParser
import ControlAPI
import GRPCCore
import SwiftProtobuf

/// `ctl user export`: everything that is kept about a person.
struct UserExport: CtlCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write out everything that is kept about a person.",
    discussion: """
      As a table it lists the records; -o json, jsonl or yaml writes them whole, and --file does so into a new file \
      that only you can read.

      Examples:
        ctl user export ada -o jsonl
        ctl user export ada --file ada.json
      """)

  /// Records that are printed together: a table is aligned by its page.
  static let pageSize = 100

  @OptionGroup(title: "Global options") var global: GlobalOptions
  @Argument(help: "Id or full name.", completion: .names(of: .users)) var id: String
  @Option(help: "A file that is not there yet; JSON unless -o says jsonl or yaml.") var file: String?

  func perform(_ session: Session) async throws {
    let name = try session.name(.users, id)
    guard let file else {
      try await write(name, session, session.printer)
      if session.printer.format == .table { session.around.errors.line("all of it: add -o json, or --file FILE") }
      return
    }
    let target = try PrivateFile(file)
    let format: OutputFormat = session.printer.format.isWhole ? session.printer.format : .json
    let printer = Printer(format: format, paint: .off, show: session.printer.show, sink: target)
    do {
      let count = try await write(name, session, printer)
      try target.close()
      session.around.output.line("exported \(count) records of user \(ResourceName.id(name)) to \(file)")
    } catch {
      target.discard()
      throw error
    }
  }

  @discardableResult
  private func write(_ name: String, _ session: Session, _ printer: Printer) async throws(CtlError) -> Int {
    let progress = Progress("records", around: session.around)
    defer { progress.finish() }
    do {
      return try await session.client.users.exportUser(
        .with { $0.name = name }, options: session.client.streamOptions
      ) { response in
        var list = ListPrinter<Carillon_V1_ExportUserResponse>(printer)
        var page: [Carillon_V1_ExportUserResponse] = []
        var count = 0
        for try await record in response.messages {
          page.append(record)
          count += 1
          progress.update(done: 0, of: nil, count: count)
          guard page.count == Self.pageSize else { continue }
          try list.add(page)
          page.removeAll(keepingCapacity: true)
        }
        try list.add(page)
        list.finish()
        return count
      }
    } catch {
      throw RPCFailure.error(error)
    }
  }
}

extension OutputFormat {
  /// Leaves nothing of a document out.
  fileprivate var isWhole: Bool { [.json, .jsonl, .yaml].contains(self) }
}

extension Carillon_V1_ExportUserResponse: TableRow {
  static let columns: [Table.Column] = [.init("RECORD"), .init("ID"), .init("ABOUT")]

  var name: String {
    switch record {
    case .user(let user): user.name
    case .schedule(let schedule): schedule.name
    case .event(let exported): exported.event.name
    case .deadLetter(let letter): letter.name
    case .message(let message): message.event
    case nil: ""
    }
  }

  func cells(_ show: ValueText) -> [Table.Cell] {
    let (kind, about) = summary(show)
    return [.init(kind), .init(show.id(name)), .init(show.text(about))]
  }

  private func summary(_ show: ValueText) -> (kind: String, about: String) {
    switch record {
    case .user(let user): ("user", user.displayName)
    case .schedule(let schedule): ("schedule", schedule.eventType)
    case .event(let exported):
      (
        "event",
        "\(exported.event.eventType), \(EnumText.label(exported.event.state)), due "
          + show.time(exported.event.dueTime, isSet: exported.event.hasDueTime)
      )
    case .deadLetter(let letter): ("dead letter", "\(letter.title) (\(letter.code))")
    case .message(let message): ("message", message.title)
    case nil: ("unknown", "")
    }
  }
}
