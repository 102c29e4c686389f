import CPluginAPI
import Logging

/// A plugin that was loaded and started.
public final class LoadedPlugin: Sendable {
  /// What it says about itself.
  public let manifest: PluginManifest
  /// The file it was loaded from.
  public let file: String

  let tables: InterfaceTables
  let health: PluginHealth
  let secrets: SecretTable
  let tickets: TicketTable
  let logger: Logger
  let options: PluginHostOptions
  let watchdog: Watchdog
  /// Calls that belong to no instance: start, stop, destroy.
  let control: CallExecutor
  private let library: PluginLibrary

  /// Starts a library.
  /// - Throws: what the plugin's `start` answered, or what its tables lack.
  static func start(
    _ library: PluginLibrary, services: HostServices, options: PluginHostOptions, watchdog: Watchdog,
    control: CallExecutor
  ) async throws(PluginHostError) -> LoadedPlugin {
    let name = library.manifest.name
    var logger = services.logger
    logger[metadataKey: "plugin"] = "\(name)"
    let secrets = SecretTable(resolver: services.secrets)
    let tickets = TicketTable(grace: options.cancelGrace)
    let host = SharedPointer(
      HostContext.make(log: PluginLog(logger: logger), time: services.time, secrets: secrets, tickets: tickets))
    let health = PluginHealth(plugin: name)
    let call = "start of \(library.file)"
    let tables = try await control.call(call, limit: options.startLimit, health: health) {
      () throws(PluginHostError) -> InterfaceTables in
      try ErrorCollector.check(name, call) { error in library.table.start(host.pointer, error) }
      return try InterfaceTables(library)
    }
    let plugin = LoadedPlugin(
      library: library, tables: tables, health: health, secrets: secrets, tickets: tickets, logger: logger,
      options: options, watchdog: watchdog, control: control)
    try watchdog.add(tickets)
    health.onDisable { [weak plugin] in plugin?.disabled() }
    return plugin
  }

  private init(
    library: PluginLibrary, tables: InterfaceTables, health: PluginHealth, secrets: SecretTable, tickets: TicketTable,
    logger: Logger, options: PluginHostOptions, watchdog: Watchdog, control: CallExecutor
  ) {
    manifest = library.manifest
    file = library.file
    self.library = library
    self.tables = tables
    self.health = health
    self.secrets = secrets
    self.tickets = tickets
    self.logger = logger
    self.options = options
    self.watchdog = watchdog
    self.control = control
  }

  /// Why it is not called any more; nil while it is in use.
  public var disabledReason: String? { health.disabledReason }

  /// Checks a configuration against the manifest's schema.
  /// - Throws: `.invalidDocument` with all violations, or `.malformedJSON`.
  public func validateConfiguration(_ json: String) throws(PluginHostError) {
    _ = try manifest.configuration.check(json, what: "configuration")
  }

  /// Calls its `stop`, after every instance was destroyed.
  func stop() async {
    let library = library
    do throws(PluginHostError) {
      try await control.call("stop of \(manifest.name)", limit: options.startLimit, health: health) {
        library.table.stop()
      }
    } catch {
      logger.warning("a plugin did not stop", metadata: ["error": "\(error.message)"])
    }
    watchdog.remove(tickets)
  }

  private func disabled() {
    logger.error("plugin disabled", metadata: ["reason": "\(health.disabledReason ?? "")"])
    // What it holds will not be asked for any more: it may have arrived.
    tickets.closeAll { ResultReader.unanswered($0) }
  }
}

/// A pointer to what is never freed and never changed.
struct SharedPointer<T>: @unchecked Sendable {
  let pointer: UnsafePointer<T>
  init(_ pointer: UnsafePointer<T>) { self.pointer = pointer }
}
