/// One mail to one recipient: one transaction.
public struct SMTPMail: Sendable {
  /// The caller's name for it, given back at its end and to ``SMTPSession/cancel(_:)``.
  public var token: UInt64
  /// Where bounces go.
  public var sender: MailAddress
  /// Whom it is for.
  public var recipient: MailAddress
  /// Header and body with CRLF line ends, the last line's too; dots at the beginning of lines as they are.
  public var content: [UInt8]
  /// Give up by then, on `CLOCK_MONOTONIC` in nanoseconds.
  public var deadlineNanoseconds: Int64

  /// A mail.
  public init(
    token: UInt64, sender: MailAddress, recipient: MailAddress, content: [UInt8], deadlineNanoseconds: Int64 = .max
  ) {
    self.token = token
    self.sender = sender
    self.recipient = recipient
    self.content = content
    self.deadlineNanoseconds = deadlineNanoseconds
  }

  /// Whether a line begins with a dot, which is sent twice. libcurl 7.88 counts the added ones against the size that it
  /// was told, and may take a mail for sent before its end; such a mail's size it is not told.
  var hasLeadingDot: Bool {
    var isLineStart = true
    for byte in content {
      if isLineStart, byte == UInt8(ascii: ".") { return true }
      isLineStart = byte == 0x0A
    }
    return false
  }
}
