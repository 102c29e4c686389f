import Foundation

/// What became of one sink's deliveries: by the ledger's tables, and by what the sink itself wrote of each that came.
public struct SinkProof: Sendable, Codable {
  /// What a sink wrote, held against the ledger.
  public struct Journal: Sendable, Codable {
    /// Deliveries that came.
    public var sends: Int
    /// Those of them that came before, under the same key.
    public var again: Int
    /// Those of ``again`` that no attempt explains which the ledger has as one without an answer. Must be 0.
    public var unexplained: Int
    /// Events that the ledger has as delivered, and that never came. Must be 0.
    public var missing: Int
    /// Deliveries of no event. Must be 0.
    public var strange: Int
    /// Deliveries that came before they were due. Must be 0.
    public var early: Int
    /// The highest attempt that came.
    public var mostAttempts: Int
  }

  /// Events that have a receipt of this sink.
  public var events: Int
  /// Final outcomes, by name.
  public var outcomes: [String: Int]
  /// Receipts by their code, those of attempts that were followed by another included.
  public var codes: [String: Int]
  /// The highest attempt of any event.
  public var mostAttempts: Int
  /// Events that are delivered and were not due yet. Must be 0.
  public var early: Int
  /// From due to the answer, of those that were delivered; nil: none was.
  public var settled: Lateness.Percentiles?
  /// nil: nobody asked for it.
  public var journal: Journal?

  /// Reads the file of an agent that may be running.
  /// - Parameter journals: the files that sinks wrote, by the sinks' names.
  /// - Returns: every sink that has a receipt, by its name.
  public static func read(_ store: String, journals: [String: String]) async throws -> [String: SinkProof] {
    let pairs = journals.map { "\($0.key)=\($0.value)" }.sorted()
    let output = try await Tool.python(LedgerProof.script, ["sinks", store] + pairs, limit: .seconds(600))
    return try JSONDecoder().decode([String: SinkProof].self, from: Data(output.utf8))
  }
}
