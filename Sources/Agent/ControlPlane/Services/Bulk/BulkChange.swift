import ControlAPI
import EventModel
import GRPCCore
import Store

/// A change of many events, step by step, with its progress; what agents own they are asked to do.
struct BulkChange {
  /// How commands are asked about at once.
  private static let commandsAtOnce = 1_000

  let environment: Environment
  /// The next step after a cursor, of at most so many rows.
  let step: (_ cursor: String, _ limit: Int) async throws(StoreError) -> BulkStep

  /// Ends when all is done and answered, or when the client goes. What was asked of an agent that does not answer in time
  /// is neither changed nor refused in what is told, and may still be done.
  func run(
    _ cancellation: ServerContext.RPCCancellationHandle, into response: RPCWriter<Carillon_V1_BulkProgress>
  ) async throws {
    var report = ProgressReport(environment: environment, response: response)
    var asked: [[Int64]] = []
    var cursor = ""
    let limit = type(of: environment.store).maximumRowsPerStep
    repeat {
      let done = try await step(cursor, limit)
      report.progress.matched += Int64(done.matched)
      report.progress.changed += Int64(done.changed)
      report.progress.refused += Int64(done.refused)
      for start in stride(from: 0, to: done.commands.count, by: Self.commandsAtOnce) {
        asked.append(Array(done.commands[start..<min(start + Self.commandsAtOnce, done.commands.count)]))
      }
      cursor = done.next
      try await report.tell()
      guard environment.goesOn(cancellation) else { throw environment.endOfWatch }
    } while !cursor.isEmpty
    try await settle(asked, &report, cancellation)
    try await report.end()
  }

  /// Waits for the answers of the agents that own rows.
  private func settle(
    _ asked: [[Int64]], _ report: inout ProgressReport, _ cancellation: ServerContext.RPCCancellationHandle
  ) async throws {
    let limits = environment.limits
    let elapsed = environment.clock.stopwatch()
    let (changed, refused) = (report.progress.changed, report.progress.refused)
    var settled = CommandCounts()
    var left = asked
    while true {
      var open = CommandCounts()
      var unsettled: [[Int64]] = []
      for commands in left {
        let counts = try await environment.store.commandCounts(commands)
        if counts.open > 0 {
          unsettled.append(commands)
          open.done += counts.done
          open.tooLate += counts.tooLate
        } else {
          settled.done += counts.done
          settled.tooLate += counts.tooLate
        }
      }
      left = unsettled
      report.progress.changed = changed + Int64(settled.done + open.done)
      report.progress.refused = refused + Int64(settled.tooLate + open.tooLate)
      guard !left.isEmpty, elapsed() < limits.bulkCommandWait else { return }
      try await report.tell()
      guard environment.goesOn(cancellation) else { throw environment.endOfWatch }
      try await environment.clock.sleep(for: limits.commandPauseCap)
    }
  }
}
