import ArgumentParser

/// A command that talks to the agent. It says what to do; connecting and errors are done here.
protocol CtlCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }
  func perform(_ session: Session) async throws
}

extension CtlCommand {
  mutating func run() async throws {
    let command = self
    let around = Surroundings.current
    let printer = try command.global.printer(around)
    let socket = try SocketPath.find(flag: command.global.socket, environment: around.environment)
    let timeout = command.global.timeout ?? TimeSpan(milliseconds: GlobalOptions.standardTimeoutMilliseconds)
    let namespace = command.global.namespace(in: around.environment)
    try await Client.connect(socket: socket, timeout: timeout.duration) { client in
      try await command.perform(Session(client: client, printer: printer, namespace: namespace, around: around))
    }
    around.output.flush()
  }
}

/// What a command has at hand while it is connected.
struct Session: Sendable {
  let client: Client
  let printer: Printer
  let namespace: String
  let around: Surroundings

  /// The full name of what was given as an id or a name.
  func name(_ kind: ResourceKind, _ text: String) throws(CtlError) -> String {
    try kind.name(text, namespace: namespace)
  }

  func parent(_ kind: ResourceKind) -> String { kind.parent(namespace: namespace) }
}
