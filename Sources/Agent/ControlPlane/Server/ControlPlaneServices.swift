public import EventModel
public import GRPCCore
public import Logging
public import Store

/// All services of the control plane, ready to be served on any transport.
public struct ControlPlaneServices: Sendable {
  /// The services, to be given to a `GRPCServer`.
  public let services: [any RegistrableRPCService]
  /// What goes around every call from within this program, which is nobody's but its own: it may do everything.
  public let interceptors: [any ServerInterceptor]
  /// What goes around every call over a listener.
  let listenerInterceptors: [any ServerInterceptor]
  let gatekeeper: Gatekeeper
  let certificates: CertificateStatus
  let limits: ControlPlaneLimits
  let now: @Sendable () -> Timestamp
  let clock: any Clock<Duration>
  let observer: any ControlPlaneObserver
  private let shutdown: ShutdownSignal

  /// Puts the services together.
  /// - Parameters:
  ///   - now: the pipeline's corrected clock.
  ///   - clock: what waits are slept on.
  ///   - log: what the agent wrote to its log.
  ///   - reloader: reads the configuration again; nil when there is none that could be.
  ///   - admins: identities of certificates (`spiffe://…`, `dns:…`) that are admins of every namespace without a grant.
  ///   - operations: loads and changes plugins; nil when this agent's stay as they are.
  ///   - issuer: signs certificates; nil when this agent does not hold the authority's key.
  public init(
    store: any Store, plugins: any PluginCatalog, operations: (any PluginOperations)? = nil,
    pipeline: any PipelineControl, zones: any ZoneCatalog,
    log: any LogSource = NoLog(), reloader: (any ConfigurationReloader)? = nil,
    admins: [String] = [], issuer: (any CertificateIssuer)? = nil,
    now: @escaping @Sendable () -> Timestamp, clock: any Clock<Duration> = ContinuousClock(),
    limits: ControlPlaneLimits = ControlPlaneLimits(), observer: any ControlPlaneObserver = SilentObserver(),
    logger: Logger
  ) {
    let shutdown = ShutdownSignal()
    let directory = AccessDirectory(store: store, admins: admins, now: now, observer: observer, logger: logger)
    let gatekeeper = Gatekeeper(directory: directory, limits: limits, now: now, clock: clock, observer: observer)
    let certificates = CertificateStatus()
    let pool = DescriptorPool.shared
    let environment = Environment(
      store: store, plugins: plugins, operations: operations, pipeline: pipeline, zones: zones, log: log,
      reloader: reloader,
      now: now, clock: clock, limits: limits, shutdown: shutdown, watches: Gate(limit: limits.maximumWatches),
      exports: Gate(limit: limits.maximumExports),
      access: directory, issuer: issuer, certificates: certificates, logger: logger)
    services = [
      UsersService(environment: environment), SchedulesService(environment: environment),
      EventsService(environment: environment), QueuesService(environment: environment),
      SinksService(environment: environment), SubscriptionsService(environment: environment),
      TemplatesService(environment: environment), DeadLettersService(environment: environment),
      PluginsService(environment: environment), AgentsService(environment: environment),
      AccessService(environment: environment), AuditService(environment: environment),
      HealthService(environment: environment, services: Set(pool.services)), ReflectionService(pool: pool),
      AlphaReflectionService(pool: pool),
    ]
    let around = CallInterceptor(limits: limits, clock: clock, observer: observer, logger: logger)
    interceptors = [around, AccessInterceptor(gatekeeper: gatekeeper, isInProcess: true)]
    listenerInterceptors = [around, AccessInterceptor(gatekeeper: gatekeeper, isInProcess: false)]
    self.gatekeeper = gatekeeper
    self.certificates = certificates
    self.limits = limits
    self.now = now
    self.clock = clock
    self.observer = observer
    self.shutdown = shutdown
  }

  /// Ends open watches soon, with UNAVAILABLE and their cursor kept by the client.
  public func beginShutdown() {
    shutdown.set()
  }
}
