public import PluginKit0
import SMTPTransport
import Synchronization

/// The sink `email`: events as mails through an SMTP server.
///
/// `deliver` writes the mails and hands them to the session, whose threads take them to the server one by one.
public final class Email: SinkPlugin {
  private let host: Host
  private let configuration: EmailConfiguration
  /// Nil: not active.
  private let sender = Mutex<EmailSender?>(nil)

  /// `deliver` keeps no state between calls but what is behind a lock.
  public static var threadModel: ThreadModel { .parallel }

  /// Reads the configuration.
  ///
  /// - Throws: `invalid`, with a violation for each fault.
  public init(name: String, configuration: JSONText, host: Host) throws(PluginError) {
    self.host = host
    self.configuration = try EmailConfiguration(configuration)
  }

  /// Reads the password or token, which is read again for each connection. Connects to nothing before the first mail.
  public func activate() throws(PluginError) {
    let made = try EmailSender(configuration, host: host)
    let isFirst = sender.withLock { sender in
      guard sender == nil else { return false }
      sender = made
      return true
    }
    guard isFirst else { throw PluginError(.failed, "the sink is active already") }
  }

  /// Takes deliveries; `busy` when too many are open.
  public func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    guard let sender = active else { throw PluginError(.failed, "the sink is not active") }
    try sender.deliver(deliveries)
  }

  /// Gives these up.
  public func cancel(_ tickets: [Ticket]) { active?.cancel(tickets) }

  /// Waits until all is reported.
  public func drain(timeout: Duration) -> Bool { active?.drain(timeout: timeout) ?? true }

  /// Gives up what is open, reports it, and closes the connections.
  public func deactivate() {
    let last = sender.withLock { sender in
      defer { sender = nil }
      return sender
    }
    last?.close()
  }

  deinit { deactivate() }

  private var active: EmailSender? { sender.withLock { $0 } }
}
