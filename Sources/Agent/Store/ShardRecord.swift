public import EventModel

/// A shard's load, and who works on it.
public struct ShardRecord: Hashable, Sendable {
  /// An agent that owns buckets of it.
  public struct Owner: Hashable, Sendable {
    /// Its name.
    public var agent: String
    /// Open buckets that it owns.
    public var buckets: Int

    /// Makes an owner.
    public init(agent: String, buckets: Int) {
      self.agent = agent
      self.buckets = buckets
    }
  }

  /// Which one.
  public var shard: Shard
  /// Open buckets.
  public var buckets: Int
  /// Event rows of open buckets, settled ones included.
  public var events: Int
  /// Those of them in buckets whose minute has come.
  public var due: Int
  /// The earliest minute of an open bucket that has come; nil when none has.
  public var oldestDue: Timestamp?
  /// Who owns open buckets, by name; buckets that nobody owns are in `buckets` only.
  public var owners: [Owner]

  /// Makes a record.
  public init(shard: Shard, buckets: Int, events: Int, due: Int, oldestDue: Timestamp?, owners: [Owner]) {
    self.shard = shard
    self.buckets = buckets
    self.events = events
    self.due = due
    self.oldestDue = oldestDue
    self.owners = owners
  }
}
