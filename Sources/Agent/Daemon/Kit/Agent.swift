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
  static func run(_ configuration: Configuration) async throws {
    let logger = makeLogger(configuration)
    ignoreSignals()
    OpenFiles.raise(logger)
    guard let store = try await StoreOpening(configuration: configuration, logger: logger).open() else {
      return logger.notice("agent ended before its store could be opened")
    }
    let parts = try await AgentParts.make(configuration, store: store, logger: logger)
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

  private static func makeLogger(_ configuration: Configuration) -> Logger {
    let level = Logger.Level(rawValue: configuration.logLevel) ?? .info
    let format = LogFormat(rawValue: configuration.logFormat) ?? .auto
    LoggingSystem.bootstrap { LineLogHandler(label: $0, level: level, format: format) }
    return Logger(label: "agent")
  }

  /// The service group tells each start and stop at level info; people want to know less.
  private static func quiet(_ logger: Logger) -> Logger {
    var quiet = logger
    if quiet.logLevel == .info { quiet.logLevel = .warning }
    return quiet
  }

  /// A peer that closes its connection must end that connection only; a closed terminal must not end the agent.
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

  /// Builds in dependency order. The socket comes first: it tells a second agent before it touches anything.
  static func make(
    _ configuration: Configuration, store: any Store, logger: Logger
  ) async throws(AgentError) -> AgentParts {
    let zones = try openZones(configuration)
    let registry = MetricRegistry()
    let metrics = AgentMetrics(registry)
    let plugins = try await startPlugins(configuration, zones: zones, logger: logger)
    let pipeline = Pipeline(
      store: store, plugins: PluginDirectoryAdapter(plugins), zones: zones,
      clocks: .paced(configuration.pace),
      configuration: PipelineConfiguration(
        agentName: configuration.agentName, version: CarillonVersion.text, horizon: configuration.horizon,
        lease: configuration.lease,
        drainTimeout: configuration.drainTimeout, preferred: configuration.prefers,
        keepHistory: configuration.history, keepDeadLetters: configuration.deadLetters),
      logger: logger, observer: metrics)
    let control = try openControl(
      configuration, store: store, plugins: plugins, pipeline: pipeline, metrics: metrics, zones: zones, logger: logger)
    let gauges = AgentGauges(registry)
    let depths = DepthReader(store)
    registry.collect { await gauges.collect(depths: depths, pipeline: pipeline, registry: plugins) }
    return AgentParts(
      configuration: configuration, zones: zones, store: store, plugins: plugins, pipeline: pipeline, control: control,
      registry: registry, readiness: makeReadiness(pipeline, plugins))
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
    _ configuration: Configuration, zones: TimeZoneDatabase, logger: Logger
  ) async throws(AgentError) -> PluginRegistry {
    let registry = PluginRegistry(
      options: PluginHostOptions(
        folders: configuration.pluginFolders, allowsUnsafeFiles: configuration.allowsWritablePlugins),
      services: HostServices(logger: Logger(label: "plugin"), time: TimeService(zones)))
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

  private static func openControl(
    _ configuration: Configuration, store: any Store, plugins: PluginRegistry, pipeline: Pipeline,
    metrics: AgentMetrics, zones: TimeZoneDatabase, logger: Logger
  ) throws(AgentError) -> ControlPlaneServer {
    let services = ControlPlaneServices(
      store: store, plugins: PluginCatalogAdapter(registry: plugins),
      pipeline: PipelineControlAdapter(
        pipeline: pipeline, metrics: metrics, configuration: configuration, startedAt: .now, logger: logger),
      zones: SystemZones(zones), now: { pipeline.now }, observer: metrics, logger: logger)
    let server = ControlPlaneServer(
      listeners: ControlPlaneListeners(
        socketPath: configuration.socketPath, plaintextLoopbackPort: configuration.tcp?.port),
      services: services, logger: logger)
    do throws(ControlPlaneError) {
      try server.listen()
    } catch {
      throw AgentError("the control socket cannot be opened: \(error.message)")
    }
    return server
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
