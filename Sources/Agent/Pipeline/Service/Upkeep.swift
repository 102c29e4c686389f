import CivilTime
import EventModel
import Logging
import Store
import Synchronization

/// The slow work beside the hot path: expiry of what nobody owns, retention, changed zone files.
final class Upkeep: Sendable {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// Works until cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.every(Limits.expireEvery) { () async throws(StoreError) in try await self.expire() } }
      group.addTask { await self.every(Limits.retainEvery) { () async throws(StoreError) in try await self.retain() } }
      group.addTask {
        await self.every(Limits.zonesEvery) { () async throws(StoreError) in try await self.reloadZones() }
      }
    }
  }

  /// Closes rows whose expiry passed and that nobody owns; answers how many.
  @discardableResult
  func expire() async throws(StoreError) -> Int {
    var total = 0
    while !Task.isCancelled {
      let count = try await engine.store.expire(now: engine.now().wall)
      total += count
      if count == 0 { break }
      await engine.pause(Self.breath)
    }
    return total
  }

  /// Removes history that is old enough.
  func retain() async throws(StoreError) {
    while !Task.isCancelled {
      let now = engine.now().wall
      let tuning = engine.tuning.withLock { $0 }
      let answer = try await engine.store.dropHistory(
        before: now - tuning.keepHistory, deadLettersBefore: now - tuning.keepDeadLetters)
      guard answer.isPartial else { return }
      await engine.pause(Self.breath)
    }
  }

  /// Looks at the zone files, and has what was planned with changed rules planned again.
  func reloadZones() async throws(StoreError) {
    do {
      let report = try engine.zones.reload()
      for (zone, error) in report.unusable {
        engine.logger.warning("a zone file cannot be used", metadata: ["zone": "\(zone)", "error": "\(error)"])
      }
      guard !report.changedZones.isEmpty else { return }
      let count = try await replan(report.changedZones)
      engine.logger.notice(
        "time zones changed",
        metadata: [
          "version": "\(report.versionAfter)", "zones": "\(report.changedZones.count)", "schedules": "\(count)",
        ])
    } catch let error as StoreError {
      throw error
    } catch {
      engine.logger.warning("the zone files cannot be read", metadata: ["error": "\(error)"])
    }
  }

  /// Zones whose rules changed and whose schedules are not marked yet: a fault of the store must not lose them.
  private let unmarked = Mutex<Set<String>>([])

  private func replan(_ zones: Set<String>) async throws(StoreError) -> Int {
    let all = unmarked.withLock { unmarked in
      unmarked.formUnion(zones)
      return unmarked
    }
    let count = try await engine.store.markForReplan(timeZones: all, now: engine.now().wall)
    try await engine.zoneNotes.replace(all)
    unmarked.withLock { $0.subtract(all) }
    engine.signals.kickPlanners()
    return count
  }

  /// Between two transactions of upkeep others get their turn.
  private static let breath = TimeSpan.milliseconds(100)

  private func every(_ interval: TimeSpan, _ body: @Sendable () async throws(StoreError) -> Void) async {
    var faults = FaultBackoff()
    while !Task.isCancelled {
      do {
        try await body()
        faults = FaultBackoff()
        await engine.pause(interval)
      } catch {
        engine.storeFailed("upkeep", error)
        await engine.pause(max(faults.next(), Limits.pollEvery))
      }
    }
  }
}
