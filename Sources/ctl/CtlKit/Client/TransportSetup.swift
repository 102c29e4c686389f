import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Makes the transport to an agent.
enum TransportSetup {
  typealias Transport = HTTP2ClientTransport.Posix

  static func transport(
    _ address: AgentAddress, _ credentials: Credentials
  ) throws(CtlError) -> Transport {
    try credentials.check()
    let security = try security(address, credentials)
    do {
      return try Transport(
        target: target(address), transportSecurity: security,
        config: .defaults { $0.http2.authority = authority(address, credentials) })
    } catch {
      throw .invalid("certificate", "the files for TLS cannot be used: \(cause(error))", hint: "see: ctl context get")
    }
  }

  private static func security(
    _ address: AgentAddress, _ credentials: Credentials
  ) throws(CtlError) -> Transport.TransportSecurity {
    guard credentials.usesTLS(address) else {
      // The rule that a token never leaves this machine in the clear holds by itself; should it ever not, nothing is sent.
      guard address.isLocal else { throw CtlError(.notAllowed, "\(address.text) is not reached without TLS") }
      return .plaintext
    }
    var trust = TLSConfig.TrustRootsSource.systemDefault
    if let authority = credentials.authority {
      try readable(authority, "authority")
      trust = .certificates([.file(path: authority, format: .pem)])
    }
    guard let certificate = credentials.certificate, let key = credentials.key else {
      return .tls { $0.trustRoots = trust }
    }
    try readable(certificate, "certificate")
    try readable(key, "key")
    return .mTLS(
      certificateChain: [.file(path: certificate, format: .pem)], privateKey: .file(path: key, format: .pem)
    ) { $0.trustRoots = trust }
  }

  /// A file that is not there is told with its name and field.
  private static func readable(_ path: String, _ field: String) throws(CtlError) {
    do { _ = try InputFile(path) } catch { throw .invalid(field, error.message, hint: "see: ctl context get") }
  }

  private static func target(_ address: AgentAddress) -> any ResolvableTarget {
    switch address {
    case .unix(let path): .unixDomainSocket(path: path)
    case .tcp(let host, let port) where AgentAddress.isIPv4(host): .ipv4(address: host, port: port)
    case .tcp(let host, let port) where AgentAddress.isIPv6(host): .ipv6(address: host, port: port)
    case .tcp(let host, let port): .dns(host: host, port: port)
    }
  }

  /// Also the name that TLS asks the server for. Numbers have none: the certificate must have the number itself.
  private static func authority(_ address: AgentAddress, _ credentials: Credentials) -> String? {
    if let name = credentials.serverName { return name }
    return address.isLocal && !credentials.usesTLS(address) ? "localhost" : nil
  }

  private static func cause(_ error: any Error) -> String {
    (error as? RuntimeError)?.cause.map { "\($0)" } ?? "\(error)"
  }
}
