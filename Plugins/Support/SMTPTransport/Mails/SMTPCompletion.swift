/// How one mail ended.
public struct SMTPCompletion: Sendable, Hashable {
  /// The mail's.
  public let token: UInt64
  /// How it ended.
  public let result: SMTPResult

  /// The end of a mail.
  public init(token: UInt64, result: SMTPResult) {
    self.token = token
    self.result = result
  }
}

/// What became of a mail.
public enum SMTPResult: Sendable, Hashable {
  /// The server took it: what it said after the final dot.
  case accepted(SMTPReply)
  /// The server said no, with a code from 400 to 599; nothing was taken.
  case refused(SMTPReply, at: SMTPStage)
  /// There is no answer.
  case failure(SMTPFailure)
}

/// What a server's reply is about.
public enum SMTPStage: String, Sendable, Hashable, CaseIterable {
  /// The connection itself.
  case greeting
  /// EHLO or HELO.
  case hello
  /// STARTTLS.
  case starttls
  /// AUTH.
  case authentication
  /// MAIL FROM.
  case sender
  /// RCPT TO.
  case recipient
  /// DATA.
  case data
  /// The final dot.
  case content
}

/// A server's reply.
public struct SMTPReply: Sendable, Hashable {
  /// At most so many bytes of its text are kept.
  public static let maximumTextBytes = 1_024

  /// 200 to 599 as a rule.
  public var code: Int
  /// The text of its lines behind the code, joined by spaces. The server's own words: they may hold an address.
  public var text: String

  /// A reply.
  public init(code: Int, text: String = "") {
    self.code = code
    self.text = text
  }

  /// The enhanced status code that the text begins with, such as `5.1.1` (RFC 2034); nil without one.
  public var enhancedCode: String? {
    let word = text.prefix { $0 != " " }
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, ["2", "4", "5"].contains(parts[0]), parts[1...].allSatisfy(Self.isNumber) else {
      return nil
    }
    return String(word)
  }

  private static func isNumber(_ text: Substring) -> Bool {
    (1...3).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

/// Why there is no answer.
public struct SMTPFailure: Sendable, Hashable {
  /// What went wrong.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// The host's name has no address.
    case resolve
    /// Nothing answers there.
    case connect
    /// TLS was not agreed on.
    case tls
    /// The certificate is not one we trust.
    case certificate
    /// The server does not offer STARTTLS, which is required.
    case tlsNotOffered = "tls-not-offered"
    /// The server offers no authentication that we know, and there are credentials.
    case authenticationNotOffered = "auth-not-offered"
    /// The recipient's address needs SMTPUTF8, which the server does not offer.
    case utf8NotOffered = "smtputf8-not-offered"
    /// The mail's own bytes must not be sent: a line end or a NUL that means different things to different servers.
    case unsafeContent = "unsafe-content"
    /// The server refuses the credentials, with words that have no code.
    case loginRefused = "auth-refused"
    /// The server refused the same credentials a moment ago; they were not tried again.
    case loginPaused = "auth-paused"
    /// The credentials cannot be had.
    case noCredentials = "auth-no-credentials"
    /// Time ran out; `isContentSent` tells on which side.
    case timeout
    /// Time ran out while the mail waited for its turn.
    case deadline
    /// The connection broke.
    case broken
    /// What came is not SMTP, is no answer to what was said, or does not end.
    case malformed
    /// The caller cancelled, or the session closed.
    case cancelled
    /// libcurl would not take the mail, or failed otherwise.
    case `internal`
  }

  /// What went wrong.
  public var reason: Reason
  /// Whether all of the mail was handed to the network: the server may have taken it.
  public var isContentSent: Bool
  /// For people; never an address.
  public var detail: String

  /// A failure.
  public init(_ reason: Reason, isContentSent: Bool = false, detail: String = "") {
    self.reason = reason
    self.isContentSent = isContentSent
    self.detail = detail
  }
}
