public import EventModel
public import Store
import StoreSQL

extension SQLiteStore {
  /// See ``MaintenanceStore``.
  public func diagnose(horizon: TimeSpan, now: Timestamp) async throws(StoreError) -> [StoreFinding] {
    try await read(.fresh) { session in
      [try session.claimFinding(now: now), try session.fileFinding()]
    }
  }
}

extension Session {
  /// How much of the file is used.
  fileprivate func fileFinding() throws -> StoreFinding {
    func number(_ name: String) throws -> Int64 { try query("PRAGMA \(name)").first { $0.int64(0) } ?? 0 }
    let (pages, free, size) = (try number("page_count"), try number("freelist_count"), try number("page_size"))
    let mebibytes = pages * size >> 20
    guard mebibytes > 1_024, free * 2 > pages else {
      return StoreFinding(.ok, "file", "the file has \(mebibytes) MiB, \(free * size >> 20) MiB of them free")
    }
    return StoreFinding(
      .warning, "file", "more than half of the file's \(mebibytes) MiB is free",
      advice: "it is used again as the store grows; to give it back, move the store with agent backup and restore")
  }
}
