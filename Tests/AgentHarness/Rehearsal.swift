/// A time that an agent's clock passes faster than it is, by its settings `rehearsal.speed` and `rehearsal.from`.
public struct Rehearsal: Sendable {
  /// When it begins, in seconds since 1970; until then the agent's clock is right.
  public var from: Int64
  /// How many times faster the clock runs.
  public var speed: Int
  /// How long it is by the agent's clock, in seconds.
  public var length: Int64

  /// Makes one.
  public init(from: Int64, speed: Int, length: Int64) {
    (self.from, self.speed, self.length) = (from, speed, length)
  }

  /// For `agent run`.
  public var settings: [String] { ["rehearsal.speed=\(speed)", "rehearsal.from=\(from)"] }

  /// How long it really is, in seconds.
  public var realLength: Double { Double(length) / Double(speed) }

  /// For `ledger.py`.
  var arguments: [String] { ["--rehearsal=\(from):\(speed):\(length)"] }
}
