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

  /// What its bytes mean for the wire.
  var form: ContentForm { ContentForm(content) }
}

/// What of a mail's bytes decides on how it is sent, and whether.
struct ContentForm: Hashable {
  /// The longest line without its end (RFC 5322, section 2.1.1).
  static let maximumLineBytes = 998

  /// Whether a line begins with a dot, which is sent twice. libcurl 7.88 counts the added ones against the size that it
  /// was told, and may take a mail for sent before its end; such a mail's size it is not told.
  private(set) var hasLeadingDot = false
  /// Whether every line ends with CRLF, the last one too, none is too long, and there is no CR or LF alone and no NUL. A
  /// bare LF before a dot has smuggled commands past servers that differ on what ends a mail.
  private(set) var isSafe = true

  init(_ content: [UInt8]) {
    var previous: UInt8 = 0x0A
    var width = 0
    for byte in content {
      let isAfterCR = previous == 0x0D
      if isAfterCR != (byte == 0x0A) || byte == 0 { isSafe = false }
      if byte == UInt8(ascii: "."), previous == 0x0A { hasLeadingDot = true }
      width = byte == 0x0A ? 0 : width + 1
      // The CR counts here and not there.
      if width > Self.maximumLineBytes + 1 || width > Self.maximumLineBytes && byte != 0x0D { isSafe = false }
      previous = byte
    }
    if previous != 0x0A { isSafe = false }
  }
}
