import CivilTime
import ControlPlane
import EventModel
import Glibc
import Logging
import Pipeline
import PluginHost
import ServiceLifecycle
import Store
import Telemetry
import UnixSignals

/// The agent: its parts, built in dependency order and run as one service group. Shutdown goes the other way: the control
/// plane stops taking calls, the pipeline drains, the plugins end, the store closes.
enum Agent {
  /// Runs until SIGTERM or SIGINT, and drains; a second signal ends it at once.
  static func run(_ configuration: Configuration, loader: ConfigurationLoader) async throws {
    let log = LogSettings(level: configuration.log.level, format: configuration.log.format)
    LoggingSystem.bootstrap { LineLogHandler(label: $0, settings: log) }
    let logger = Logger(label: "agent")
    try warn(configuration, logger)
    ignoreSignals()
    OpenFiles.raise(logger)
    guard let store = try await StoreOpening(configuration: configuration, logger: logger).open() else {
      return logger.notice("agent ended before its store could be opened")
    }
    let parts = try await AgentParts.make(configuration, loader: loader, log: log, store: store, logger: logger)
    logger.notice(
      "agent starts",
      metadata: [
        "version": "\(CarillonVersion.text)", "agent": "\(configuration.agentName)",
        "store": "\(configuration.store.kind)", "socket": "\(configuration.socketPath)",
        "time_zones": "\(parts.zones.version)", "plugins": "\(parts.plugins.plugins.count)",
      ])
    if configuration.pace != .real {
      logger.warning("a rehearsal: the agent's clock runs faster than real time, and events are sent early")
    }
    var group = ServiceGroupConfiguration(
      services: parts.services(logger), gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger))
    // The pipeline bounds its own drain; this is the backstop behind it.
    group.maximumGracefulShutdownDuration = .seconds(configuration.drainTimeout.microseconds / 1_000_000 + 30)
    try await ServiceGroup(configuration: group).run()
    logger.notice("agent ended")
  }

  /// Tells what is wrong with the files of the configuration. Only what time alone is to blame for is lived with: events
  /// go on without the listener.
  private static func warn(_ configuration: Configuration, _ logger: Logger) throws(AgentError) {
    for warning in configuration.warnings { logger.warning("configuration", metadata: ["reason": "\(warning)"]) }
    let faults = configuration.tls.read(now: SystemClock.now()).faults
    for fault in faults { logger.error("a file of the configuration", metadata: ["reason": "\(fault)"]) }
    if let fault = faults.first(where: { !$0.isAboutTime }) {
      throw AgentError(fault.description, exitCode: EX_CONFIG)
    }
  }

  /// The service group tells each start and stop at level info; people want to know less.
  private static func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    if quiet.logLevel == .info { quiet.logLevel = .warning }
    return quiet
  }

  /// A peer that closes its connection must end that connection only; a closed terminal must not end the agent, which
  /// later takes SIGHUP for a reload.
  private static func ignoreSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGHUP, SIG_IGN)
  }
}

/// Everything that the agent is made of.
struct AgentParts {
  let configuration: Configuration
  let zones: TimeZoneDatabase
  let store: any Store
  let plugins: PluginRegistry
  let pipeline: Pipeline
  let control: ControlPlaneServer
  let registry: MetricRegistry
  let readiness: Readiness
  let reload: ConfigurationReload
  let authority: AuthorityFiles

  /// Builds in dependency order. The socket comes first: it tells a second agent before it touches anything.
  static func make(
    _ configuration: Configuration, loader: ConfigurationLoader, log: LogSettings, store: any Store, logger: Logger
  ) async throws(AgentError) -> AgentParts {
    let zones = try openZones(configuration)
    let registry = MetricRegistry()
    let metrics = AgentMetrics(registry)
    let secrets = sinkSecrets(logger)
    let plugins = try await startPlugins(
      configuration, zones: zones, secrets: secrets, registry: registry, logger: logger)
    let directory = PluginDirectoryAdapter(plugins, secrets: secrets)
    let pipeline = Pipeline(
      store: store, plugins: directory, zones: zones,
      clocks: .paced(configuration.pace),
      configuration: PipelineConfiguration(
        agentName: configuration.agentName, version: CarillonVersion.text, horizon: configuration.horizon,
        lease: configuration.lease,
        drainTimeout: configuration.drainTimeout, preferred: configuration.prefers,
        keepHistory: configuration.history, keepDeadLetters: configuration.deadLetters),
      logger: logger, observer: metrics)
    let reload = ConfigurationReload(current: configuration, loader: loader, logger: logger)
    let authority = AuthorityFiles(configuration.tls)
    let control = try ControlOpening(
      configuration: configuration, authority: authority, reload: reload, log: log.ring, metrics: metrics,
      logger: logger
    ).open(
      store: store, plugins: plugins,
      operations: PluginOperator(
        registry: plugins, directory: directory, ring: log.ring, disabled: disabledPlugins(configuration),
        logger: logger),
      pipeline: pipeline, zones: zones)
    let parts: [any ReloadParticipant] = [
      LogReload(settings: log), PipelineReload(pipeline: pipeline), SinkReload(directory: directory),
      TLSReload(server: control, files: authority, current: configuration),
    ]
    for part in parts { await reload.add(part) }
    let gauges = AgentGauges(registry)
    let depths = DepthReader(store)
    registry.collect { await gauges.collect(depths: depths, pipeline: pipeline, registry: plugins) }
    return AgentParts(
      configuration: configuration, zones: zones, store: store, plugins: plugins, pipeline: pipeline, control: control,
      registry: registry, readiness: makeReadiness(pipeline, plugins), reload: reload, authority: authority)
  }

