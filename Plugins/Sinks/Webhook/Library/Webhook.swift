import HTTPTransport
public import PluginKit0
import Synchronization

/// The sink `webhook`: events as signed HTTP requests.
///
/// `deliver` makes the requests and hands them to the I/O thread, which reports the ends in batches.
public final class Webhook: SinkPlugin {
  private enum State {
    case idle
    case active(WebhookSender)
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
    let signer = StandardWebhooks(keys: try keys())
    let headers = try headers()
    let transport = try SharedTransport.shared.acquire()
    do {
      let host = host
      let session = try transport.session(configuration.settings) { Self.report($0, to: host) }
      let sender = try WebhookSender(session: session, url: configuration.url, signer: signer, headers: headers)
      let isFirst = state.withLock { state in
        guard case .idle = state else { return false }
        state = .active(sender)
        return true
      }
      guard isFirst else { throw PluginError(.failed, "the sink is active already") }
    } catch {
      SharedTransport.shared.release()
      throw error as? PluginError ?? PluginError(.failed, "\(error)")
    }
  }

  /// Takes deliveries; `busy` when the transport has no room.
  public func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    let sender = try active()
    let now = WallClock.milliseconds
    var requests: [HTTPRequest] = []
    requests.reserveCapacity(deliveries.count)
    var unsendable: [Completion] = []
    for delivery in deliveries {
      switch sender.request(delivery, nowMilliseconds: now) {
      case .success(let request): requests.append(request)
      case .failure(let failure): unsendable.append(Completion(delivery.ticket, failure.result))
      }
    }
    do {
      try sender.session.submit(requests)
    } catch {
      throw PluginError(error.code == .full ? .busy : .failed, error.message)
    }
    host.complete(unsendable)
  }

  /// Gives these up.
  public func cancel(_ tickets: [Ticket]) {
    guard let sender = try? active() else { return }
    sender.session.cancel(tickets.map(\.rawValue))
  }

  /// Waits until all is reported.
  public func drain(timeout: Duration) -> Bool {
    guard let sender = try? active() else { return true }
    return sender.session.waitUntilIdle(timeout: timeout)
  }

  /// Cancels what is open, reports it, and ends the I/O thread unless another instance needs it.
  public func deactivate() {
    let sender = state.withLock { state -> WebhookSender? in
      guard case .active(let sender) = state else { return nil }
      state = .idle
      return sender
    }
    guard let sender else { return }
    sender.session.close()
    SharedTransport.shared.release()
  }

  deinit { deactivate() }

  private func active() throws(PluginError) -> WebhookSender {
    let sender = state.withLock { state -> WebhookSender? in
      if case .active(let sender) = state { sender } else { nil }
    }
    guard let sender else { throw PluginError(.failed, "the sink is not active") }
    return sender
  }

  /// On the I/O thread.
  private static func report(_ completions: [HTTPCompletion], to host: Host) {
    let now = WallClock.milliseconds
    host.complete(
      completions.map {
        Completion(Ticket(rawValue: $0.token), WebhookOutcome.result($0.result, nowMilliseconds: now))
      })
  }

  private func keys() throws(PluginError) -> [SigningKey] {
    var keys: [SigningKey] = []
    for (index, reference) in configuration.secretReferences.enumerated() {
      let key = try SigningKey(try text(of: reference))
      guard key.canSign else { throw PluginError(.invalid, "signing secret \(index + 1) is a public key") }
      keys.append(key)
    }
    return keys
  }

  private func headers() throws(PluginError) -> [HTTPHeader] {
    var fields: [HTTPHeader] = []
    for header in configuration.headers {
      switch header {
      case .field(let field): fields.append(field)
      case .reference(let name, let reference):
        do {
          fields.append(try HTTPHeader(name, try text(of: reference)))
        } catch {
          throw error as? PluginError ?? PluginError(.invalid, "\(error)")
        }
      }
    }
    return fields
  }

  /// A resolved secret as text; spaces and line ends around it do not count.
  private func text(of reference: String) throws(PluginError) -> String {
    let secret = try host.secret(reference)
    let text = secret.withBytes { String(decoding: $0, as: UTF8.self) }
    return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
