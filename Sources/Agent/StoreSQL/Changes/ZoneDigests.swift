import EventModel
import Store

extension Session {
  /// The most zones that are noted; the world has some 600 names.
  private static let mostZones = 10_000

  func zoneDigests() throws -> [String: UInt64] {
    var digests: [String: UInt64] = [:]
    try query("SELECT time_zone, digest FROM zone_rules LIMIT ?").forEach(Self.mostZones) {
      digests[$0.text(0)] = UInt64(bitPattern: $0.int64(1))
    }
    return digests
  }

  func noteZones(_ digests: [String: UInt64], version: String) throws {
    guard digests.count <= Self.mostZones else {
      throw StoreError(ModelError(field: "digests", "must be at most \(Self.mostZones), not \(digests.count)"))
    }
    let put = try query(
      """
      INSERT INTO zone_rules (time_zone, digest, version) VALUES (?, ?, ?)
      ON CONFLICT (time_zone) DO UPDATE SET digest = excluded.digest, version = excluded.version
      """)
    for (zone, digest) in digests.sorted(by: { $0.key < $1.key }) {
      try put.run(zone, Int64(bitPattern: digest), version)
    }
  }
}
