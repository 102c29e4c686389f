import CivilTime
import EventModel
import Logging
import Store

/// Keeps in the store by which rules of which zones plans were made, so that a change of the zone files is noticed also
/// when nobody ran while it was made.
///
/// A zone is noted before the first plan that rests on it is committed. What is noted is replaced only after everything
/// that rests on it was marked to be planned anew: a crash in between marks it again, which does no harm.
actor ZoneNotes {
  private let store: any Store
  private let zones: TimeZoneDatabase
  private let logger: Logger
  /// What the store has; nil before it was compared with the rules in use.
  private var noted: [String: UInt64]?

  init(store: any Store, zones: TimeZoneDatabase, logger: Logger) {
    self.store = store
    self.zones = zones
    self.logger = logger
  }

  /// Compares what the store has with the rules in use, once; has what rests on other rules planned anew.
  /// - Returns: how many schedules are planned anew.
  @discardableResult
  func compare(now: Timestamp) async throws(StoreError) -> Int {
    guard noted == nil else { return 0 }
    let stored = try await store.zoneDigests()
    // A store that was never noted anything may rest on whatever rules there were.
    let changed =
      stored.isEmpty ? knownZones() : stored.filter { digest(of: $0.key) ?? $0.value != $0.value }.map(\.key)
    let marked = changed.isEmpty ? 0 : try await store.markForReplan(timeZones: Set(changed), now: now)
    if noted == nil { noted = stored }
    if !stored.isEmpty { try await replace(Set(changed)) }
    if marked > 0 {
      logger.notice(
        "time zones may have changed since their schedules were planned",
        metadata: ["version": "\(zones.version)", "zones": "\(changed.count)", "schedules": "\(marked)"])
    }
    return marked
  }

  /// Notes zones that plans are about to rest on, and that nothing rested on before.
  func note(_ used: Set<String>, now: Timestamp) async throws(StoreError) {
    try await compare(now: now)
    let new = used.filter { noted?[$0] == nil }
    if !new.isEmpty { try await replace(new) }
  }

  /// Notes the rules in use, after what rested on others was marked.
  func replace(_ changed: Set<String>) async throws(StoreError) {
    var digests: [String: UInt64] = [:]
    for zone in changed { digests[zone] = digest(of: zone) }
    guard !digests.isEmpty else { return }
    try await store.noteZones(digests, version: "\(zones.version)")
    noted?.merge(digests) { $1 }
  }

  /// nil when the zone cannot be used: then its schedules say so themselves, and are planned when it can.
  private func digest(of zone: String) -> UInt64? { try? zones.zone(named: zone).digest }

  private func knownZones() -> [String] {
    do {
      return try zones.knownNames()
    } catch {
      logger.warning("the zone files cannot be read", metadata: ["error": "\(error)"])
      return []
    }
  }
}
