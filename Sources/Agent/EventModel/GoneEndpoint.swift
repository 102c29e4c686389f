/// A user's address that a sink sends nothing to any more: the other side said that it is gone.
public struct GoneEndpoint: Hashable, Sendable {
  /// The sink.
  public var sink: SinkNumber
  /// The user's id.
  public var userID: String
  /// Of the address; another address of the user is not gone.
  public var digest: Int64
  /// Why, as a receipt's code: `http-410`.
  public var reason: String
  /// A schedule of the user; by it the store finds the user when the endpoint is given up.
  public var schedule: ScheduleNumber
  /// Since when; nil before the store has it.
  public var since: Timestamp?

  /// Makes one.
  public init(
    sink: SinkNumber, userID: String, digest: Int64, reason: String, schedule: ScheduleNumber, since: Timestamp? = nil
  ) {
    self.sink = sink
    self.userID = userID
    self.digest = digest
    self.reason = reason
    self.schedule = schedule
    self.since = since
  }

  /// A number that tells addresses of one user apart, and does not show them (FNV-1a, 64 bits). It is stored, and so the same
  /// in every version and process.
  public static func digest(of address: String) -> Int64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in address.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int64(bitPattern: hash)
  }
}
