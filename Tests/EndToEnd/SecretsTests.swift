import AgentHarness
import ControlAPI
import Foundation
import SwiftProtobuf
import Testing

extension EndToEnd {
  @Suite("Planted secrets")
  struct SecretsTests {
    @Test("the search finds a secret in every form that it may take")
    func search() throws {
      var planted = PlantedSecrets()
      let secret = planted.plant("one")
      for text in [
        secret, "x\(secret)y", Data("user:\(secret)".utf8).base64EncodedString(),
        Data("\0u\0\(secret)".utf8).base64EncodedString(), Data("ab\(secret)".utf8).base64EncodedString(),
        Data(secret.utf8).map { String(format: "%02X", $0) }.joined(),
      ] { #expect(planted.found(in: text) == ["one"], "\(text)") }
      #expect(planted.found(in: "Planted").isEmpty)
    }

    @Test(
      "no log, error, metric, answer or output of a whole run shows a secret, though every receiver repeats them",
      .timeLimit(.minutes(3)))
    func wholeRun() async throws {
      try await EchoServers.with { echo in
        try await AgentHome.with { home in
          var planted = PlantedSecrets()
          try Self.configure(home, &planted)
          let sinks = try Self.sinks(home, echo, &planted)
          let (answers, exitCode) = try await home.run { [planted] agent in
            try await agent.waitUntilReady()
            let answers = try await Self.play(home, agent, echo, sinks, planted)
            try agent.terminate()
            return answers
          }
          #expect(exitCode == 0)
          planted.add("API token", try Self.token(home))
          let found = Findings(planted: planted)
          // The test would prove nothing if the secrets had not been used.
          for name in ["bearer token", "basic password", "client secret", "smtp password", "path of a URL"] {
            #expect(planted.found(in: echo.received).contains(name), "\(name) was never sent")
          }
          for (place, text) in answers { found.look(at: place, text) }
          found.look(at: "the log", home.log)
          for name in try FileManager.default.contentsOfDirectory(atPath: "\(home.folder.path)/state") {
            found.look(at: "state/\(name)", try Self.bytes("\(home.folder.path)/state/\(name)"))
          }
        }
      }
    }

    @Test("an agent that ends by a fault, or cannot start, shows none", .timeLimit(.minutes(2)))
    func faults() async throws {
      try await AgentHome.with { home in
        var planted = PlantedSecrets()
        try Self.configure(home, &planted)
        let found = Findings(planted: planted)
        let (_, exitCode) = try await home.run { agent in
          try await agent.waitUntilReady()
          // The first one is Swift's, which shows where every thread stands and goes on; the second one ends the agent.
          try Self.signal(agent, SIGABRT)
          try await eventually("the threads are shown", within: .seconds(80)) { home.log.contains("Backtrace took") }
          try Self.signal(agent, SIGABRT)
        }
        #expect(exitCode == 128 + SIGABRT)
        found.look(at: "the log of a crash", home.log)
        let password = planted.plant("store password")
        let url = "postgresql://carillon:\(password)@127.0.0.1:1/carillon?connect_timeout=1"
        let reference = "file:\(try Self.secretFile(home, "store.url", url))"
        for url in [url, reference] {
          let settings = ["--set", "store.kind=postgresql", "--set", "store.path=", "--set", "store.url=\(url)"]
          for command in ["print-config", "check-config"] {
            let answer = try await Tool.run(
              home.programs.agent, [command, "--config", home.configurationFile] + settings, limit: .seconds(20))
            #expect(answer.exitCode == 0, "\(answer.errors)")
            Findings(planted: planted).look(at: command, answer.output + answer.errors)
          }
        }
        let (page, _) = try await home.run(["store.kind=postgresql", "store.path=", "store.url=\(reference)"]) { _ in
          try await eventually("the agent waits for its store", within: .seconds(30)) {
            await LoopbackHTTP.get("/readyz", port: home.opsPort)?.body
          }
        }
        #expect(page.contains("store"), "\(page)")
        Findings(planted: planted).look(at: "/readyz", page)
        Findings(planted: planted).look(at: "the log without a store", home.log)
      }
    }
  }
}

/// Says where a planted secret was found.
private struct Findings {
  let planted: PlantedSecrets

