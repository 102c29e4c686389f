import ControlAPI
import GRPCCore
import Synchronization

/// Streams a file of people to the agent, and the answers to the report.
struct Importer: Sendable {
  /// People in one message of the stream; the API takes 1,000.
  static let batchSize = 500

  let settings: ImportSettings
  let report: ImportReport
  let progress: Progress

  /// Reads, sends and tells all of `file`.
  func run(_ file: InputFile, over client: Client) async throws(CtlError) {
    let readFailure = Mutex<CtlError?>(nil)
    do {
      try await client.users.importUsers(options: client.streamOptions) { writer in
        do { try await send(file, to: writer) } catch let error as CtlError {
          readFailure.withLock { $0 = error }
          throw error
        }
      } onResponse: { response in
        for try await message in response.messages { try report.add(message.results) }
      }
    } catch {
      // The reader's own error says more than the end of the stream that it caused.
      var failure = readFailure.withLock { $0 } ?? RPCFailure.error(error)
      failure.hint = failure.hint ?? "what was told is done; run the same import again for the rest"
      throw failure
    }
    guard report.unanswered == 0 else {
      throw CtlError(
        .failed, "the agent did not answer for \(report.unanswered) people", hint: "run the same import again")
    }
  }

  private func send(_ file: InputFile, to writer: RPCWriter<Carillon_V1_ImportUsersRequest>) async throws {
    var reader = VCardReader()
    var batch = ImportBatch(settings: settings)
    var bytesRead: Int64 = 0
    while true {
      let piece = try file.read()
      var items: [VCardReader.Item] = []
      if piece.isEmpty { reader.finish { items.append($0) } } else { reader.consume(piece) { items.append($0) } }
      for item in items {
        if let message = try take(item, into: &batch) { try await writer.write(message) }
      }
      bytesRead += Int64(piece.count)
      progress.update(done: bytesRead, of: file.size, count: report.summary.taken)
      if piece.isEmpty { break }
    }
    if let message = batch.take() { try await writer.write(message) }
    progress.finish()
    if reader.cardCount == 0 {
      throw CtlError(
        .failed, "there is no card in \(file.name)",
        hint: "a vCard begins with BEGIN:VCARD; is it another format, or UTF-16?")
    }
  }

  private func take(_ item: VCardReader.Item, into batch: inout ImportBatch) throws(CtlError)
    -> Carillon_V1_ImportUsersRequest?
  {
    switch item {
    case .note(let note):
      try report.add(note)
      return nil
    case .person(let person):
      let item = settings.item(person)
      try report.sending(person, name: item.user.name)
      return batch.add(item)
    }
  }
}

/// Gathers people into messages. The first says whose they are.
private struct ImportBatch {
  let settings: ImportSettings
  private var message: Carillon_V1_ImportUsersRequest

  init(settings: ImportSettings) {
    self.settings = settings
    message = .init()
    message.parent = "namespaces/\(settings.namespace)"
    message.validateOnly = settings.isDryRun
  }

  /// A full message, when there is one.
  mutating func add(_ item: Carillon_V1_ImportItem) -> Carillon_V1_ImportUsersRequest? {
    message.items.append(item)
    return message.items.count >= Importer.batchSize ? take() : nil
  }

  /// What is left.
  mutating func take() -> Carillon_V1_ImportUsersRequest? {
    guard !message.items.isEmpty else { return nil }
    defer { message = .init() }
    return message
  }
}
