/// Who we are to a server. Never describes itself.
public struct SMTPCredentials: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// At most so many bytes of a user name or a password.
  public static let maximumBytes = 1_024
  /// At most so many bytes of a token; those of the large providers have up to 4 KiB.
  public static let maximumTokenBytes = 16_384

  /// What proves it.
  enum Proof: Sendable, Hashable {
    /// By AUTH PLAIN (RFC 4616) or LOGIN, whichever is offered.
    case password(String)
    /// An OAuth 2 access token, by AUTH XOAUTH2.
    case token(String)
  }

  let username: String
  let proof: Proof

  /// A user name and a password.
  ///
  /// - Throws: `invalidSetting` for a text that is empty, too long, or has CR, LF or NUL. Never has any of it.
  public init(username: String, password: String) throws(SMTPError) {
    try Self.check("user name", username, Self.maximumBytes)
    try Self.check("password", password, Self.maximumBytes)
    self.username = username
    proof = .password(password)
  }

  /// A user name and an OAuth 2 access token.
  ///
  /// - Throws: `invalidSetting` for a text that is empty or too long, a user name with a control character, and a token
  ///   with anything but printable ASCII: XOAUTH2 puts U+0001 between its parts. Never has any of it.
  public init(username: String, token: String) throws(SMTPError) {
    try Self.check("user name", username, Self.maximumBytes)
    try Self.check("token", token, Self.maximumTokenBytes)
    guard !username.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw SMTPError(.invalidSetting, "the user name has a control character")
    }
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw SMTPError(.invalidSetting, "the token has a space, a control character or one beyond ASCII")
    }
    self.username = username
    proof = .token(token)
  }

  /// Says nothing.
  public var description: String { "<credentials>" }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }

  private static func check(_ name: String, _ text: String, _ most: Int) throws(SMTPError) {
    guard (1...most).contains(text.utf8.count) else {
      throw SMTPError(.invalidSetting, "the \(name) has \(text.utf8.count) bytes; allowed are 1 to \(most)")
    }
    guard !text.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
      throw SMTPError(.invalidSetting, "the \(name) has a line break or a NUL")
    }
  }
}

/// Reads the credentials anew: for each connection, so that a new password or token needs no new session. On a thread of
/// the session's.
///
/// - Throws: whatever is wrong; the mail is completed as ``SMTPFailure/Reason/noCredentials`` with the error's message.
public typealias SMTPCredentialSource = @Sendable () throws(SMTPError) -> SMTPCredentials
