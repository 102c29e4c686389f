import PluginKit0
import SMTPTransport

/// An active instance: the session, and what every mail has.
struct EmailSender: Sendable {
  private let configuration: EmailConfiguration
  private let host: Host
  private let session: SMTPSession
  private let mails: OpenMails
  private let credentials: CredentialReader?

  /// - Throws: what is wrong with the password or token, or that there is no libcurl.
  init(_ configuration: EmailConfiguration, host: Host) throws(PluginError) {
    self.configuration = configuration
    self.host = host
    let reader = configuration.login.map {
      CredentialReader(username: $0.username, reference: $0.reference, kind: $0.kind, host: host)
    }
    _ = try reader?.read()
    credentials = reader
    let mails = OpenMails(host: host)
    self.mails = mails
    var source: SMTPCredentialSource?
    if let reader { source = { () throws(SMTPError) in try reader.source() } }
    do throws(SMTPError) {
      session = try SMTPSession(configuration.settings, credentials: source) { mails.end($0) }
    } catch {
      throw PluginError(error.code == .system ? .failed : .invalid, error.message)
    }
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
      let credentials = credentials
      return Prepared(
        mail: SMTPMail(
          token: delivery.ticket.rawValue, sender: configuration.composer.from.address, recipient: address,
          content: mail.content, deadlineNanoseconds: delivery.deadlineMonotonicNanoseconds),
        outcome: EmailOutcome(
          attempt: delivery.attempt, messageID: mail.messageID,
          personal: { PersonalWords(address, others: names + (credentials?.secrets ?? [])) }))
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
