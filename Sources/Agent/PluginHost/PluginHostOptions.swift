public import Logging

/// What the host's owner decides.
public struct PluginHostOptions: Sendable {
  /// Folders with plugins; of two plugins of one name the one in the earlier folder is used.
  public var folders: [String]
  /// Whether files and folders are taken that others than their owner can change. For development only.
  public var allowsUnsafeFiles: Bool
  /// How long one call into a plugin may take. A call of `deliver` may take its deliveries' time limit besides.
  public var callLimit: Duration
  /// How long loading, starting or stopping a plugin may take.
  public var startLimit: Duration
  /// How long a delivery past its time limit may still take after the plugin was asked to cancel it.
  public var cancelGrace: Duration
  /// Threads of an instance whose plugin allows calls in parallel.
  public var parallelThreads: Int
  /// Configurations of event types, JSON by plugin name; `{}` for the others.
  public var eventTypeConfigurations: [String: String]

  /// Where plugins run, and how those in processes of their own are held.
  public var isolation: IsolationOptions
  /// Which files may be loaded at all.
  public var policy: LoadingPolicy

  /// Makes options.
  public init(
    folders: [String], allowsUnsafeFiles: Bool = false, callLimit: Duration = .seconds(10),
    startLimit: Duration = .seconds(10), cancelGrace: Duration = .seconds(2), parallelThreads: Int = 2,
    eventTypeConfigurations: [String: String] = [:],
    isolation: IsolationOptions = IsolationOptions(), policy: LoadingPolicy = LoadingPolicy()
  ) {
    self.folders = folders
    self.allowsUnsafeFiles = allowsUnsafeFiles
    self.callLimit = callLimit
    self.startLimit = startLimit
    self.cancelGrace = cancelGrace
    self.parallelThreads = max(1, min(parallelThreads, Self.maximumThreads))
    self.eventTypeConfigurations = eventTypeConfigurations
    self.isolation = isolation
    self.policy = policy
  }

  /// Most threads of one instance.
  public static let maximumThreads = 16
}

/// What the host gives to plugins.
public struct HostServices: Sendable {
  /// Where their lines go.
  public var logger: Logger
  /// Time zones.
  public var time: TimeService
  /// Secrets.
  public var secrets: SecretResolver
  /// Where their own metrics are shown.
  public var metrics: any PluginMetricSink
  /// Who counts the calls into them.
  public var calls: any PluginCallObserver

  /// Makes services.
  public init(
    logger: Logger, time: TimeService, secrets: SecretResolver = SecretResolver(),
    metrics: any PluginMetricSink = UnshownMetrics(), calls: any PluginCallObserver = NoCallObserver()
  ) {
    self.logger = logger
    self.time = time
    self.secrets = secrets
    self.metrics = metrics
    self.calls = calls
  }
}
