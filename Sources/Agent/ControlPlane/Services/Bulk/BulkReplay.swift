import ControlAPI
import EventModel
import GRPCCore
import Store

/// Replays all dead letters that match, the oldest first, at a bounded rate.
///
/// What dies again meanwhile is not tried again: the letters are chosen before the first one is replayed. Who stops it and
/// calls again goes on where it was, as replayed letters are gone.
struct BulkReplay {
  /// Replays a second when the request names no rate, and the most it can name.
  private static let standardRate = 10.0
  private static let maximumRate = 1_000.0
  /// The most letters of one call: their numbers are kept in memory.
  private static let maximumLetters = 1_000_000
  /// Letters are read whole, and may be large.
  private static let lettersPerPage = 200
  /// The most replays in one transaction.
  private static let step = 100
  private static let tick = Duration.milliseconds(100)

  let environment: Environment
  let namespace: String
  let filter: DeadLetterFilter
  let ratePerSecond: Double
  let actor: Actor

  /// - Throws: for a rate that is none.
  static func rate(_ asked: Double, _ violations: inout Violations) -> Double {
    guard asked.isFinite, asked >= 0, asked <= maximumRate else {
      violations.add("rate_per_second", "must be 0 (for \(Int(standardRate))) to \(Int(maximumRate))")
      return standardRate
    }
    return asked == 0 ? standardRate : asked
  }

  /// Tells its progress each second; ends when all are tried, or when the client goes.
  func run(
    _ cancellation: ServerContext.RPCCancellationHandle, into response: RPCWriter<Carillon_V1_BulkProgress>
  ) async throws {
    var report = ProgressReport(environment: environment, response: response)
    let letters = try await self.letters(&report, cancellation)
    let elapsed = environment.clock.stopwatch()
    var next = 0
    while next < letters.count, environment.goesOn(cancellation) {
      // A second's worth at most is caught up, so that a slow store is not flooded afterwards.
      let allowed = Int((elapsed() / .seconds(1)) * ratePerSecond) + 1
      let count = min(allowed - next, Self.step, letters.count - next)
      guard count > 0 else {
        try await environment.clock.sleep(for: Self.tick)
        continue
      }
      try await replay(letters[next..<next + count], &report.progress)
      next += count
      try await report.tell()
    }
    guard next == letters.count else { throw environment.endOfWatch }
    try await report.end()
  }

  /// The numbers of all that match, the oldest first.
  private func letters(
    _ report: inout ProgressReport, _ cancellation: ServerContext.RPCCancellationHandle
  ) async throws -> [Int64] {
    var filter = filter
    let now = environment.now()
    filter.diedBefore = filter.diedBefore.map { min($0, now) } ?? now
    var letters: [Int64] = []
    var token = ""
    repeat {
      let page = try await environment.store.deadLetters(
        namespace: namespace, filter: filter, page: PageRequest(size: Self.lettersPerPage, token: token))
      letters += page.items.map(\.id)
      guard letters.count <= Self.maximumLetters else {
        throw Failure.precondition(
          "TOO_MANY_LETTERS", "over \(Self.maximumLetters) dead letters match: narrow it, by time for example")
      }
      token = page.next
      report.progress.matched = Int64(letters.count)
      try await report.tell()
      guard environment.goesOn(cancellation) else { throw environment.endOfWatch }
    } while !token.isEmpty
    return letters.reversed()
  }

  private func replay(_ letters: ArraySlice<Int64>, _ progress: inout Carillon_V1_BulkProgress) async throws {
    let results = try await environment.store.commitEach(
      letters.map { .replayDeadLetter(namespace: namespace, id: $0) }, actor: actor, dryRun: false,
      now: environment.now())
    for result in results {
      switch result {
      case .success: progress.changed += 1
      // Replayed or discarded by somebody else, or its sink is gone.
      case .failure(let error) where error.code == .notFound || error.code == .failedPrecondition: progress.refused += 1
      case .failure(let error): throw error
      }
    }
  }
}

/// Tells how far a bulk change is, at most once a second.
struct ProgressReport {
  private static let interval = Duration.seconds(1)

  var progress = Carillon_V1_BulkProgress()
  private let response: RPCWriter<Carillon_V1_BulkProgress>
  private let elapsed: @Sendable () -> Duration
  private var toldAt = Duration.zero

  init(environment: Environment, response: RPCWriter<Carillon_V1_BulkProgress>) {
    self.response = response
    elapsed = environment.clock.stopwatch()
  }

  /// Tells it, if the last time is a second ago.
  mutating func tell() async throws {
    let now = elapsed()
    guard now - toldAt >= Self.interval else { return }
    toldAt = now
    try await response.write(progress)
  }

  /// Tells that it is done.
  mutating func end() async throws {
    progress.done = true
    try await response.write(progress)
  }
}
