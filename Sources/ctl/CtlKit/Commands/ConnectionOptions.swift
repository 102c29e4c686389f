import ArgumentParser

/// Whom to talk to, on the command line. What it does not say, the environment says; else the context.
struct ConnectionOptions: ParsableArguments {
  @Option(help: "The context to use [env: CARILLON_CONTEXT] (default: the one in use; see ctl context).")
  var context: String?

  @Option(help: "Only this agent of the context.")
  var agent: String?

  @Option(help: "The agent's Unix socket [env: CARILLON_SOCKET].")
  var socket: String?

  @Option(help: "The agent's address, HOST:PORT or unix:PATH [env: CARILLON_SERVER].")
  var server: String?

  @Option(help: "PEM file of the authorities to trust [env: CARILLON_AUTHORITY].")
  var authority: String?

  @Option(name: .customLong("client-certificate"), help: "PEM file of your certificate [env: CARILLON_CERTIFICATE].")
  var certificate: String?

  @Option(name: .customLong("client-key"), help: "PEM file of its key [env: CARILLON_KEY].")
  var key: String?

  @Option(help: "Name that the agent's certificate must have [env: CARILLON_SERVER_NAME].")
  var serverName: String?

  @Option(help: "Where your bearer token is, file:PATH or env:NAME [env: CARILLON_TOKEN, the token itself].")
  var token: String?

  func validate() throws {
    if socket != nil, server != nil { throw ValidationError("--socket and --server exclude each other") }
  }
}
