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
  /// What begins before this line is read, but neither sent nor told: it was done before.
  var fromLine = 1
  /// Ends the sending; what is on the way is still told.
  var stop = StopRequest()

  /// Reads, sends and tells all of `input`.
  func run(_ source: some ImportSource, _ input: ImportInput, over client: Client) async throws(CtlError) {
    defer { progress.finish() }
    let readFailure = Mutex<CtlError?>(nil)
    let wasStopped = Atomic(false)
    let bytesRead = Atomic<Int64>(0)
    do {
      try await client.users.importUsers(options: client.streamOptions) { writer in
        do {
          if try await !send(source, input, to: writer, bytesRead) { wasStopped.store(true, ordering: .releasing) }
        } catch let error as CtlError {
          readFailure.withLock { $0 = error }
          throw error
        }
      } onResponse: { response in
        for try await message in response.messages {
          try report.add(message.results)
          show(bytesRead.load(ordering: .relaxed), of: input.size)
        }
      }
    } catch {
      // The reader's own error says more than the end of the stream that it caused.
      var failure = readFailure.withLock { $0 } ?? RPCFailure.error(error)
      failure.hint = failure.hint ?? "what was told is done; run the same import again\(forTheRest)"
      throw failure
    }
    guard !wasStopped.load(ordering: .acquiring) else {
      throw CtlError(
        .partial, "interrupted; \(report.summary.taken) \(format.noun) are done",
        hint: "run the same import again\(forTheRest)")
    }
    guard report.unanswered == 0 else {
      throw CtlError(
        .failed, "the agent did not answer for \(report.unanswered) \(format.noun)", hint: "run the same import again")
    }
  }

  /// Where to go on, once something is done.
  private var forTheRest: String {
    report.openLine.map { $0 > 1 ? " with --from-line \($0) for the rest" : "" } ?? " for the rest"
  }

  /// Answers whether it came to the end.
  private func send(
    _ source: some ImportSource, _ input: ImportInput, to writer: RPCWriter<Carillon_V1_ImportUsersRequest>,
    _ bytesRead: borrowing Atomic<Int64>
  ) async throws -> Bool {
    var source = source
    var input = input
    var batch = ImportBatch(namespace: namespace, isDryRun: isDryRun)
    while true {
      let piece = try input.read()
      let parts = try piece.isEmpty ? source.finish() : source.consume(piece)
      for part in parts {
        if let message = try take(part, into: &batch) { try await writer.write(message) }
      }
      if piece.isEmpty { break }
      if stop.isMade { return false }
      show(bytesRead.add(Int64(piece.count), ordering: .relaxed).newValue, of: input.size)
    }
    if let message = batch.take() { try await writer.write(message) }
    if source.count == 0 {
      throw CtlError(.failed, "there is no \(format.nothing.what) in \(input.name)", hint: format.nothing.hint)
    }
    return true
  }

  /// What is read but not answered is not done.
  private func show(_ bytesRead: Int64, of total: Int64?) {
    let (summary, sent) = report.standing
    let done = sent > 0 ? Int64(Double(bytesRead) * Double(summary.answered) / Double(sent)) : bytesRead
    progress.update(done: done, of: total, count: summary.taken) { report.flush() }
  }

  private func take(_ part: ImportPart, into batch: inout ImportBatch) throws(CtlError)
    -> Carillon_V1_ImportUsersRequest?
  {
    switch part {
    case .note(let note):
      if note.line >= fromLine { try report.add(note) }
      return nil
    case .entry(let entry):
      guard entry.line >= fromLine else { return nil }
      try report.sending(entry)
      return batch.add(entry)
    }
  }
}
