import AgentHarness
import Foundation

/// An agent that `agent init` made, reached over mutual TLS.
struct InitialisedAgent: Sendable {
  let home: AgentHome
  /// `localhost:PORT`
  let address: String
  private let directory: String

  init(_ home: AgentHome) async throws {
    self.home = home
    directory = "\(home.folder.path)/init"
    let port = try LoopbackPort.free()
    address = "localhost:\(port)"
    _ = try await Tool.output(
      home.programs.agent,
      [
        "init", "--directory", directory, "--name", "first", "--admin", "ada", "--tls", "127.0.0.1:\(port)", "--host",
        "localhost",
      ], environment: ["XDG_CONFIG_HOME": "\(home.folder.path)/config"])
    try home.folder.write(home.folder.read("init/agent.yaml"), to: "agent.yaml")
  }

  /// What the test's own agent has otherwise than the one that was made.
  var settings: [String] {
    [
      "plugins.folders=\(home.plugins)", "plugins.allow_writable=true", "listen.socket=\(home.socket)",
      "listen.ops=127.0.0.1:\(home.opsPort)", "log.format=logfmt",
    ]
  }

  /// What clients take as their arguments: address, authority, certificate and key.
  var arguments: [String] {
    [address] + ["authority.crt", "admin-ada.crt", "admin-ada.key"].map { "\(directory)/tls/\($0)" }
  }
}
