public import EventModel
public import GRPCCore
import Glibc
public import Logging
public import Store

/// All services of the control plane, ready to be served on any transport.
public struct ControlPlaneServices: Sendable {
  /// The services, to be given to a `GRPCServer`.
  public let services: [any RegistrableRPCService]
  /// What goes around every call, to be given to the same server.
  public let interceptors: [any ServerInterceptor]
  private let shutdown: ShutdownSignal

  /// Puts the services together.
  /// - Parameters:
  ///   - now: the pipeline's corrected clock.
  ///   - clock: what waits are slept on.
  public init(
    store: any Store, plugins: any PluginCatalog, pipeline: any PipelineControl, zones: any ZoneCatalog,
    now: @escaping @Sendable () -> Timestamp, clock: any Clock<Duration> = ContinuousClock(),
    limits: ControlPlaneLimits = ControlPlaneLimits(), observer: any ControlPlaneObserver = SilentObserver(),
    logger: Logger
  ) {
    let shutdown = ShutdownSignal()
    let environment = Environment(
      store: store, plugins: plugins, pipeline: pipeline, zones: zones, now: now, clock: clock, limits: limits,
      shutdown: shutdown, watches: Gate(limit: limits.maximumWatches),
      exports: Gate(limit: limits.maximumExports),
      socketCaller: PeerCheck.callerName(owner: geteuid()), logger: logger)
    services = [
      UsersService(environment: environment), SchedulesService(environment: environment),
      EventsService(environment: environment), QueuesService(environment: environment),
      SinksService(environment: environment), SubscriptionsService(environment: environment),
      TemplatesService(environment: environment), DeadLettersService(environment: environment),
      PluginsService(environment: environment), AgentsService(environment: environment),
    ]
    interceptors = [CallInterceptor(limits: limits, clock: clock, observer: observer, logger: logger)]
    self.shutdown = shutdown
  }

  /// Ends open watches soon, with UNAVAILABLE and their cursor kept by the client.
  public func beginShutdown() {
    shutdown.set()
  }
}