  /// Which plugins were disabled by a call.
  private static func disabledPlugins(_ configuration: Configuration) throws(AgentError) -> DisabledPlugins {
    do throws(FileError) { return try DisabledPlugins(folder: configuration.stateDirectory) } catch {
      throw AgentError(
        "\(configuration.stateDirectory)/\(DisabledPlugins.fileName), which says which plugins are disabled, "
          + "\(error.message): mend it or take it away", exitCode: EX_CONFIG)
    }
  }

  /// Tells once of each file with a secret that every user of the machine can read.
  private static func sinkSecrets(_ logger: Logger) -> SecretResolver {
    let told = ExposedFiles()
    return SecretResolver(exposed: { path in
      guard told.note(path) else { return }
      logger.warning("every user of this machine can read a file with a secret", metadata: ["file": "\(path)"])
    })
  }

  /// In the order of their dependencies; the group stops them in the reverse order.
  func services(_ logger: Logger) -> [any Service] {
    var services: [any Service] = []
    if let ops = configuration.ops {
      services.append(
        OpsServer(host: ops.host, port: ops.port, registry: registry, readiness: readiness, logger: logger))
    }
    services.append(StoreService(store: store, logger: logger))
    services.append(PluginService(registry: plugins, logger: logger))
    services.append(pipeline)
    services.append(control)
    let manager = ServiceManager(socket: Surroundings.value(of: "NOTIFY_SOCKET"))
    services.append(CertificateRenewal(files: authority, logger: logger))
    services.append(HangUp(reload: reload, manager: manager))
    services.append(ServiceManagerReport(manager: manager))
    services.append(SecondSignal())
    return services
  }

  private static func openZones(_ configuration: Configuration) throws(AgentError) -> TimeZoneDatabase {
    do throws(CivilTimeError) {
      let zones = try TimeZoneDatabase(folder: configuration.timeZoneFolder)
      _ = try zones.zone(named: "UTC")
      return zones
    } catch {
      throw AgentError(
        "time_zones.folder: \(configuration.timeZoneFolder) has no usable zone files: \(error.message)",
        exitCode: EX_CONFIG)
    }
  }

  private static func startPlugins(
    _ configuration: Configuration, zones: TimeZoneDatabase, secrets: SecretResolver, registry: MetricRegistry,
    logger: Logger
  ) async throws(AgentError) -> PluginRegistry {
    let services = HostServices(
      logger: Logger(label: "plugin"), time: TimeService(zones), secrets: secrets,
      metrics: ShownPluginMetrics(registry), calls: PluginCallMetrics(registry))
    let registry = PluginRegistry(
      options: PluginHostOptions(
        folders: configuration.pluginFolders, allowsUnsafeFiles: configuration.allowsWritablePlugins,
        isolation: configuration.isolation, policy: configuration.pluginPolicy),
      services: services)
    do throws(PluginHostError) {
      try await registry.start()
    } catch {
      throw AgentError("the plugins cannot be started: \(error.message)")
    }
    if registry.eventTypeNames.isEmpty {
      logger.warning(
        "no event type is loaded: nothing can be scheduled",
        metadata: ["folders": "\(configuration.pluginFolders.joined(separator: ", "))"])
    }
    return registry
  }

  private static func makeReadiness(_ pipeline: Pipeline, _ plugins: PluginRegistry) -> Readiness {
    let readiness = Readiness()
    readiness.add("pipeline") { pipeline.status.notReadyReason }
    readiness.add("plugins") { plugins.eventTypeNames.isEmpty ? "no event type is loaded" : nil }
    return readiness
  }
}

/// From the first signal on, a second one ends the process at once. The last of the group, so the first to be told.
struct SecondSignal: Service {
  func run() async throws {
    try? await gracefulShutdown()
    for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
  }
}
