import ArgumentParser

/// A command that talks to one agent: to the first of a fleet that answers, since all have the same store. It says what to
/// do; connecting and errors are done here.
protocol CtlCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }
  func perform(_ session: Session) async throws
}

extension CtlCommand {
  mutating func run() async throws { try await runConnected() }

  /// Connects, and performs the command.
  func runConnected() async throws {
    let command = self
    let around = Surroundings.current
    let printer = try command.global.printer(around)
    let connection = try command.global.find(around)
    let endpoint = try await FirstAnswer.choose(connection)
    try await command.global.connect(endpoint, connection, printer, around) { session in
      try await command.perform(session)
    }
    around.output.flush()
  }
}

extension GlobalOptions {
  /// Connects to an agent for as long as `body` runs.
  func connect<Result: Sendable>(
    _ endpoint: Endpoint, _ connection: Connection, _ printer: Printer, _ around: Surroundings,
    timeout standard: Duration = GlobalOptions.standardTimeout, _ body: (Session) async throws -> Result
  ) async throws(CtlError) -> Result {
    try await Client.connect(
      to: endpoint.address, connection.credentials, timeout: timeout?.duration ?? standard
    ) { client in
      try await body(
        Session(
          client: client, printer: printer, namespace: connection.namespace, around: around, agent: endpoint.name,
          connection: connection))
    }
  }
}

/// What a command has at hand while it is connected.
struct Session: Sendable {
  let client: Client
  let printer: Printer
  let namespace: String
  let around: Surroundings
  /// The agent that it is connected to, as the context calls it.
  let agent: String
  let connection: Connection

  /// The full name of what was given as an id or a name.
  func name(_ kind: ResourceKind, _ text: String) throws(CtlError) -> String {
    try kind.name(text, namespace: namespace)
  }

  func parent(_ kind: ResourceKind) -> String { kind.parent(namespace: namespace) }
}
