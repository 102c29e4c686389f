import CPluginAPI
import Logging

/// What every plugin of the host has for itself.
struct PluginParts: Sendable {
  let logger: Logger
  let log: PluginLog
  let secrets: SecretTable
  let tickets: TicketTable
  let metrics: MetricsService
  let calls: PluginCallFigures
  let desk: RunnerDesk

  init(_ name: String, _ services: HostServices, _ options: PluginHostOptions) {
    var logger = services.logger
    logger[metadataKey: "plugin"] = "\(name)"
    self.logger = logger
    log = PluginLog(logger: logger)
    secrets = SecretTable(resolver: services.secrets)
    tickets = TicketTable(grace: options.cancelGrace)
    metrics = MetricsService(plugin: name, sink: services.metrics, log: log)
    calls = PluginCallFigures(next: services.calls.recorder(of: name))
    desk = RunnerDesk(log: log, time: services.time, secrets: secrets, tickets: tickets, metrics: metrics)
  }
}

/// Loads a plugin's file and starts its code, in this process or in one of its own. On a thread of the host's: the code
/// of a plugin runs here.
struct PluginStart: Sendable {
  let services: HostServices
  let options: PluginHostOptions
  /// When it must be done, for a plugin in a process of its own: a little before its caller gives up, so that it is the
  /// process that ends, and not a thread that is lost.
  let until: Int64

  /// Makes one; its time begins now.
  init(services: HostServices, options: PluginHostOptions) {
    (self.services, self.options) = (services, options)
    until = MonotonicClock.adding((options.startLimit * 9 / 10).nanoseconds, to: MonotonicClock.now)
  }

  /// What a file says it is, before anything of it runs in this process: its note, or, without one, what it answers in a
  /// process that may do nothing.
  /// - Returns: nil for a plugin without a note that may run in this process, where it will be asked itself.
  func look(_ image: PluginImage, isolation: PluginIsolation?) throws(PluginHostError) -> PluginManifest? {
    if let text = image.noted { return try PluginManifest.read(text, of: image) }
    let mayBeIsolated = options.isolation.standard == .process || !options.isolation.isolated.isEmpty
    guard mayBeIsolated || isolation == .process else { return nil }
    let desk = PluginParts(image.file, services, options).desk
    return try RunnerSetup.probe(image, options.isolation, desk, until: until)
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

  /// Copies a file, and decides whether it may be loaded, and where.
  /// - Parameters:
  ///   - isolation: where it is to run; nil: as the options say.
  ///   - digest: what the file's digest must be; nil: any.
  ///   - mayBeLocal: whether it may be loaded into the agent's own process.
  ///   - refusal: why a plugin of a name is not wanted; nil when it is.
  /// - Throws: what is wrong with it; then its copy is closed.
  func admit(
    _ file: String, isolation: PluginIsolation?, digest: String?, mayBeLocal: Bool,
    refusal: (String) -> PluginHostError?
  ) throws(PluginHostError) -> (image: PluginImage, known: PluginManifest?, place: PluginIsolation) {
    let image = try PluginImage.open(file, allowsUnsafe: options.allowsUnsafeFiles)
    if let digest, digest != image.digest {
      image.closeUnseen()
      throw PluginHostError(.digest, "\(file) has the digest \(image.digest), not \(digest)")
    }
    let (known, place) = try judge(image, isolation: isolation, refusal: refusal)
    guard place == .process || mayBeLocal else {
      image.closeUnseen()
      throw PluginHostError(
        .reloadLimit,
        "\(PluginRegistry.maximumLocalReloads) plugins were loaded anew into the agent's process, from which nothing "
          + "is ever unloaded: restart the agent, or run the plugin in a process of its own")
    }
    return (image, known, place)
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
    let tables = try parts.metrics.starting { () throws(PluginHostError) in try plugin.start(manifest, until: until) }
    return (manifest, .isolated(plugin, tables), parts)
  }
}
