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

  /// Resolves the password. Connects to nothing before the first mail.
  public func activate() throws(PluginError) {
    let password = try password()
    let made: EmailSender
    do {
      made = try EmailSender(configuration, password: password, host: host)
    } catch {
      throw PluginError(error.code == .system ? .failed : .invalid, error.message)
    }
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

  /// The resolved password; a line end behind it does not count.
  private func password() throws(PluginError) -> String? {
    guard let reference = configuration.passwordReference else { return nil }
    let secret = try host.secret(reference)
    var bytes = secret.withBytes { Array($0) }
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PluginError(.invalid, "the password is not UTF-8")
    }
    return text
  }
}
