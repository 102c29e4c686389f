import AgentHarness
import Foundation
import Testing

extension EndToEnd {
  @Suite("The first run, and an administrator elsewhere")
  struct AdministratorTests {
    @Test(
      "what agent init makes takes an administrator from another machine to the agent, over TLS",
      .timeLimit(.minutes(2)))
    func firstRun() async throws {
      try await AgentHome.with { home in
        let made = try await Setup(home)
        _ = try await home.run(made.settings) { agent in
          try await agent.waitUntilReady()
          let elsewhere = try await made.elsewhere()
          let who = try await elsewhere(["whoami", "-o", "json"])
          #expect(who.exitCode == 0, "\(who.errors)")
          #expect(
            who.output.contains("spiffe://carillon/admin/ada") && who.output.contains("ROLE_ADMIN"), "\(who.output)")
          let create = try await elsewhere(["user", "create", "bob", "--given", "Bob", "--zone", "UTC"])
          #expect(create.exitCode == 0, "\(create.errors)")
          let renewed = try await elsewhere(["context", "renew", "--lifetime", "30d"])
          #expect(renewed.exitCode == 0, "\(renewed.errors)")
          let again = try await elsewhere(["user", "get", "bob", "-o", "json"])
          #expect(again.output.contains("Bob"), "\(again.errors)")
          let audit = try await elsewhere(["audit", "list", "-o", "json"])
          #expect(audit.output.contains("spiffe://carillon/admin/ada"), "\(audit.errors)")
        }
      }
    }

    @Test(
      "an administrator who is taken out of the configuration is out after a reload, and one put in is in",
      .timeLimit(.minutes(2)))
    func admins() async throws {
      try await AgentHome.with { home in
        let made = try await Setup(home)
        _ = try await home.run(made.settings) { agent in
          try await agent.waitUntilReady()
          let elsewhere = try await made.elsewhere()
          #expect(try await elsewhere(["whoami"]).exitCode == 0)
          try made.rewrite { $0.replacing("spiffe://carillon/admin/ada", with: "spiffe://carillon/admin/bob") }
          let reload = try await home.ctl(["agent", "reload", "-o", "json"])
          #expect(reload.output.contains("access.admins"), "\(reload.output)\(reload.errors)")
          #expect(try await elsewhere(["whoami"]).exitCode == 4)
          try made.rewrite { $0.replacing("spiffe://carillon/admin/bob", with: "spiffe://carillon/admin/ada") }
          #expect(try await elsewhere(["agent", "reload"]).exitCode == 4)
          #expect(try await home.ctl(["agent", "reload"]).exitCode == 0)
          #expect(try await elsewhere(["whoami"]).exitCode == 0)
        }
      }
    }

    @Test("new certificates from agent init --renew are taken up without a restart", .timeLimit(.minutes(2)))
    func renewal() async throws {
      try await AgentHome.with { home in
        let made = try await Setup(home)
        _ = try await home.run(made.settings) { agent in
          try await agent.waitUntilReady()
          let elsewhere = try await made.elsewhere()
          #expect(try await elsewhere(["whoami"]).exitCode == 0)
          let before = try made.certificate()
          try await made.agent(["init", "--directory", made.directory, "--name", "first", "--renew"])
          #expect(try made.certificate() != before)
          let reload = try await home.ctl(["agent", "reload", "-o", "json"])
          #expect(reload.output.contains("tls.certificate"), "\(reload.output)\(reload.errors)")
          #expect(try await elsewhere(["whoami"]).exitCode == 0)
          #expect(home.log.contains("certificates were read again"))
        }
      }
    }

    @Test(
      "what does not fit together keeps the agent from starting, and a reload from counting", .timeLimit(.minutes(2)))
    func mismatch() async throws {
      try await AgentHome.with { home in
        let made = try await Setup(home)
        let key = "\(made.directory)/tls/server.key"
        let good = try String(contentsOfFile: key, encoding: .utf8)
        let other = try String(contentsOfFile: "\(made.directory)/tls/admin-ada.key", encoding: .utf8)
        _ = try await home.run(made.settings) { agent in
          try await agent.waitUntilReady()
          let elsewhere = try await made.elsewhere()
          try made.overwrite(key, other)
          let reload = try await home.ctl(["agent", "reload"])
          #expect(reload.exitCode != 0 && reload.errors.contains("tls.key"), "\(reload.errors)")
          #expect(try await elsewhere(["whoami"]).exitCode == 0)
        }
        for command in ["check-config", "run"] {
          let answer = try await Tool.run(
            home.programs.agent, [command, "--config", home.configurationFile], limit: .seconds(20))
          #expect(answer.exitCode == 78 && answer.errors.contains("does not fit the certificate"), "\(answer.errors)")
        }
        try made.overwrite(key, good)
        let answer = try await Tool.run(
          home.programs.agent, ["check-config", "--config", home.configurationFile], limit: .seconds(20))
        #expect(answer.exitCode == 0, "\(answer.errors)")
      }
    }
  }
}

/// An agent that `agent init` made, in a home's folder.
private struct Setup: Sendable {
  let home: AgentHome
  let directory: String
  private let elsewhereFolder: String

  init(_ home: AgentHome) async throws {
    self.home = home
    directory = "\(home.folder.path)/init"
    elsewhereFolder = "\(home.folder.path)/elsewhere"
    let port = try LoopbackPort.free()
    try await agent([
      "init", "--directory", directory, "--name", "first", "--admin", "ada", "--tls", "127.0.0.1:\(port)", "--host",
      "localhost",
    ])
    try rewrite { $0 }
  }

  /// What the test's own agent has otherwise than the one that was made.
  var settings: [String] {
    [
      "plugins.folders=\(home.plugins)", "plugins.allow_writable=true", "listen.socket=\(home.socket)",
      "listen.ops=127.0.0.1:\(home.opsPort)", "log.format=logfmt",
    ]
  }

  /// Runs the agent's program as somebody whose home is this test's.
  func agent(_ arguments: [String]) async throws {
    _ = try await Tool.output(
      home.programs.agent, arguments, environment: ["XDG_CONFIG_HOME": "\(home.folder.path)/config"])
  }

  /// Changes the configuration that was made.
  func rewrite(_ change: (String) -> String) throws {
    let made = home.folder.read("init/agent.yaml")
    try home.folder.write(change(made), to: "init/agent.yaml")
    try home.folder.write(change(made), to: "agent.yaml")
  }

  func certificate() throws -> String { try String(contentsOfFile: "\(directory)/tls/server.crt", encoding: .utf8) }

  /// Writes into a file that is there, whose mode stays.
  func overwrite(_ path: String, _ text: String) throws {
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  /// `ctl` of somebody who has nothing but the file for administrators.
  func elsewhere() async throws -> @Sendable ([String]) async throws -> Tool.Answer {
    let run: @Sendable ([String]) async throws -> Tool.Answer = { [home, elsewhereFolder] arguments in
      try await Tool.run(home.programs.ctl, arguments, environment: ["XDG_CONFIG_HOME": elsewhereFolder])
    }
    let imported = try await run(["context", "import", "\(directory)/context-ada.yaml", "--copy", "--use"])
    #expect(imported.exitCode == 0, "\(imported.errors)")
    return run
  }
}
