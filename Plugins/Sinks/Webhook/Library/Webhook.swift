import HTTPTransport
public import PluginKit0
import Synchronization

/// The sink `webhook`: events as signed HTTP requests.
///
/// `deliver` makes the requests and hands them to the I/O thread, which reports the ends in batches.
public final class Webhook: SinkPlugin {
  private enum State {
    case idle
    case active(ActiveWebhook)
  }

  private let host: Host
  private let configuration: WebhookConfiguration
  private let state = Mutex(State.idle)

  /// `deliver` keeps no state between calls but what is behind a lock.
  public static var threadModel: ThreadModel { .parallel }

  /// Reads the configuration.
  ///
  /// - Throws: `invalid`, with a violation for each fault.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.host = host
    self.configuration = try WebhookConfiguration(configuration)
  }

  /// Resolves secrets, and starts the I/O thread unless another instance did.
  public func activate() throws(PluginError) {
    let transport = try SharedTransport.shared.acquire()
    do {
      let active = try ActiveWebhook(configuration, host, transport)
      let isFirst = state.withLock { state in
        guard case .idle = state else { return false }
        state = .active(active)
        return true
      }
      guard isFirst else {
        active.lane.close()
        throw PluginError(.failed, "the sink is active already")
      }
    } catch {
      SharedTransport.shared.release()
      throw error as? PluginError ?? PluginError(.failed, "\(error)")
    }
  }

  /// Takes deliveries; `busy` when the transport has no room.
  public func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    let active = try active()
    let now = WallClock.milliseconds
    var requests: [HTTPRequest] = []
    requests.reserveCapacity(deliveries.count)
    var unsendable: [Completion] = []
    for delivery in deliveries {
      switch active.sender.request(delivery, nowMilliseconds: now) {
      case .success(let request): requests.append(request)
      case .failure(let failure): unsendable.append(Completion(delivery.ticket, failure.result))
      }
    }
    do {
      try active.lane.submit(requests)
    } catch {
      throw PluginError(error.code == .full ? .busy : .failed, error.message)
    }
    host.complete(unsendable)
  }

  /// Gives these up.
  public func cancel(_ tickets: [Ticket]) {
    guard let active = try? active() else { return }
    active.lane.cancel(tickets.map(\.rawValue))
  }

  /// Waits until all is reported.
  public func drain(timeout: Duration) -> Bool {
    guard let active = try? active() else { return true }
    return active.lane.waitUntilIdle(timeout: timeout)
  }

  /// Cancels what is open, reports it, and ends the I/O thread unless another instance needs it.
  public func deactivate() {
    let active = state.withLock { state -> ActiveWebhook? in
      guard case .active(let active) = state else { return nil }
      state = .idle
      return active
    }
    guard let active else { return }
    active.lane.close()
    SharedTransport.shared.release()
  }

  deinit { deactivate() }

  private func active() throws(PluginError) -> ActiveWebhook {
    let active = state.withLock { state -> ActiveWebhook? in
      if case .active(let active) = state { active } else { nil }
    }
    guard let active else { throw PluginError(.failed, "the sink is not active") }
    return active
  }
}
