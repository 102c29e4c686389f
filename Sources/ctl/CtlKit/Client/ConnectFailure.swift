import X509

/// Says why a connection over TCP failed, and what to do: the transport knows little more than that it did.
enum ConnectFailure {
  static func explained(
    _ error: CtlError, _ address: AgentAddress, _ credentials: Credentials
  ) async -> CtlError {
    guard error.code == .unreachable, case .tcp(let host, let port) = address else { return error }
    let isTLS = credentials.usesTLS(address)
    let finding = await ServerProbe.look(host: host, port: port, serverName: credentials.serverName, isTLS: isTLS)
    switch finding {
    case .unreachable(let reason):
      return CtlError(
        .unreachable, "no agent can be reached at \(address.text): \(reason)",
        hint: "see that the agent runs and listens there (listen.tls), and that no firewall is between", cause: error)
    case .connected:
      return CtlError(
        .unreachable, "what listens at \(address.text) does not speak gRPC in the clear",
        hint: "if it speaks TLS, name its authority: --authority ca.pem", cause: error)
    case .certificates(let chain):
      return tls(error, chain, address, host, credentials)
    }
  }

  private static func tls(
    _ error: CtlError, _ chain: [Certificate], _ address: AgentAddress, _ host: String, _ credentials: Credentials
  ) -> CtlError {
    guard !chain.isEmpty else {
      return CtlError(.unreachable, "what listens at \(address.text) does not speak TLS", cause: error)
    }
    let name = credentials.serverName ?? host
    let now = Surroundings.current.now()
    if let authority = credentials.authority,
      let authorities = try? PEMFile.certificates(authority, field: "authority"),
      let problem = CertificateProblem.find(chain, authorities: authorities, name: name, now: now)
    {
      return server(problem, address, name, cause: error)
    }
    return client(error, chain, address, credentials, now)
  }

  private static func server(
    _ problem: CertificateProblem, _ address: AgentAddress, _ name: String, cause: CtlError
  ) -> CtlError {
    let (message, hint) =
      switch problem {
      case .unknownAuthority(let issuer):
        (
          "the certificate of \(address.text) is from an authority that is not trusted here: \(issuer)",
          "if it is the right agent, set the context's authority to its CA's certificate"
        )
      case .expired(let time):
        (
          "the certificate of \(address.text) ran out at \(Timestamps.rfc3339(milliseconds: time))",
          "renew the agent's certificate, and see that this machine's clock is right"
        )
      case .notYetValid(let time):
        (
          "the certificate of \(address.text) is valid only from \(Timestamps.rfc3339(milliseconds: time))",
          "see that the clocks of both machines are right"
        )
      case .wrongName(let names):
        (
          "the certificate of \(address.text) is not for \(name), but for \(names.isEmpty ? "no name" : names.joined(separator: ", "))",
          "reach the agent by one of these names, or set the context's serverName"
        )
      }
    return CtlError(.unreachable, message, hint: hint, reason: "TLS", cause: cause)
  }

  /// The server's certificate is as it should be, as far as can be seen: then it is ours that is not taken.
  private static func client(
    _ error: CtlError, _ chain: [Certificate], _ address: AgentAddress, _ credentials: Credentials, _ now: Int64
  ) -> CtlError {
    guard credentials.authority != nil else {
      let issuer = chain[0].issuer
      return CtlError(
        .unreachable, "TLS with \(address.text) failed; its certificate is from \(issuer)",
        hint: "if that is your own authority, set the context's authority to its certificate", reason: "TLS",
        cause: error)
    }
    guard let path = credentials.certificate else {
      return CtlError(
        .notAllowed, "\(address.text) ended the connection: it may ask for a client certificate",
        hint: "set the context's certificate and key", reason: "TLS", cause: error)
    }
    if let own = try? PEMFile.certificates(path, field: "certificate").first,
      now > CertificateProblem.milliseconds(own.notValidAfter)
    {
      let end = Timestamps.rfc3339(milliseconds: CertificateProblem.milliseconds(own.notValidAfter))
      return CtlError(
        .notAllowed, "your certificate \(path) ran out at \(end)",
        hint: "ask an administrator for a new one; before it runs out, ctl context renew gets one", reason: "TLS",
        cause: error)
    }
    return CtlError(
      .notAllowed, "\(address.text) does not take your certificate \(path)",
      hint: "it must be from the authority in the agent's tls.client_authority, and not be denied", reason: "TLS",
      cause: error)
  }
}
