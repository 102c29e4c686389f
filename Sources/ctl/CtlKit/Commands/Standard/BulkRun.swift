import ControlAPI
import GRPCCore

/// A call that changes much at the agent and tells its progress: a bar on standard error, the sum at the end.
struct BulkRun {
  /// What is done with each: `replayed`.
  var verb: String
  /// What they are: `dead letters`.
  var noun: String
  /// How many there are, if that is known.
  var total: Int64?

  /// Follows the answers to the end and shows the sum.
  /// - Throws: exit 8 when some were refused, 6 when all were.
  func perform(
    _ session: Session,
    _ call: (
      @Sendable @escaping (StreamingClientResponse<Carillon_V1_BulkProgress>) async throws -> Carillon_V1_BulkProgress
    )
      async throws -> Carillon_V1_BulkProgress
  ) async throws {
    let bar = Progress(noun, around: session.around)
    let total = total
    let last: Carillon_V1_BulkProgress
    do {
      last = try await call { response in
        var last = Carillon_V1_BulkProgress()
        for try await answer in response.messages {
          last = answer
          let tried = answer.changed + answer.refused
          bar.update(done: tried, of: total ?? (answer.done ? answer.matched : nil), count: Int(tried))
        }
        return last
      }
    } catch {
      bar.finish()
      throw RPCFailure.error(error)
    }
    bar.finish()
    try show(last, session.printer)
    try judge(last)
  }

  private func show(_ progress: Carillon_V1_BulkProgress, _ printer: Printer) throws(CtlError) {
    try printer.document(try Printer.json(progress)) {
      guard progress.matched > 0 else { return ["there are none"] }
      let sum = "\(verb) \(progress.changed) of \(progress.matched)"
      return [progress.refused == 0 ? sum : "\(sum); it was too late for \(progress.refused), or they are gone"]
    }
  }

  private func judge(_ progress: Carillon_V1_BulkProgress) throws(CtlError) {
    guard progress.done else {
      throw CtlError(.partial, "the agent ended before it was done", hint: "say it again for the rest")
    }
    guard progress.refused > 0 else { return }
    guard progress.changed > 0 else { throw CtlError(.conflict, "none of \(progress.matched) could be \(verb)") }
    throw CtlError(.partial, "\(progress.changed) of \(progress.matched) were \(verb)")
  }
}
