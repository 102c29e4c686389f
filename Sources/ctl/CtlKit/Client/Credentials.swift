/// How a client shows who it is, and knows whom it talks to. Paths name PEM files.
struct Credentials: Sendable, Equatable {
  /// The authorities whose server certificates are believed; nil: those of the system.
  var authority: String?
  /// The client's certificate, followed by what leads to its authority.
  var certificate: String?
  var key: String?
  /// The name that the server's certificate must have; nil: the address's host.
  var serverName: String?
  /// A bearer token; not part of any description.
  var token: Token?

  /// Keeps its text out of whatever prints it.
  struct Token: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    var secret: String
    var description: String { "token" }
    var customMirror: Mirror { Mirror(self, children: []) }
  }

  /// Whether connections to `address` are encrypted: all but those that stay on this machine, and these too where there
  /// is anything that only TLS uses.
  func usesTLS(_ address: AgentAddress) -> Bool {
    guard case .tcp = address else { return false }
    return !address.isLocal || authority != nil || certificate != nil || serverName != nil
  }

  /// - Throws: when a certificate comes without its key, or the other way round.
  func check() throws(CtlError) {
    guard (certificate == nil) == (key == nil) else {
      let missing = key == nil ? "key" : "certificate"
      throw .invalid(missing, "is missing: a client certificate has a certificate and a key")
    }
  }
}
