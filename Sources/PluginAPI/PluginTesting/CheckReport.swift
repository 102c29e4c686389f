/// What one case came to.
public struct CaseResult: Sendable {
  /// How it ended.
  public enum Status: String, Sendable {
    case ok
    case failed
    case skipped
  }

  /// The case.
  public var name: String
  /// How it ended.
  public var status: Status
  /// What is wrong, a sentence each.
  public var faults: [String] = []
  /// What is allowed, and will make trouble.
  public var warnings: [String] = []
  /// What the reader should know besides.
  public var notes: [String] = []
  /// Why it was skipped; empty when it was not.
  public var reason = ""
  /// How long it took.
  public var milliseconds: Int64 = 0
  /// Whether something can be done so that it is not skipped the next time.
  public var isMissing = false
  /// Whether all that is wrong is that something took too long.
  var isLate = false
}

/// What a check came to.
public struct CheckReport: Sendable {
  /// The plugin's file.
  public var file: String
  /// Id and version; empty when the manifest cannot be read.
  public var plugin: String
  /// What everything random came from.
  public var seed: UInt64
  /// Of every case, in the order of `CheckCase.all`.
  public var results: [CaseResult]

  /// Whether no case failed.
  public var isClean: Bool { !results.contains { $0.status == .failed } }
  /// Cases that could not be tried, though they are about plugins of this kind, and nothing else had failed.
  public var missing: Int { results.count { $0.isMissing } }

  /// How many ended so.
  public func count(_ status: CaseResult.Status) -> Int { results.count { $0.status == status } }
}
