import Foundation

/// The ledger as its tables have it, read by Python: another language, the rules written anew. A store is the path of an
/// SQLite file or the URL of a PostgreSQL database.
public struct LedgerProof: Sendable, Codable {
  /// Rows of first attempts, retries and deferrals.
  public var rows: Int
  /// Occurrences.
  public var events: Int
  /// Rows with exactly one closing receipt.
  public var closedOnce: Int
  /// Rows with none.
  public var open: Int
  /// Rows with more than one. Must be 0.
  public var closedTwice: Int
  /// Receipts that belong to no row. Must be 0.
  public var orphans: Int
  /// Occurrences whose row is closed but which have no final outcome. Must be 0.
  public var lost: Int
  /// Deliveries (occurrence × sink) with more than one final outcome. Must be 0.
  public var finalTwice: Int
  /// Final outcomes, by name.
  public var outcomes: [String: Int]

  /// Every row closed once and every occurrence ended once.
  public var isClean: Bool { open == 0 && closedTwice == 0 && orphans == 0 && lost == 0 && finalTwice == 0 }

  /// Reads the file of an agent that may be running; `afterCrash`: of one that was killed, from a copy.
  /// - Parameter rehearsal: only events that fall into it count.
  public static func read(
    _ store: String, afterCrash: Bool = false, rehearsal: Rehearsal? = nil
  ) async throws -> LedgerProof {
    let output = try await Tool.python(
      script, ["sums", store] + (afterCrash ? ["--copy"] : []) + (rehearsal?.arguments ?? []), limit: .seconds(600))
    return try JSONDecoder().decode(LedgerProof.self, from: Data(output.utf8))
  }

  /// The ids, as receivers see them, of events that have no final outcome.
  public static func unsettled(_ store: String, afterCrash: Bool = false) async throws -> Set<String> {
    let output = try await Tool.python(script, ["unsettled", store] + (afterCrash ? ["--copy"] : []))
    return Set(output.split(separator: "\n").map(String.init))
  }

  static let script = "\(Programs.repository)/Tests/AgentHarness/Fixtures/ledger.py"
}

/// How late sends were, by the receiver's log and by the ledger, and what the receiver got.
public struct Lateness: Sendable, Codable {
  /// A distribution, in seconds.
  public struct Percentiles: Sendable, Codable {
    /// The median.
    public var p50: Double
    /// 95 of 100 are not above.
    public var p95: Double
    /// 99 of 100 are not above.
    public var p99: Double
    /// The greatest.
    public var max: Double
  }

  /// From due to the receiver's log line.
  public var received: Percentiles
  /// From due to the send, as the receipt has it.
  public var started: Percentiles
  /// From due to the receipt.
  public var settled: Percentiles
  /// Requests the receiver logged with a 2xx.
  public var requests: Int
  /// Events that the receiver never got. Must be 0.
  public var missing: Int
  /// Requests beyond the first of each event.
  public var doubled: Int
  /// Requests logged before their event was due. Must be 0.
  public var early: Int
  /// Requests that belong to no event. Must be 0.
  public var strange: Int
  /// Requests that say of themselves that they are a second late, or more.
  public var marked: Int
  /// Events whose receipt has a send that began a second after they were due, or later.
  public var receiptedLate: Int
  /// When the first request was logged, in seconds since 1970.
  public var first: Double
  /// From the first log line to the last, in seconds.
  public var span: Double

  /// Compares the ledger with nginx's log.
  /// - Parameter rehearsal: of an agent whose clock ran faster; what it answers is real time.
  public static func read(
    store: String, accessLog: String, rehearsal: Rehearsal? = nil
  ) async throws -> Lateness {
    let output = try await Tool.python(
      LedgerProof.script, ["lateness", store, accessLog] + (rehearsal?.arguments ?? []), limit: .seconds(600))
    return try JSONDecoder().decode(Lateness.self, from: Data(output.utf8))
  }
}
