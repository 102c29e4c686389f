/// Works out whom to talk to: flags before environment before context.
struct ConnectionFinder {
  let options: GlobalOptions
  let environment: [String: String]
  let contexts: ContextList

  static func find(_ options: GlobalOptions, _ environment: [String: String]) throws(CtlError) -> Connection {
    let contexts = try ContextFile(environment)?.read() ?? ContextList()
    return try ConnectionFinder(options: options, environment: environment, contexts: contexts).connection()
  }

  func connection() throws(CtlError) -> Connection {
    let context = try chosenContext()
    var connection = Connection(
      endpoints: try endpoints(context), credentials: try credentials(context),
      namespace: named(options.namespace) ?? variable("NAMESPACE") ?? context?.namespace ?? "default",
      context: context?.name)
    if let agent = options.agent { connection.endpoints = [try only(agent, connection.endpoints)] }
    return connection
  }

  private func variable(_ name: String) -> String? { named(environment["CARILLON_\(name)"]) }

  /// Empty text is as good as none.
  private func named(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    return text
  }

  private func chosenContext() throws(CtlError) -> ConnectionContext? {
    guard let name = options.context ?? variable("CONTEXT") ?? contexts.current else { return nil }
    return try contexts.named(name)
  }

  private func endpoints(_ context: ConnectionContext?) throws(CtlError) -> [Endpoint] {
    if let socket = options.socket, !socket.isEmpty { return [single(.unix(path: unixPath(socket)))] }
    if let server = options.server { return [single(try AgentAddress(server, field: "--server"))] }
    // Who names a context on the command line means its agents, whatever the environment says.
    if options.context != nil, let context { return context.agents }
    if let server = variable("SERVER") { return [single(try AgentAddress(server, field: "CARILLON_SERVER"))] }
    if let socket = variable("SOCKET") { return [single(.unix(path: unixPath(socket)))] }
    if let context { return context.agents }
    return [single(.unix(path: SocketPath.standard(environment)))]
  }

  private func unixPath(_ text: String) -> String {
    text.hasPrefix("unix:") ? String(text.dropFirst("unix:".count)) : text
  }

  /// An agent without a context has its address for a name.
  private func single(_ address: AgentAddress) -> Endpoint { Endpoint(name: address.text, address: address) }

  private func credentials(_ context: ConnectionContext?) throws(CtlError) -> Credentials {
    var credentials = Credentials(
      authority: options.authority ?? variable("AUTHORITY") ?? context?.authority,
      certificate: options.certificate ?? variable("CERTIFICATE") ?? context?.certificate,
      key: options.key ?? variable("KEY") ?? context?.key,
      serverName: options.serverName ?? variable("SERVER_NAME") ?? context?.serverName)
    if let token = try token(context) { credentials.token = .init(secret: token) }
    return credentials
  }

  private func token(_ context: ConnectionContext?) throws(CtlError) -> String? {
    if let flag = options.token { return try SecretReference(flag, field: "--token").read(environment) }
    if let value = variable("TOKEN") {
      guard value.hasPrefix("file:") || value.hasPrefix("env:") else {
        return try SecretReference.token(value, field: "CARILLON_TOKEN")
      }
      return try SecretReference(value, field: "CARILLON_TOKEN").read(environment)
    }
    return try context?.token?.read(environment)
  }

  private func only(_ name: String, _ endpoints: [Endpoint]) throws(CtlError) -> Endpoint {
    if let endpoint = endpoints.first(where: { $0.name == name }) { return endpoint }
    let names = endpoints.map(\.name)
    throw .invalid(
      "--agent",
      "\(Excerpt.of(name)) is none of \(names.joined(separator: ", "))\(NearestName.suggestion(name, in: names))")
  }
}
