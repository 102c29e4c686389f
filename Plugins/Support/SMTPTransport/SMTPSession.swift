/// Mails to one server, several at a time, each connection kept for those that follow.
///
/// ```swift
/// let session = try SMTPSession(SMTPSettings(host: "mail.example.org")) { completion in … }
/// try session.submit([SMTPMail(token: 1, sender: sender, recipient: recipient, content: bytes)])
/// ```
///
/// Any thread may call it. Every mail that ``submit(_:)`` took is completed exactly once.
public final class SMTPSession: Sendable {
  /// Bounds on what is open.
  public struct Limits: Sendable, Hashable {
    /// Mails taken and not completed.
    public var maximumOpen = 4_096
    /// Their bytes together; one mail alone may have more.
    public var maximumOpenBytes = 67_108_864
    /// A connection that nobody needed for so long is closed.
    public var idleMilliseconds = 30_000
    /// After a refused login the same credentials are not tried again for so long: servers lock accounts.
    public var loginPauseMilliseconds = 60_000

    /// The defaults.
    public init() {}
  }

  private let office: Office

  /// A session; nothing is connected to before the first mail.
  ///
  /// - Parameters:
  ///   - credentials: asked before each connection; nil: without authentication.
  ///   - handler: called for each mail at its end, on a thread of the session's, or on the one that calls ``cancel(_:)`` or
  ///     ``close()``; on several at once. It must be quick, and must not call ``close()``.
  /// - Throws: `invalidSetting` or `invalidHost`, which says what is wrong.
  public init(
    _ settings: SMTPSettings, limits: Limits = Limits(), credentials: SMTPCredentialSource? = nil,
    handler: @escaping @Sendable (SMTPCompletion) -> Void
  ) throws(SMTPError) {
    try settings.validate()
    guard Office.libcurlIsReady else { throw SMTPError(.system, "libcurl cannot be initialised") }
    let pause = LoginPause(milliseconds: limits.loginPauseMilliseconds)
    office = Office(Server(settings: settings, credentials: credentials, loginPause: pause), limits, handler)
  }

  deinit { close() }

  /// Mails taken and not completed.
  public var openCount: Int { office.openCount }

  /// Takes mails; each will be completed exactly once.
  ///
  /// - Throws: `full`, `closed` or `system`, and then none was taken.
  public func submit(_ mails: [SMTPMail]) throws(SMTPError) { try office.submit(mails) }

  /// Gives these up: what was not handed over in full is completed as `cancelled`, at once while it waits, within a
  /// second when it is under way. The server may take the rest, so that is left to its end. Unknown tokens are ignored.
  public func cancel(_ tokens: [UInt64]) { office.cancel(Set(tokens)) }

  /// Waits until nothing is open. False when something still is at the end of the time.
  public func waitUntilIdle(timeout: Duration) -> Bool { office.waitUntilIdle(timeout) }

  /// Takes no more, gives up what is open, and returns when the handler has been called for the last time and every
  /// connection is closed: within about a second. Again: does nothing. Not from the handler.
  public func close() { office.close() }
}
