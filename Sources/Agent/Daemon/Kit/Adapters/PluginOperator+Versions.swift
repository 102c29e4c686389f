import ControlPlane
import EventModel
import Logging
import PluginHost
import Synchronization

/// One version in another's place, and what is known about both.
extension PluginOperator {
  /// How often a trial is looked at.
  private static let lookEvery = Duration.milliseconds(100)

  /// Puts a version into use: its instances are all made first, then new work goes to them.
  /// - Throws: why it cannot take the other's place; then it was ended, unless it had been in use before.
  func put(_ new: LoadedPlugin, instead old: LoadedPlugin?) async throws(PluginOperationError) {
    do throws(PluginHostError) {
      try await exchange(new, instead: old)
    } catch {
      if old == nil || !isKnown(new) { await registry.discard(new) }
      throw PluginOperationError(error)
    }
  }

  private func exchange(_ new: LoadedPlugin, instead old: LoadedPlugin?) async throws(PluginHostError) {
    let eventType = new.manifest.isEventType ? try await registry.makeEventType(of: new) : nil
    let replaced: EventTypeInstance?
    let prepared: PreparedExchange
    do throws(PluginHostError) {
      prepared = try await directory.prepareExchange(to: new)
    } catch {
      await registry.discard(nil, eventType: eventType)
      throw error
    }
    settle(new)
    do throws(PluginHostError) {
      replaced = try registry.use(new, eventType: eventType, instead: old)
    } catch {
      await prepared.abandon()
      await registry.discard(nil, eventType: eventType)
      throw error
    }
    let end = prepared.commit()
    let endLate = await exchangeLate(to: new)
    // The old instances have their time to finish.
    Task {
      await end()
      await endLate?()
      await self.registry.discard(nil, eventType: replaced)
    }
  }

  /// A sink that was first asked for while the others were made has an instance of the old version.
  private func exchangeLate(to new: LoadedPlugin) async -> (@Sendable () async -> Void)? {
    do throws(PluginHostError) { return try await directory.prepareExchange(to: new).commit() } catch {
      logger.warning(
        "a sink goes on with the old version of its plugin",
        metadata: ["plugin": "\(new.manifest.name)", "error": "\(error.message)"])
      return nil
    }
  }

  private func isKnown(_ plugin: LoadedPlugin) -> Bool {
    records.withLock { $0[plugin.manifest.name]?.previous === plugin }
  }

  /// Notes a reload; answers the version that nobody can roll back to any more.
  func note(_ new: LoadedPlugin, after old: LoadedPlugin) -> LoadedPlugin? {
    records.withLock { records in
      var record = records[new.manifest.name] ?? PluginRecord()
      defer { records[new.manifest.name] = record }
      let dropped = record.previous
      record.previous = old
      record.reloads += 1
      record.changes += 1
      record.firstFile = record.firstFile ?? old.file
      record.lastTrial = nil
      return dropped === new ? nil : dropped
    }
  }

  /// Puts the version before into the place of the one in use.
  func putPrevious(_ name: String) async throws(PluginOperationError) -> LoadedPlugin {
    let (current, previous) = try versions(name)
    try await put(previous, instead: current)
    records.withLock { records in
      records[name]?.previous = current
      records[name]?.changes += 1
      // What the version before passed says nothing about the one that is in use again.
      if records[name]?.lastTrial?.state == .passed { records[name]?.lastTrial = nil }
    }
    logger.notice(
      "plugin rolled back",
      metadata: ["plugin": "\(name)", "from": "\(current.manifest.version)", "to": "\(previous.manifest.version)"])
    return previous
  }

  /// Watches a new version until it is clear how it does.
  func beginTrial(_ new: LoadedPlugin, _ settings: PluginTrialSettings, _ baseline: PluginTally.Counts) {
    let name = new.manifest.name
    let run = TrialRun(
      settings: settings, version: new.manifest.version, startedAt: SystemClock.now(), baseline: baseline,
      start: new.tally.current)
    let watcher = Task { await self.watch(new, run) }
    records.withLock { $0[name]?.trial = (run, watcher) }
  }

  private func watch(_ new: LoadedPlugin, _ run: TrialRun) async {
    let name = new.manifest.name
    while !Task.isCancelled, registry.plugin(named: name) === new {
      let verdict = run.judge(new.tally.current, at: SystemClock.now(), trouble: Self.trouble(new))
      switch verdict {
      case .running: try? await Task.sleep(for: Self.lookEvery)
      case .passed:
        endTrial(name, .passed)
        return
      case .worse(let why):
        await rollBackTrial(name, why)
        return
      }
    }
  }

  /// Why a version cannot work at all.
  private static func trouble(_ plugin: LoadedPlugin) -> String? {
    if plugin.process?.quarantineLeft != nil { return "its process died too often" }
    return plugin.isDisabledForFaults ? plugin.disabledReason : nil
  }

  private func rollBackTrial(_ name: String, _ why: String) async {
    logger.error("a new version of a plugin does worse", metadata: ["plugin": "\(name)", "why": "\(why)"])
    endTrial(name, .worse(why), cancelling: false)
    do throws(PluginOperationError) { _ = try await putPrevious(name) } catch {
      logger.error("a plugin was not rolled back", metadata: ["plugin": "\(name)", "error": "\(error.message)"])
    }
  }

  /// Ends a trial that runs, if one does.
  func endTrial(_ name: String, _ verdict: TrialRun.Verdict, cancelling: Bool = true) {
    let counts = registry.plugin(named: name)?.tally.current ?? PluginTally.Counts()
    let watcher = records.withLock { records -> Task<Void, Never>? in
      guard let (run, watcher) = records[name]?.trial else { return nil }
      records[name]?.lastTrial = run.facts(counts, verdict, endedAt: SystemClock.now())
      records[name]?.trial = nil
      return watcher
    }
    if cancelling { watcher?.cancel() }
  }

  /// How the last trial stands; nil once somebody has rolled back the version that passed it.
  func trial(of plugin: LoadedPlugin) -> PluginTrial? {
    let record = records.withLock { $0[plugin.manifest.name] }
    guard let run = record?.trial?.run else { return record?.lastTrial }
    return run.facts(plugin.tally.current, .running, endedAt: nil)
  }
}
