import HTTPTransport
public import PluginKit0
import Synchronization

/// The sink `discord`: events as messages in a channel, through an incoming webhook.
public final class Discord: SinkPlugin {
  /// An active instance.
  private struct Active: Sendable {
    let transport: HTTPTransport
    let session: HTTPSession
    let address: WebhookAddress?
    /// The same for every request.
    let headers: [HTTPHeader]
  }

  private let host: Host
  private let configuration: DiscordConfiguration
  private let payload: DiscordPayload
  private let flights: DiscordFlights
  private let active = Mutex<Active?>(nil)

  /// `deliver` keeps no state between calls but what is behind a lock.
  public static var threadModel: ThreadModel { .parallel }

  /// Reads the configuration.
  ///
  /// - Throws: `invalid`, with a violation for each fault.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.host = host
    flights = DiscordFlights(host: host)
    self.configuration = try DiscordConfiguration(configuration)
    payload = DiscordPayload(configuration: self.configuration)
  }

  /// Resolves the address, and starts the I/O thread.
  public func activate() throws(PluginError) {
    let address = try ownAddress()
    let headers = try Self.headers()
    do {
      var limits = HTTPTransport.Limits()
      limits.maximumActive = 64
      limits.maximumConnections = 64
      let transport = try HTTPTransport(limits: limits)
      let session = try transport.session(configuration.settings) { [flights] in flights.report($0) }
      let isFirst = active.withLock { active in
        guard active == nil else { return false }
        active = Active(transport: transport, session: session, address: address, headers: headers)
        return true
      }
      if !isFirst { transport.shutdown() }
      guard isFirst else { throw PluginError(.failed, "the sink is active already") }
    } catch {
      throw error as? PluginError ?? PluginError(.failed, "\(error)")
    }
  }

  /// Takes deliveries. What the rates do not allow now is completed at once as throttled, with the time to come back.
  public func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    let active = try current()
    var requests: [HTTPRequest] = []
    var ended: [Completion] = []
    for delivery in deliveries {
      switch request(delivery, active) {
      case .success(let request): requests.append(request)
      case .failure(let end): ended.append(Completion(delivery.ticket, end.result))
      }
    }
    do {
      try active.session.submit(requests)
    } catch {
      flights.forget(requests.map(\.token))
      throw PluginError(error.code == .full ? .busy : .failed, error.message)
    }
    host.complete(ended)
  }

  /// Gives these up.
  public func cancel(_ tickets: [Ticket]) {
    active.withLock { $0 }?.session.cancel(tickets.map(\.rawValue))
  }

  /// Waits until all is reported.
  public func drain(timeout: Duration) -> Bool {
    active.withLock { $0 }?.session.waitUntilIdle(timeout: timeout) ?? true
  }

  /// Cancels what is open, reports it, and ends the I/O thread.
  public func deactivate() {
    let last = active.withLock { active in
      defer { active = nil }
      return active
    }
    last?.session.close()
    last?.transport.shutdown()
  }

  deinit { deactivate() }

  private func current() throws(PluginError) -> Active {
    guard let active = active.withLock({ $0 }) else { throw PluginError(.failed, "the sink is not active") }
    return active
  }

  private func ownAddress() throws(PluginError) -> WebhookAddress? {
    guard let reference = configuration.urlReference else { return nil }
    let text = try host.secret(reference).withBytes { String(decoding: $0, as: UTF8.self) }
    let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    return try WebhookAddress(trimmed, threadID: configuration.threadID)
  }

  private struct Ended: Error { let result: DeliveryResult }

  private func request(_ delivery: Delivery, _ active: Active) -> Result<HTTPRequest, Ended> {
    do throws(PluginError) {
      let address = try target(delivery, active)
      let body = try payload.body(delivery.event, delivery.message)
      // Asked last: a slot is not spent on what cannot be sent.
      if let later = flights.rates.ask(address.id, carry: delivery.carry, now: SteadyClock.milliseconds) {
        return .failure(Ended(result: later))
      }
      let token = delivery.ticket.rawValue
      flights.add(token, webhook: address.id, isOwnAddress: address == active.address)
      return .success(
        HTTPRequest(
          token: token, url: address.target, headers: active.headers, body: body,
          deadlineNanoseconds: delivery.deadlineMonotonicNanoseconds))
    } catch {
      return .failure(Ended(result: DeliveryResult(.permanent, code: "invalid-delivery", detail: error.message)))
    }
  }

  private func target(_ delivery: Delivery, _ active: Active) throws(PluginError) -> WebhookAddress {
    if !delivery.endpoint.isEmpty { return try WebhookAddress(delivery.endpoint, threadID: configuration.threadID) }
    guard let address = active.address else {
      throw PluginError(.invalid, "the delivery has no address and the sink's configuration has no url")
    }
    return address
  }

  /// Discord asks for a User-Agent that names the program and where it is from.
  private static func headers() throws(PluginError) -> [HTTPHeader] {
    do {
      return [
        try HTTPHeader("Content-Type", "application/json"),
        try HTTPHeader("User-Agent", "DiscordBot (Carillon, 0.1.0)"),
      ]
    } catch {
      throw PluginError(.failed, "\(error)")
    }
  }
}
