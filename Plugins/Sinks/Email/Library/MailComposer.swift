import Crypto
import PluginKit0
import SMTPTransport

/// Writes mails: a function of the event, its message and the sink alone, so that every attempt sends the same bytes.
struct MailComposer: Sendable {
  /// The largest mail that is made. Relays commonly take 10 MB to 25 MB.
  static let maximumBytes = 8_388_608

  let from: Mailbox
  let replyTo: Mailbox?
  let messageIDDomain: String
  let unsubscribe: UnsubscribeLink?
  let html: HTMLPolicy

  /// A mail's bytes, and the id that names it.
  struct Mail {
    let content: [UInt8]
    let messageID: String
  }

  /// The mail of a delivery.
  ///
  /// - Throws: `invalid` for a title or a name that would break a header, or a text beyond bounds.
  func mail(_ delivery: Delivery, to recipient: Mailbox) throws(PluginError) -> Mail {
    let message = delivery.message
    guard message.text.utf8.count + message.html.utf8.count <= Self.maximumBytes / 2 else {
      throw PluginError(.invalid, "the message has over \(Self.maximumBytes / 2) bytes")
    }
    let name = Self.name(delivery.idempotencyKey)
    let messageID = "<\(name)@\(messageIDDomain)>"
    var content = Array(try header(delivery, recipient, messageID).utf8)
    // Neither coding of a body can make "=_".
    Self.addBody(html.parts(of: message), boundary: "=_\(name)", to: &content)
    return Mail(content: content, messageID: messageID)
  }

  private func header(
    _ delivery: Delivery, _ recipient: Mailbox, _ messageID: String
  ) throws(PluginError) -> String {
    var fields = [
      try HeaderField("From", mailbox: from), try HeaderField("To", mailbox: recipient),
      try HeaderField("Subject", text: delivery.message.title),
      try HeaderField("Date", token: try MailDate.text(nanoseconds: delivery.event.dueNanoseconds)),
      try HeaderField("Message-ID", token: messageID), try HeaderField("MIME-Version", token: "1.0"),
      try HeaderField("Auto-Submitted", token: "auto-generated"),
      try HeaderField("X-Carillon-Event", token: delivery.event.id),
    ]
    if let replyTo { fields.append(try HeaderField("Reply-To", mailbox: replyTo)) }
    if let unsubscribe {
      fields.append(try HeaderField("List-Unsubscribe", token: "<\(try unsubscribe.url(for: delivery.event))>"))
      fields.append(try HeaderField("List-Unsubscribe-Post", token: "List-Unsubscribe=One-Click"))
    }
    return fields.map(\.text).joined()
  }

  private static func addBody(_ parts: HTMLPolicy.Parts, boundary: String, to content: inout [UInt8]) {
    guard let html = parts.html else { return addPart(parts.text, "plain", to: &content) }
    content += "Content-Type: multipart/alternative; boundary=\"\(boundary)\"\r\n".utf8
    // Readers show the last part that they can. The line end before a boundary is the boundary's (RFC 2046, section
    // 5.1.1), so there is one more than the part's own.
    for (subtype, text) in [("plain", parts.text), ("html", html)] {
      content += "\r\n--\(boundary)\r\n".utf8
      addPart(text, subtype, to: &content)
    }
    content += "\r\n--\(boundary)--\r\n".utf8
  }

  private static func addPart(_ text: String, _ subtype: String, to content: inout [UInt8]) {
    let coded = BodyText.coded(text)
    content += "Content-Type: text/\(subtype); charset=utf-8\r\n".utf8
    content += "Content-Transfer-Encoding: \(coded.encoding)\r\n\r\n".utf8
    content += coded.lines
  }

  /// The same for every attempt, different for every event and sink, and of letters and digits whatever the key.
  private static func name(_ idempotencyKey: String) -> String {
    SHA256.hash(data: Array(idempotencyKey.utf8)).prefix(16)
      .map { String($0 >> 4, radix: 16) + String($0 & 0x0F, radix: 16) }.joined()
  }
}
