import Synchronization

/// The time zones of a folder of compiled zone files, read when first asked for and kept.
///
/// Safe to share between tasks and threads. `zone(named:)` reads a file the first time a name is asked for, and
/// `reload`, `pendingChanges`, `knownNames` read the folder: call them where a short block on the disk is allowed.
public final class TimeZoneDatabase: Sendable {
  /// Where Linux systems keep their zones. The environment's `TZDIR` is not looked at: who wants it honoured passes it.
  public static let systemFolder = "/usr/share/zoneinfo"
  /// The most zones that are kept at a time; the world has some 600 names.
  public static let mostLoadedZones = 4096

  private struct Loaded {
    var rules: ZoneRules
    var stamp: FileStamp
  }

  private struct State {
    var zones: [String: Loaded] = [:]
    var names: [String]?
    var version: ZoneDataVersion
  }

  /// The folder the zones are read from.
  public let folder: String
  private let state: Mutex<State>
  /// Held through a reload, so that two at a time do not report each other's changes.
  private let reloading = Mutex(())
  private let cycles = FooterCycleCache()

  /// Opens the folder and reads which version it holds.
  ///
  /// - Throws: `inputOutput` when there is no such folder or it cannot be read.
  public init(folder: String = TimeZoneDatabase.systemFolder) throws(CivilTimeError) {
    try ZoneFiles.requireFolder(folder)
    self.folder = folder
    state = Mutex(State(version: try ZoneDataVersion.read(folder: folder)))
  }

  /// The edition of the data, as of the start or the last reload.
  public var version: ZoneDataVersion { state.withLock { $0.version } }

  /// The names of the zones that have been asked for, in order.
  public var loadedNames: [String] { state.withLock { $0.zones.keys.sorted() } }

  /// The rules of a zone. Keep the result where it is used often; ask again after a reload.
  ///
  /// - Throws: `invalidZoneName` or `unknownZone`, with the nearest known name where one is close; `malformedFile`,
  ///   `malformedFooter`, `leapSeconds`, `limitExceeded` or `inputOutput` when the file cannot be used.
  public func zone(named name: String) throws(CivilTimeError) -> ZoneRules {
    if let known = state.withLock({ $0.zones[name]?.rules }) { return known }
    do {
      try ZoneName.check(name)
    } catch {
      throw CivilTimeError(error.code, error.message + (try suggestion(for: name)))
    }
    guard let loaded = try load(name) else {
      throw CivilTimeError(.unknownZone, "there is no time zone \(quoted(name))" + (try suggestion(for: name)))
    }
    return try keep(loaded, as: name)
  }

  /// The rules of a zone, or nil when there is no such zone or its file cannot be used; for callers whom nobody reads the
  /// nearest name to, which is far more work to find.
  public func zone(ifKnown name: String) -> ZoneRules? {
    if let known = state.withLock({ $0.zones[name]?.rules }) { return known }
    guard (try? ZoneName.check(name)) != nil, let loaded = try? load(name) else { return nil }
    return try? keep(loaded, as: name)
  }

  private func keep(_ loaded: Loaded, as name: String) throws(CivilTimeError) -> ZoneRules {
    let kept: ZoneRules? = state.withLock { state in
      // Whoever came first wins, so that all callers hold the same object.
      if let known = state.zones[name] { return known.rules }
      guard state.zones.count < Self.mostLoadedZones else { return nil }
      state.zones[name] = loaded
      return loaded.rules
    }
    guard let kept else {
      throw CivilTimeError(.limitExceeded, "more than \(Self.mostLoadedZones) time zones are in use")
    }
    return kept
  }

  /// Every zone of the folder, in order.
  ///
  /// - Throws: `inputOutput` or `limitExceeded`.
  public func knownNames() throws(CivilTimeError) -> [String] {
    if let names = state.withLock({ $0.names }) { return names }
    let names = try ZoneFiles.zoneNames(in: folder)
    state.withLock { $0.names = names }
    return names
  }

