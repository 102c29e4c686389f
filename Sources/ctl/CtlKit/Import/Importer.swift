import ControlAPI
import GRPCCore
import Synchronization

/// Streams what a source reads to the agent, and the answers to the report.
struct Importer: Sendable {
  let format: ImportFormat
  let namespace: String
  let isDryRun: Bool
  let report: ImportReport
  let progress: Progress

  /// Reads, sends and tells all of `input`.
  func run(_ source: some ImportSource, _ input: ImportInput, over client: Client) async throws(CtlError) {
    let readFailure = Mutex<CtlError?>(nil)
    do {
      try await client.users.importUsers(options: client.streamOptions) { writer in
        do { try await send(source, input, to: writer) } catch let error as CtlError {
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
        .failed, "the agent did not answer for \(report.unanswered) \(format.noun)", hint: "run the same import again")
    }
  }

  private func send(
    _ source: some ImportSource, _ input: ImportInput, to writer: RPCWriter<Carillon_V1_ImportUsersRequest>
  ) async throws {
    var source = source
    var input = input
    var batch = ImportBatch(namespace: namespace, isDryRun: isDryRun)
    var bytesRead: Int64 = 0
    while true {
      let piece = try input.read()
      let parts = try piece.isEmpty ? source.finish() : source.consume(piece)
      for part in parts {
        if let message = try take(part, into: &batch) { try await writer.write(message) }
      }
      bytesRead += Int64(piece.count)
      progress.update(done: bytesRead, of: input.size, count: report.summary.taken)
      if piece.isEmpty { break }
    }
    if let message = batch.take() { try await writer.write(message) }
    progress.finish()
    if source.count == 0 {
      throw CtlError(.failed, "there is no \(format.nothing.what) in \(input.name)", hint: format.nothing.hint)
    }
  }

  private func take(_ part: ImportPart, into batch: inout ImportBatch) throws(CtlError)
    -> Carillon_V1_ImportUsersRequest?
  {
    switch part {
    case .note(let note):
      try report.add(note)
      return nil
    case .entry(let entry):
      try report.sending(entry)
      return batch.add(entry)
    }
  }
}