  func look(at place: String, _ text: String) {
    let found = planted.found(in: text)
    #expect(found.isEmpty, "\(place) shows: \(found.joined(separator: ", "))")
  }
}

extension EndToEnd.SecretsTests {
  /// The keys of a listener, and a configuration that names them.
  fileprivate static func configure(_ home: AgentHome, _ planted: inout PlantedSecrets) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: home.programs.agent)
    let folder = "\(home.folder.path)/init"
    process.arguments = ["init", "--directory", folder, "--name", "test-agent", "--admin", "ada"]
    process.environment = ["XDG_CONFIG_HOME": "\(home.folder.path)/config"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let port = try LoopbackPort.free()
    for name in ["authority", "server", "admin-ada"] {
      let pem = try String(contentsOfFile: "\(folder)/tls/\(name).key", encoding: .utf8)
      // The first 48 characters are the same in every key of this kind.
      planted.add("the key of \(name)", String(pem.split(separator: "\n")[2].prefix(48)))
    }
    let own = home.folder.read("agent.yaml").replacing("listen:\n", with: "listen:\n  tls: 127.0.0.1:\(port)\n")
    try home.folder.write(
      own + """
        tls:
          certificate: \(folder)/tls/server.crt
          key: \(folder)/tls/server.key
          client_authority: \(folder)/tls/authority.crt
          authority_key: \(folder)/tls/authority.key

        """, to: "agent.yaml")
  }

