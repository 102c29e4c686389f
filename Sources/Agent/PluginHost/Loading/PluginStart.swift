import CPluginAPI
import Logging

/// What every plugin of the host has for itself.
struct PluginParts: Sendable {
  let logger: Logger
  let log: PluginLog
  let secrets: SecretTable
  let tickets: TicketTable
  let metrics: MetricsService
  let calls: any PluginCallRecorder
  let desk: RunnerDesk

  init(_ name: String, _ services: HostServices, _ options: PluginHostOptions) {
    var logger = services.logger
    logger[metadataKey: "plugin"] = "\(name)"
    self.logger = logger
    log = PluginLog(logger: logger)
    secrets = SecretTable(resolver: services.secrets)
    tickets = TicketTable(grace: options.cancelGrace)
    metrics = MetricsService(plugin: name, sink: services.metrics, log: log)
    calls = services.calls.recorder(of: name)
    desk = RunnerDesk(log: log, time: services.time, secrets: secrets, tickets: tickets, metrics: metrics)
  }
}

/// Loads a plugin's file and starts its code, in this process or in one of its own. On a thread of the host's: the code
/// of a plugin runs here.
struct PluginStart: Sendable {
  let services: HostServices
  let options: PluginHostOptions

  /// What a file says it is, before anything of it runs in this process: its note, or, without one, what it answers in a
  /// process that may do nothing.
  /// - Returns: nil for a plugin without a note that may run in this process, where it will be asked itself.
  func look(_ image: PluginImage, isolation: PluginIsolation?) throws(PluginHostError) -> PluginManifest? {
    if let text = image.noted { return try PluginManifest.read(text, of: image) }
    let mayBeIsolated = options.isolation.standard == .process || !options.isolation.isolated.isEmpty
    guard mayBeIsolated || isolation == .process else { return nil }
    let desk = PluginParts(image.file, services, options).desk
    return try RunnerSetup.probe(image, options.isolation, desk, limit: options.startLimit)
  }

  /// Decides whether a file may be loaded, and where, before anything of it runs in this process. A copy that is refused
  /// is closed: the loader has not seen it.
  /// - Parameter refusal: why a plugin of a name is not wanted; nil when it is.
  func judge(
    _ image: PluginImage, isolation: PluginIsolation?, refusal: (String) -> PluginHostError?
  ) throws(PluginHostError) -> (known: PluginManifest?, place: PluginIsolation) {
    do throws(PluginHostError) {
      try options.policy.check(image)
      guard let known = try look(image, isolation: isolation) else { return (nil, .inProcess) }
      try options.policy.check(known, image)
      if let fault = refusal(known.name) { throw fault }
      let isOurs = LoadingPolicy.isOurs(known, file: image.file)
      return (known, isolation ?? options.isolation.place(of: known.name, isOurs: isOurs))
    } catch {
      image.closeUnseen()
      throw error
    }
  }

  /// Starts the code.
  /// - Parameters:
  ///   - known: what `judge` found out; nil: the plugin is asked here.
  ///   - refusal: why a plugin of a name is not wanted; nil when it is.
  func start(
    _ image: PluginImage, _ known: PluginManifest?, at place: PluginIsolation, refusal: (String) -> PluginHostError?
  ) throws(PluginHostError) -> (PluginManifest, PluginCode, PluginParts) {
    if place == .process, let known { return try startIsolated(image, known) }
    let library = try PluginLibrary.open(image)
    let manifest = library.manifest
    if known == nil {
      try options.policy.check(manifest, image)
      if let fault = refusal(manifest.name) { throw fault }
    }
    let parts = PluginParts(manifest.name, services, options)
    let host = HostContext.make(
      log: parts.log, time: services.time, secrets: parts.secrets, tickets: parts.tickets, metrics: parts.metrics)
    let tables = try parts.metrics.starting { () throws(PluginHostError) in
      try ErrorCollector.check(manifest.name, "start of \(image.file)") { error in library.table.start(host, error) }
      return try InterfaceTables(library)
    }
    return (manifest, .local(library, tables), parts)
  }

  private func startIsolated(
    _ image: PluginImage, _ manifest: PluginManifest
  ) throws(PluginHostError) -> (PluginManifest, PluginCode, PluginParts) {
    let parts = PluginParts(manifest.name, services, options)
    let plugin = IsolatedPlugin(image, options: options.isolation, desk: parts.desk, startLimit: options.startLimit)
    let tables = try parts.metrics.starting { () throws(PluginHostError) in try plugin.start(manifest) }
    return (manifest, .isolated(plugin, tables), parts)
  }
}
