/// Zone group × hash slot: what an agent prefers to work on, never what it is bound to.
public struct Shard: Hashable, Sendable, Codable, CustomStringConvertible {
  /// How many slots every zone group has.
  public static let slotsPerGroup = 16

  /// The first part of the IANA zone name in lower case: `europe`; `etc` for zones without one.
  public var zoneGroup: String
  /// 0 ..< `slotsPerGroup`.
  public var slot: Int32

  /// Makes a shard.
  public init(zoneGroup: String, slot: Int32) {
    self.zoneGroup = zoneGroup
    self.slot = slot
  }

  /// The shard of an owner (a user's or a schedule's id) in a time zone.
  public init(timeZone: String, owner: String) {
    if let slash = timeZone.firstIndex(of: "/"), slash > timeZone.startIndex {
      self.zoneGroup = timeZone[..<slash].lowercased()
    } else {
      self.zoneGroup = "etc"
    }
    self.slot = Int32(Self.hash(owner) % UInt64(Self.slotsPerGroup))
  }

  /// `europe/07`.
  public var description: String { "\(zoneGroup)/\(slot < 10 ? "0" : "")\(slot)" }

  /// FNV-1a, 64 bits: the same on every machine and in every release, unlike `Hasher`.
  private static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    return hash ^ (hash >> 32)
  }
}
