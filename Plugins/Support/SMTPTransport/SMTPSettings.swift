/// A server, and how to speak to it.
public struct SMTPSettings: Sendable, Hashable {
  /// How what is said is protected.
  public enum Security: String, Sendable, Hashable, CaseIterable {
    /// STARTTLS (RFC 3207), without which nothing is sent.
    case starttls
    /// TLS from the first byte (RFC 8314).
    case implicit
    /// Not at all.
    case none
  }

  /// Allowed for ``connectTimeoutMilliseconds``, ``timeoutMilliseconds`` and ``answerTimeoutMilliseconds``.
  public static let timeoutRange = 100...600_000
  /// Allowed for ``maximumConnections``.
  public static let connectionsRange = 1...32
  /// Allowed for ``mailsPerConnection``.
  public static let mailsPerConnectionRange = 1...10_000

  /// A host's name, or an IP address.
  public var host: String
  /// 1 to 65535.
  public var port: Int
  /// How what is said is protected.
  public var security: Security
  /// The name that we give ourselves; nil: the machine's.
  public var helloName: String?
  /// A file of PEM certificates to trust instead of the system's; nil: the system's.
  public var certificateAuthorityFile: String?
  /// From the resolution of the name until the server takes mails: TCP, greeting, TLS, authentication.
  public var connectTimeoutMilliseconds = 30_000
  /// From the beginning until all of the mail is handed over; it may contain a connect.
  public var timeoutMilliseconds = 60_000
  /// How long the answer to the final dot may take (RFC 5321, section 4.5.3.2.6: ten minutes).
  public var answerTimeoutMilliseconds = 600_000
  /// Connections at a time, each with one mail at a time on it, and a thread.
  public var maximumConnections = 4
  /// After so many mails a connection is closed and the next one opened: servers have limits of their own, and end a
  /// connection beyond them less politely.
  public var mailsPerConnection = 100

  /// The defaults for a server.
  public init(host: String, port: Int = 587, security: Security = .starttls) {
    self.host = host
    self.port = port
    self.security = security
  }

  func validate() throws(SMTPError) {
    try Self.check("port", port, 1...65_535)
    try Self.check("connectTimeoutMilliseconds", connectTimeoutMilliseconds, Self.timeoutRange)
    try Self.check("timeoutMilliseconds", timeoutMilliseconds, Self.timeoutRange)
    try Self.check("answerTimeoutMilliseconds", answerTimeoutMilliseconds, Self.timeoutRange)
    try Self.check("maximumConnections", maximumConnections, Self.connectionsRange)
    try Self.check("mailsPerConnection", mailsPerConnection, Self.mailsPerConnectionRange)
    _ = try url()
  }

  /// - Throws: `invalidHost` for a host that is neither name nor IP address.
  public func checkHost() throws(SMTPError) { _ = try Self.hostInURL(host) }

  /// What libcurl connects to; its path is the name that we give ourselves.
  func url() throws(SMTPError) -> String {
    let name = try Self.hostInURL(host)
    let hello = try helloName.map { text throws(SMTPError) in try HostName.ascii(text) } ?? ""
    return "\(security == .implicit ? "smtps" : "smtp")://\(name):\(port)/\(hello)"
  }

  private static func hostInURL(_ host: String) throws(SMTPError) -> String {
    let isIPv4 = host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") } && !host.isEmpty
    if isIPv4 { return host }
    let hexadecimal = "0123456789abcdefABCDEF:."
    if host.contains(":"), host.utf8.count <= 45, host.allSatisfy({ hexadecimal.contains($0) }) { return "[\(host)]" }
    return try HostName.ascii(host)
  }

  private static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(SMTPError) {
    guard range ~= value else {
      throw SMTPError(.invalidSetting, "\(name) is \(value); allowed are \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