  /// What `reload` would change, without changing it.
  ///
  /// - Throws: `inputOutput` or `limitExceeded` when the folder or its version cannot be read.
  public func pendingChanges() throws(CivilTimeError) -> ZoneReloadReport { try scan().report }

  /// Reads again every zone in use whose file has changed, and the version. A zone whose file is gone or cannot be
  /// used keeps its rules and is reported, each time until it is mended.
  ///
  /// - Throws: `inputOutput` or `limitExceeded` when the folder or its version cannot be read; then nothing has changed.
  public func reload() throws(CivilTimeError) -> ZoneReloadReport {
    try reloading.withLock { _ throws(CivilTimeError) in
      let scan = try scan()
      state.withLock { state in
        state.zones.merge(scan.fresh) { _, fresh in fresh }
        state.names = nil
        state.version = scan.report.versionAfter
      }
      return scan.report
    }
  }

  /// Compares the zones in use with their files. `fresh` has every file that was touched; only those whose rules say
  /// something else are reported as changed, and the others keep the object that callers already hold.
  private func scan() throws(CivilTimeError) -> (report: ZoneReloadReport, fresh: [String: Loaded]) {
    try ZoneFiles.requireFolder(folder)
    let (zones, versionBefore) = state.withLock { ($0.zones, $0.version) }
    let versionAfter = try ZoneDataVersion.read(folder: folder)
    var fresh: [String: Loaded] = [:]
    var changed: [String: ZoneRules] = [:]
    var unusable: [String: CivilTimeError] = [:]
    for (name, known) in zones {
      do {
        guard var loaded = try load(name, unlessStamped: known.stamp) else { continue }
        if loaded.rules.hasSameRules(as: known.rules) {
          loaded.rules = known.rules
        } else {
          changed[name] = loaded.rules
        }
        fresh[name] = loaded
      } catch {
        unusable[name] = error
      }
    }
    let report = ZoneReloadReport(
      changed: changed, unusable: unusable, versionBefore: versionBefore, versionAfter: versionAfter)
    return (report, fresh)
  }

  /// nil when the file still has the given stamp.
  private func load(_ name: String, unlessStamped stamp: FileStamp) throws(CivilTimeError) -> Loaded? {
    if try ZoneFiles.stamp(folder + "/" + name) == stamp { return nil }
    guard let loaded = try load(name) else {
      throw CivilTimeError(.unknownZone, "the file of time zone \(quoted(name)) is gone; its last rules stay in use")
    }
    return loaded
  }

  /// nil when there is no such file.
  private func load(_ name: String) throws(CivilTimeError) -> Loaded? {
    let path = folder + "/" + name
    guard let file = try ZoneFiles.read(path, limit: ZoneFiles.largestZoneFileBytes) else { return nil }
    return Loaded(rules: try ZoneRules(name: name, tzif: file.bytes, cycles: cycles), stamp: file.stamp)
  }

  private func suggestion(for name: String) throws(CivilTimeError) -> String {
    guard name.utf8.count <= ZoneName.longestName,
      let nearest = ZoneName.nearest(to: name, among: try knownNames())
    else { return "" }
    return "; did you mean \(quoted(nearest))?"
  }
}

/// What a reload found.
public struct ZoneReloadReport: Sendable {
  /// The zones in use whose rules now say something else, with the new rules. What was planned with the old ones is
  /// to be planned again.
  public let changed: [String: ZoneRules]
  /// The zones in use whose file is gone or cannot be used, and why; they keep their rules.
  public let unusable: [String: CivilTimeError]
  /// The edition in use before.
  public let versionBefore: ZoneDataVersion
  /// The edition in the folder now.
  public let versionAfter: ZoneDataVersion

  /// The names of the zones whose rules now say something else.
  public var changedZones: Set<String> { Set(changed.keys) }
}
