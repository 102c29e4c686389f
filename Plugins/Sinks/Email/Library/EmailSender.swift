import PluginKit0
import SMTPTransport

/// An active instance: the session, and what every mail has.
struct EmailSender: Sendable {
  private let configuration: EmailConfiguration
  private let host: Host
  private let session: SMTPSession
  private let mails: OpenMails
  /// What nobody is to read in a server's words.
  private let secrets: [String]

  init(_ configuration: EmailConfiguration, password: String?, host: Host) throws(SMTPError) {
    self.configuration = configuration
    self.host = host
    secrets = [configuration.username, password].compactMap { $0 }
    var settings = configuration.settings
    if let username = configuration.username, let password {
      settings.credentials = try SMTPCredentials(username: username, password: password)
    }
    let mails = OpenMails(host: host)
    self.mails = mails
    session = try SMTPSession(settings) { mails.end($0) }
  }

  /// - Throws: `busy` when there is no room, and then none was taken.
  func deliver(_ deliveries: [Delivery]) throws(PluginError) {
    var ready: [Prepared] = []
    var unsendable: [Completion] = []
    for delivery in deliveries {
      do throws(Unsendable) {
        ready.append(try prepared(delivery))
      } catch {
        unsendable.append(Completion(delivery.ticket, error.result))
      }
    }
    // Before they are with the session, which may be quick.
    mails.add(ready.map { ($0.mail.token, $0.outcome) })
    do throws(SMTPError) {
      try session.submit(ready.map(\.mail))
    } catch {
      mails.remove(ready.map(\.mail.token))
      throw PluginError(error.code == .full ? .busy : .failed, error.message)
    }
    host.complete(unsendable)
  }

  func cancel(_ tickets: [Ticket]) { session.cancel(tickets.map(\.rawValue)) }

  func drain(timeout: Duration) -> Bool { session.waitUntilIdle(timeout: timeout) }

  /// Gives up what is open, and reports it.
  func close() { session.close() }

  private struct Prepared {
    let mail: SMTPMail
    let outcome: EmailOutcome
  }

  private func prepared(_ delivery: Delivery) throws(Unsendable) -> Prepared {
    let address = try address(delivery.endpoint)
    do throws(PluginError) {
      let user = try delivery.event.user.object(named: "user")
      let name = delivery.endpoint.isEmpty ? configuration.to?.name : user["display_name"]?.string
      let mail = try configuration.composer.mail(delivery, to: Mailbox(name: name ?? "", address: address))
      let names = ["id", "display_name", "given_name", "family_name", "nickname"].compactMap { user[$0]?.string }
      return Prepared(
        mail: SMTPMail(
          token: delivery.ticket.rawValue, sender: configuration.composer.from.address, recipient: address,
          content: mail.content, deadlineNanoseconds: delivery.deadlineMonotonicNanoseconds),
        outcome: EmailOutcome(
          attempt: delivery.attempt, messageID: mail.messageID,
          personal: PersonalWords(address, others: names + secrets)))
    } catch {
      throw Unsendable("invalid-message", error.message)
    }
  }

  /// The user's own address, else the sink's.
  private func address(_ endpoint: String) throws(Unsendable) -> MailAddress {
    guard !endpoint.isEmpty else {
      if let to = configuration.to { return to.address }
      throw Unsendable("invalid-address", "the delivery has no address and the sink's configuration has no \"to\"")
    }
    do {
      return try MailAddress(endpoint)
    } catch {
      throw Unsendable("invalid-address", error.message)
    }
  }
}

/// A delivery that can never be sent, and what to say of it.
struct Unsendable: Error {
  let result: DeliveryResult

  init(_ code: String, _ detail: String) { result = DeliveryResult(.permanent, code: code, detail: detail) }
}
