/// What the host offers one instance. A value to keep; every function may be called from any thread.
public struct Host: Sendable {
  /// The name of the instance that this was given to.
  public let instanceName: String
  private let services: any HostServices

  /// A host made of services. PluginKit makes the real one; a plugin's tests may make their own.
  public init(instanceName: String, services: any HostServices) {
    self.instanceName = instanceName
    self.services = services
  }

  /// Ends deliveries. Copies, and never blocks for long: batch where you can.
  @discardableResult
  public func complete(_ completions: [Completion]) -> CompletionAnswer {
    completions.isEmpty ? .taken : services.complete(completions)
  }

  /// Writes one line to the agent's log, when that level is written at all; only then the message is made.
  /// Never put a secret or a person's data in it.
  public func log(_ level: LogLevel, _ message: @autoclosure () -> String) {
    guard services.isLogged(level) else { return }
    services.log(level, instance: instanceName, message: message())
  }

  /// Resolves a reference, such as `file:/run/secrets/token`, that stands as a whole string in this instance's
  /// configuration.
  ///
  /// - Throws: `denied` when it does not stand there, `notFound` when there is nothing, `invalid` when it is no
  ///   reference.
  public func secret(_ reference: String) throws(PluginError) -> Secret {
    try services.secret(reference, instance: instanceName)
  }

  /// The plugin's own metrics.
  public var metrics: Metrics { Metrics(services: services) }

  /// The instant of a local time, in nanoseconds since 1970-01-01T00:00:00Z. `fold` of `civil` is ignored.
  ///
  /// - Throws: `notFound` for an unknown zone, or in a gap with ``GapPolicy/skip``.
  public func instant(
    of civil: Civil, in timeZone: String, gap: GapPolicy = .shiftForward, fold: FoldPolicy = .first
  ) throws(PluginError) -> Int64 {
    try services.instant(of: civil, in: timeZone, gap: gap, fold: fold)
  }

  /// The local time of an instant, given in nanoseconds since 1970-01-01T00:00:00Z.
  public func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil {
    try services.civil(atNanoseconds: instant, in: timeZone)
  }
}