  fileprivate static func secretFile(_ home: AgentHome, _ name: String, _ text: String) throws -> String {
    let file = try home.folder.write(text + "\n", to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    return file
  }

  /// Documents of sinks that use every kind of secret there is.
  fileprivate static func sinks(
    _ home: AgentHome, _ echo: EchoServers, _ planted: inout PlantedSecrets
  ) throws -> String {
    func file(_ name: String, _ secret: String) throws -> String {
      "file:\(try secretFile(home, name.replacing(" ", with: "-"), secret))"
    }
    let signing = "whsec_" + Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    planted.add("signing secret", String(signing.dropFirst(6)))
    let path = planted.plant("path of a URL")
    let base = "http://127.0.0.1:\(echo.httpPort)"
    let webhook =
      "plugin: webhook, configuration: {allow_addresses: [127.0.0.0/8], secret: '\(try file("signing", signing))'"
    return """
      {kind: Sink, id: bearer, \(webhook), url: '\(base)/a', auth: {type: bearer, token: '\(try file("bearer", planted.plant("bearer token")))'}}}
      ---
      {kind: Sink, id: basic, \(webhook), url: '\(base)/b', auth: {type: basic, username: u, password: '\(try file("basic", planted.plant("basic password")))'}}}
      ---
      {kind: Sink, id: oauth, \(webhook), url: '\(base)/c', auth: {type: oauth2, token_url: '\(base)/token', client_id: c, client_secret: '\(try file("client", planted.plant("client secret")))'}}}
      ---
      {kind: Sink, id: path, \(webhook), url: '\(try file("url", "\(base)/\(path)"))'}}
      ---
      {kind: Sink, id: mail, plugin: email, addressKind: email, configuration: {host: 127.0.0.1, port: \(echo.smtpPort), tls: none, username: u, password: '\(try file("smtp", planted.plant("smtp password")))', from: a@example.org}}
      ---
      {kind: Sink, id: missing, \(webhook), url: '\(base)/d', auth: {type: bearer, token: 'file:\(home.folder.path)/not-there'}}}
      """
  }

  /// Uses everything, lets it fail, and asks for all there is to see.
  fileprivate static func play(
    _ home: AgentHome, _ agent: AgentRun, _ echo: EchoServers, _ sinks: String, _ planted: PlantedSecrets
  ) async throws -> [(place: String, text: String)] {
    var answers: [(place: String, text: String)] = []
    func ctl(_ arguments: [String], input: String = "") async throws {
      let answer = try await home.ctl(arguments, input: input)
      answers.append(("ctl \(arguments.joined(separator: " "))", answer.output + answer.errors))
    }
    try await ctl(["apply", "-f", "-"], input: sinks)
    try await ctl(["user", "create", "ada", "--given", "Ada", "--email", "ada@example.org", "--zone", "UTC"])
    for sink in ["bearer", "basic", "oauth", "path", "mail", "missing"] {
      try await ctl(["subscription", "create", "all-\(sink)", "--type", "*", "--sink", sink])
    }
    try await ctl(["event", "notify", "--user", "ada", "--title", "Hello", "--text", "Hello"])
    for name in ["bearer token", "basic password", "client secret", "smtp password", "path of a URL"] {
      try await eventually("the \(name) was used", within: .seconds(60)) {
        planted.found(in: echo.received).contains(name)
      }
    }
    try await useToken(home, &answers)
    try await reload(home, agent, &answers)
    for sink in ["bearer", "mail", "missing"] { try await ctl(["sink", "test", sink]) }
    for noun in ["sink", "subscription", "plugin", "event", "dead-letter", "queue", "agent", "user"] {
      for form in ["wide", "json", "yaml"] { try await ctl([noun, "list", "-o", form]) }
    }
    for sink in ["bearer", "path", "mail"] { try await ctl(["sink", "get", sink, "-o", "json"]) }
    let events = try await agent.control { try await $0.events.listEvents(.with { $0.parent = Control.namespace }) }
    for event in events.events { try await ctl(["event", "explain", event.name, "-o", "json"]) }
    // Of people the audit keeps hashes alone.
    for form in ["wide", "json"] {
      let audit = try await home.ctl(["audit", "list", "--limit", "500", "-o", form])
      #expect(audit.exitCode == 0 && audit.output.contains("user.put"), "\(audit.errors)")
      #expect(!audit.output.contains("Ada") && !audit.output.contains("ada@example.org"), "\(audit.output)")
      answers.append(("the audit", audit.output + audit.errors))
    }
    try await ctl(["doctor", "-o", "json"])
    try await ctl(["user", "export", "ada", "-o", "json"])
    for path in ["/metrics", "/readyz", "/livez"] {
      answers.append((path, await LoopbackHTTP.get(path, port: home.opsPort)?.body ?? ""))
    }
    let shown = try await Tool.run(home.programs.agent, ["print-config", "--config", home.configurationFile])
    answers.append(("print-config", shown.output + shown.errors))
    return answers
  }

  /// Where `ctl` writes the token that it makes.
  private static func tokenFile(_ home: AgentHome) -> String { "\(home.folder.path)/probe.token" }

  fileprivate static func token(_ home: AgentHome) throws -> String {
    try String(contentsOfFile: tokenFile(home), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A token that is made, taken, refused for what it may not do, and revoked.
  private static func useToken(_ home: AgentHome, _ answers: inout [(place: String, text: String)]) async throws {
    let address = try #require(home.folder.read("agent.yaml").firstMatch(of: /tls: (127[^\n]+)/)?.1)
    let way = ["--server", String(address), "--authority", "\(home.folder.path)/init/tls/authority.crt"]
    let mine = way + ["--token", "file:\(tokenFile(home))"]
    let steps: [(arguments: [String], status: Int32)] = [
      (["token", "create", "probe", "--role", "viewer", "--to", tokenFile(home)], 0), (["whoami"] + mine, 0),
      (["queue", "pause", "low"] + mine, 4), (["token", "list", "-o", "json"], 0),
      (["token", "get", "probe", "-o", "yaml"], 0), (["token", "revoke", "probe"], 0), (["whoami"] + mine, 4),
    ]
    for step in steps {
      let answer = try await home.ctl(step.arguments)
      #expect(answer.exitCode == step.status, "\(step.arguments): \(answer.errors)")
      answers.append(("ctl \(step.arguments.prefix(2).joined(separator: " "))", answer.output + answer.errors))
    }
  }

  /// A reload that is refused, and one that is taken.
  private static func reload(
    _ home: AgentHome, _ agent: AgentRun, _ answers: inout [(place: String, text: String)]
  ) async throws {
    let good = home.folder.read("agent.yaml")
    let key = try String(contentsOfFile: "\(home.folder.path)/init/tls/server.key", encoding: .utf8)
    try home.folder.write(
      good + "tls_key: |\n" + key.split(separator: "\n").map { "  \($0)\n" }.joined(), to: "agent.yaml")
    try signal(agent, SIGHUP)
    try await eventually("the bad reload is told", within: .seconds(10)) { home.log.contains("was not reloaded") }
    try home.folder.write(good.replacing("format: logfmt", with: "format: json\n  level: trace"), to: "agent.yaml")
    try signal(agent, SIGHUP)
    try await eventually("the good reload is told", within: .seconds(10)) {
      home.log.contains("configuration reloaded")
    }
  }

  fileprivate static func signal(_ agent: AgentRun, _ number: Int32) throws {
    try #require(kill(agent.processID, number) == 0)
  }

  /// A file that may hold anything.
  fileprivate static func bytes(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }
}
