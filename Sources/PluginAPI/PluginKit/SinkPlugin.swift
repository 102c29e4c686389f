/// A sink: takes rendered events somewhere. Delivery is asynchronous: ``deliver(_:)`` takes a batch and returns,
/// and each ticket is ended later with ``Host/complete(_:)``, from any thread.
///
/// Most sinks are a `final class` whose state is behind a `Mutex`.
public protocol SinkPlugin: Sendable {
  /// Whether the host may call one instance on several threads at once; `cancel` may overlap others either way.
  /// `serial` unless declared otherwise.
  static var threadModel: ThreadModel { get }

  /// Makes an instance; opens no connection.
  ///
  /// - Parameters:
  ///   - name: the instance's name, for messages.
  ///   - configuration: valid by the manifest's schema.
  ///   - host: what the host offers this instance; valid until the process ends.
  init(name: String, configuration: JSONText, host: Host) throws(PluginError)

  /// Makes ready: starts threads, resolves secrets. After an error the host may try again later.
  func activate() throws(PluginError)

  /// Takes deliveries. Returning means that every ticket will be completed exactly once, whatever happens,
  /// cancelled ones too, by its deadline. Throwing means that none was taken; `busy` says there is no room now.
  /// A sink that blocks may complete inside this call.
  func deliver(_ deliveries: [Delivery]) throws(PluginError)

  /// Please give these up. Each is still completed: `cancelled` if nothing was sent, otherwise as it ends.
  /// Unknown tickets are ignored. May run on any thread, beside any other call. Must not block.
  func cancel(_ tickets: [Ticket])

  /// Waits until every ticket is completed, at most `timeout`. False when some are not.
  func drain(timeout: Duration) -> Bool

  /// Undoes `activate`. Completes what is still open (as `cancelled` or `unknown`) before it returns.
  func deactivate()
}

extension SinkPlugin {
  /// One call at a time on an instance.
  public static var threadModel: ThreadModel { .serial }
}
