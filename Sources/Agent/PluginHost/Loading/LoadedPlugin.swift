import CPluginAPI
public import EventModel
import Logging
import Synchronization

/// A plugin that was loaded and started.
public final class LoadedPlugin: Sendable {
  /// What it says about itself.
  public let manifest: PluginManifest
  /// Where it was loaded from.
  public let file: String
  /// The SHA-256 of what was loaded, as configurations write it: `sha256:…`.
  public let digest: String

  /// What became of its work so far.
  public let tally = PluginTally()
  /// The calls into it so far.
  public let calls: PluginCallFigures
  /// When it was loaded.
  public let loadedAt: Timestamp

  let image: PluginImage
  let code: PluginCode
  let sink: (any SinkFunctions)?
  let eventType: (any EventTypeFunctions)?
  let health: PluginHealth
  let secrets: SecretTable
  let tickets: TicketTable
  let metrics: MetricsService
  let logger: Logger
  let options: PluginHostOptions
  let watchdog: Watchdog
  let control: CallExecutor
  private let handles = Mutex<[WeakHandle]>([])

  private struct WeakHandle {
    weak var handle: InstanceHandle?
  }

  init(
    _ image: PluginImage, _ manifest: PluginManifest, _ code: PluginCode, _ parts: PluginParts, _ health: PluginHealth,
    options: PluginHostOptions, watchdog: Watchdog, control: CallExecutor
  ) throws(PluginHostError) {
    self.manifest = manifest
    file = image.file
    digest = image.digest
    loadedAt = WallClock.now
    self.image = image
    self.code = code
    calls = parts.calls
    let watch = CallWatch(recorder: parts.calls, metrics: parts.metrics)
    sink = code.sink(parts.tickets).map { ObservedSink(sink: $0, watch: watch) }
    eventType = code.eventType.map { ObservedEventType(type: $0, watch: watch) }
    metrics = parts.metrics
    self.health = health
    secrets = parts.secrets
    tickets = parts.tickets
    logger = parts.logger
    self.options = options
    self.watchdog = watchdog
    self.control = control
    try watchdog.add(tickets)
    health.onDisable { [weak self] in self?.disabled() }
    guard case .isolated(let plugin, _) = code else { return }
    plugin.keep(manifest)
    plugin.onLoss { [weak self] reason in self?.lostProcess(reason) }
    health.onStrike { [weak plugin] call in plugin?.punish(call) }
    try watchdog.add(plugin)
  }

  /// Where it runs.
  public var isolation: PluginIsolation { code.isolation }

  /// How its process stands; nil when it runs in the agent's.
  public var process: PluginProcessFacts? {
    if case .isolated(let plugin, _) = code { plugin.facts } else { nil }
  }

  /// Why it is not called any more; nil while it is in use.
  public var disabledReason: String? { health.disabledReason }

  /// Whether its calls over their limit disabled it, and no person.
  public var isDisabledForFaults: Bool { health.isDisabledForFaults }

  /// Calls over their limit that count against it: the fourth disables it. Of one with a process of its own always 0.
  public var strikes: Int { health.strikes }

  /// The version of the ABI that it was built for, `0.4`; empty when its file does not say.
  public var abiVersion: String { image.abiVersion }

  /// Takes it out of use: nothing new is handed to it; what it has it may finish. One that its faults took out of use
  /// is out of use for this reason from then on; one that a person did stays as it is.
  /// - Returns: false when it stays as it is.
  @discardableResult
  public func disable(_ reason: String) -> Bool {
    guard health.disable(PlainText.oneLine(reason)) else { return false }
    logger.notice("plugin disabled", metadata: ["reason": "\(PlainText.oneLine(reason))"])
    return true
  }

  /// Puts it back into use, also out of quarantine.
  public func enable() {
    health.enable()
    if case .isolated(let plugin, _) = code { plugin.release() }
  }

  /// Why nothing may be handed to it now, and how long to wait before the next try; nil when all is well.
  var hold: (code: String, why: String, wait: TimeSpan)? {
    if let reason = disabledReason { return ("plugin-disabled", "the plugin is disabled: \(reason)", Self.longHold) }
    guard case .isolated(let plugin, _) = code, plugin.running == nil else { return nil }
    let left = plugin.facts.quarantineLeft.map {
      min(TimeSpan(microseconds: $0.nanoseconds / 1_000), Self.longHold)
    }
    return ("plugin-not-running", plugin.whyNotRunning, max(left ?? Self.shortHold, Self.shortHold))
  }

  /// How long to wait when only a person can help.
  static let longHold = TimeSpan.minutes(1)
  /// How long to wait for a process that starts again.
  static let shortHold = TimeSpan.milliseconds(500)

  /// Checks a configuration against the manifest's schema.
  /// - Throws: `.invalidDocument` with all violations, or `.malformedJSON`.
  public func validateConfiguration(_ json: String) throws(PluginHostError) {
    _ = try manifest.configuration.check(json, what: "configuration")
  }

  /// Remembers an instance, whose object goes when the process does.
  func track(_ handle: InstanceHandle) {
    guard isolation == .process else { return }
    handles.withLock { handles in
      handles.removeAll { $0.handle == nil }
      handles.append(WeakHandle(handle: handle))
    }
  }

  /// Calls its `stop`, after every instance was destroyed.
  func stop() async {
    let code = code
    do throws(PluginHostError) {
      try await control.call("stop of \(manifest.name)", limit: options.startLimit, health: health) { code.stop() }
    } catch {
      logger.warning("a plugin did not stop", metadata: ["error": "\(error.message)"])
    }
    if case .isolated(let plugin, _) = code {
      // It ends even when its `stop` does not, or when it is disabled and must not be called.
      plugin.stop(callingStop: false)
      watchdog.remove(plugin)
    }
    watchdog.remove(tickets)
    metrics.end()
  }

  private func disabled() {
    logger.error("plugin disabled", metadata: ["reason": "\(health.disabledReason ?? "")"])
    // What it holds will not be asked for any more: it may have arrived.
    tickets.closeAll { ResultReader.unanswered($0) }
  }

  /// Its process has ended: no object is left, and what it had in its hands may have arrived.
  private func lostProcess(_ reason: String) {
    for handle in handles.withLock({ $0.compactMap(\.handle) }) { handle.lostProcess() }
    tickets.closeAll { ResultReader.processEnded($0, reason) }
  }
}

/// A pointer to what is never freed and never changed.
struct SharedPointer<T>: @unchecked Sendable {
  let pointer: UnsafePointer<T>
  init(_ pointer: UnsafePointer<T>) { self.pointer = pointer }
}
