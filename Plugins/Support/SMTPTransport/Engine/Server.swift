/// What every courier knows of the server.
struct Server: Sendable {
  let settings: SMTPSettings
  /// Nil: without authentication.
  let credentials: SMTPCredentialSource?
  let loginPause: LoginPause

  /// What a mail needs of the server.
  func needs(for mail: SMTPMail) -> Conversation.Needs {
    Conversation.Needs(
      starttls: settings.security == .starttls, authentication: credentials != nil, utf8: mail.recipient.needsUTF8)
  }
}
