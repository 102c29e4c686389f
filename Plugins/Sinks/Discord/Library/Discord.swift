import HTTPTransport
public import PluginKit0
import Synchronization

/// The sink `discord`: events as messages in a channel, through an incoming webhook.
public final class Discord: SinkPlugin {
  /// An active instance.
  private struct Active: Sendable {
    let engine: DiscordEngine
    let address: WebhookAddress?
  }

  private let host: Host
  private let configuration: DiscordConfiguration
  private let payload: DiscordPayload
  private let rates: DiscordRates
  private let active = Mutex<Active?>(nil)

  /// `deliver` keeps no state between calls but what is behind a lock.
  public static var threadModel: ThreadModel { .parallel }

  /// Reads the configuration.
  ///
  /// - Throws: `invalid`, with a violation for each fault.
  public convenience init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    try self.init(configuration: configuration, host: host, rates: .shared)
  }

  init(configuration: JSONText, host: Host, rates: DiscordRates) throws(PluginError) {
    self.host = host
    self.rates = rates
    self.configuration = try DiscordConfiguration(configuration)
    payload = DiscordPayload(configuration: self.configuration)
  }

  /// Resolves the address, and starts the threads.
  public func activate() throws(PluginError) {
    let address = try ownAddress()
    let settings = DiscordGatherer.Settings(
      events: configuration.batch.events, waitMilliseconds: configuration.batch.waitMilliseconds,
      run: .random(in: .min ... .max))
    let engine = try DiscordEngine(
      .init(host: host, payload: payload, rates: rates, headers: try Self.headers()),
      DiscordGatherer(settings: settings, ownAddress: address), configuration.settings)
    let isFirst = active.withLock { active in
      guard active == nil else { return false }
      active = Active(engine: engine, address: address)
      return true
    }
    if isFirst { return }
    engine.shutDown()
    throw PluginError(.failed, "the sink is active already")
  }

  /// Takes deliveries. What the rates do not allow now is completed at once as throttled, with the time to come back.
  public func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    guard let active = active.withLock({ $0 }) else { throw PluginError(.failed, "the sink is not active") }
    let now = SteadyClock.milliseconds
    var offers: [DiscordGatherer.Offer] = []
    var ended: [Completion] = []
    for delivery in deliveries {
      do throws(PluginError) {
        offers.append(try offer(delivery, active, now))
      } catch {
        let result = DeliveryResult(.permanent, code: "invalid-delivery", detail: error.message)
        ended.append(Completion(delivery.ticket, result))
      }
    }
    try active.engine.offer(offers, ended: ended)
  }

  /// Gives these up. A message with other events in it goes on for theirs.
  public func cancel(_ tickets: [Ticket]) { active.withLock { $0 }?.engine.cancel(tickets) }

  /// Waits until all is reported. Nothing waits for companions meanwhile.
  public func drain(timeout: Duration) -> Bool { active.withLock { $0 }?.engine.drain(timeout: timeout) ?? true }

  /// Gives up what waits, reports what is under way, and ends the threads.
  public func deactivate() {
    let last = active.withLock { active in
      defer { active = nil }
      return active
    }
    last?.engine.shutDown()
  }

  deinit { deactivate() }

  private func ownAddress() throws(PluginError) -> WebhookAddress? {
    guard let reference = configuration.urlReference else { return nil }
    let text = try host.secret(reference).withBytes { String(decoding: $0, as: UTF8.self) }
    let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    return try WebhookAddress(trimmed, threadID: configuration.threadID)
  }

  private func offer(
    _ delivery: Delivery, _ active: Active, _ now: Int64
  ) throws(PluginError) -> DiscordGatherer.Offer {
    let address = try target(delivery, active)
    let item = DiscordItem(
      ticket: delivery.ticket, attempt: delivery.attempt, part: try payload.part(delivery.event, delivery.message),
      carry: DiscordCarry(delivery.carry), arrival: now,
      deadline: delivery.deadlineMonotonicNanoseconds / 1_000_000)
    return DiscordGatherer.Offer(address: address, isTest: delivery.event.isTest, item: item)
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
