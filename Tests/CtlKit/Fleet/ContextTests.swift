import ArgumentParser
import Foundation
import Testing
import X509

@testable import CtlKit

@Suite("Contexts")
struct ContextTests {
  /// A world with a home of its own.
  private func withHome(_ body: (CtlRunner, URL) async throws -> Void) async throws {
    let home = FileManager.default.temporaryDirectory.appending(path: "ctl-home-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: home) }
    var ctl = CtlRunner()
    ctl.environment["HOME"] = home.path
    try await body(ctl, home)
  }

  private func file(_ home: URL) -> URL { home.appending(path: ".config/carillon/contexts.yaml") }

  @Test("a context is made, changed, used, shown and deleted; the first is in use at once")
  func life() async throws {
    try await withHome { ctl, home in
      let made = try await ctl("context", "set", "prod", "--agent", "north=n.example:7443", "--agent", "south=unix:/s")
      #expect(made.output == "context prod created\n", "\(made.errors)")
      #expect(try await ctl("context", "set", "test", "--agent", "only=127.0.0.1:7443").status == 0)
      let changed = try await ctl("context", "set", "prod", "--namespace", "family", "--token", "file:/t")
      #expect(changed.output == "context prod updated\n")
      let json = try JSONValue(parsing: try await ctl("context", "get", "-o", "json").output.utf8)
      #expect(json["name"]?.text == "prod")
      #expect(json["token"]?.text == "file:/t")
      #expect(try await ctl("context", "use", "test").status == 0)
      #expect(try await ctl("context", "list").lines.dropFirst().first?.hasPrefix(" ") == true)
      #expect(try await ctl("context", "list", "-o", "name").lines == ["prod", "test"])
      #expect(try await ctl("context", "delete", "test").status == 0)
      #expect(try await ctl("context", "get").status == 5)
      let attributes = try FileManager.default.attributesOfItem(atPath: file(home).path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: file(home).deletingLastPathComponent().path).count == 1)
    }
  }

  @Test("a context that is not there is told with the nearest name, and exits with 5")
  func unknown() async throws {
    try await withHome { ctl, _ in
      _ = try await ctl("context", "set", "production", "--agent", "a=unix:/s")
      let result = try await ctl("context", "use", "prodction")
      #expect(result.status == 5)
      #expect(result.errors.contains("did you mean \"production\"?"))
      #expect(try await ctl("user", "list", "--context", "nothing").status == 5)
    }
  }

  @Test(
    "a file with a fault is refused by line, and nothing is changed",
    arguments: [
      ("contexts:\n- name: a\n  agent: [{name: x, address: unix:/s}]\n", "did you mean \"agents\"?"),
      ("contexts:\n- name: a\n  agents: [{name: x, adress: unix:/s}]\n", "did you mean \"address\"?"),
      ("curent: a\ncontexts: []\n", "did you mean \"current\"?"), ("current: b\ncontexts: []\n", "there is no context"),
      ("contexts:\n- name: a\n  agents: []\n", "at least one"),
      ("contexts:\n- name: a\n  agents: [{name: x, address: nowhere}]\n", "is no address"),
      ("contexts:\n- name: a\n  token: cart_x_secret\n  agents: [{name: x, address: unix:/s}]\n", "not what it is"),
      (
        "contexts:\n- {name: a, agents: [{name: x, address: /s}]}\n- {name: a, agents: [{name: x, address: /s}]}\n",
        "two"
      ),
      ("contexts: yes\n", "must be a list"), ("[", "not valid YAML"),
    ])
  func faults(text: String, message: String) async throws {
    try await withHome { ctl, home in
      try FileManager.default.createDirectory(
        at: file(home).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file(home))
      let result = try await ctl("context", "set", "b", "--agent", "x=unix:/s")
      #expect(result.status == 64)
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(!result.errors.contains("cart_x_secret"))
      #expect(try String(contentsOf: file(home), encoding: .utf8) == text)
    }
  }

  @Test("a context is imported with its files, and not over one that is there")
  func importing() async throws {
    try await withHome { ctl, home in
      let source = home.appending(path: "given")
      try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
      for name in ["ca.pem", "admin.pem", "admin.key"] {
        try Data("content of \(name)".utf8).write(to: source.appending(path: name))
      }
      let text = """
        contexts:
        - name: local
          agents: [{name: here, address: "127.0.0.1:7443"}]
          authority: ca.pem
          certificate: admin.pem
          key: admin.key
          server_name: agent.example.org
        """
      let given = source.appending(path: "contexts.yaml")
      try Data(text.utf8).write(to: given)
      #expect(try await ctl("context", "import", given.path, "--copy").output == "context local imported\n")
      try FileManager.default.removeItem(at: source.appending(path: "admin.key"))
      let json = try JSONValue(parsing: try await ctl("context", "get", "local", "-o", "json").output.utf8)
      let key = try #require(json["key"]?.text)
      #expect(key.hasPrefix(home.path + "/.config/carillon/local/"))
      #expect(try String(contentsOfFile: key, encoding: .utf8) == "content of admin.key")
      #expect(json["serverName"]?.text == "agent.example.org")
      #expect(try await ctl("context", "import", given.path).status == 6)
      #expect(try await ctl("context", "import", given.path, "--replace").status == 0)
    }
  }

  @Test("a bundle with certificates and key in it becomes files that only the owner can read")
  func bundle() async throws {
    try await withHome { ctl, home in
      let text = """
        contexts:
        - name: first
          agents: [{name: first, address: "127.0.0.1:7443"}]
          authority: |
            -----BEGIN CERTIFICATE-----
            AAAA
            -----END CERTIFICATE-----
          key: |
            -----BEGIN PRIVATE KEY-----
            BBBB
            -----END PRIVATE KEY-----
        """
      let imported = try await ctl("context", "import", "-", "--use", input: text)
      #expect(imported.status == 0, "\(imported.errors)")
      let json = try JSONValue(parsing: try await ctl("context", "get", "-o", "json").output.utf8)
      let key = try #require(json["key"]?.text)
      #expect(try String(contentsOfFile: key, encoding: .utf8).contains("BBBB"))
      #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o600)
      try Data(text.utf8).write(to: file(home))
      let refused = try await ctl("context", "list")
      #expect(refused.status == 64)
      #expect(!refused.errors.contains("BBBB"))
    }
  }

  @Test("flags come before the environment, and the environment before the context")
  func precedence() throws {
    let context = ConnectionContext(
      name: "prod", agents: [.init(name: "north", address: .tcp(host: "n", port: 1))], authority: "/ca",
      serverName: "s",
      namespace: "family")
    let list = ContextList(current: "prod", contexts: [context])
    func find(_ flags: [String], _ environment: [String: String]) throws -> Connection {
      try ConnectionFinder(options: .parse(flags), environment: environment, contexts: list).connection()
    }
    let plain = try find([], [:])
    #expect(plain.endpoints.map(\.address.text) == ["n:1"])
    #expect(plain.credentials.authority == "/ca")
    #expect(plain.namespace == "family")
    let environment = ["CARILLON_SOCKET": "/e", "CARILLON_NAMESPACE": "e", "CARILLON_AUTHORITY": "/e.pem"]
    let variables = try find([], environment)
    #expect(variables.endpoints.map(\.address.text) == ["unix:/e"])
    #expect(variables.namespace == "e")
    #expect(variables.credentials.authority == "/e.pem")
    let flags = try find(["--server", "f:2", "--authority", "/f.pem", "--namespace", "f"], environment)
    #expect(flags.endpoints.map(\.address.text) == ["f:2"])
    #expect(flags.namespace == "f")
    #expect(flags.credentials.authority == "/f.pem")
    #expect(try find(["--context", "prod"], environment).endpoints.map(\.name) == ["north"])
    #expect(try find([], ["CARILLON_CONTEXT": "prod"]).context == "prod")
    #expect(throws: CtlError.self) { try find(["--agent", "nrth"], [:]) }
  }

  @Test(
    "addresses are read, and what is none is refused",
    arguments: [
      ("unix:/run/a.sock", "unix:/run/a.sock"), ("/run/a.sock", "unix:/run/a.sock"),
      ("h.example:7443", "h.example:7443"),
      ("[::1]:7443", "[::1]:7443"), ("::1:7443", nil), ("h", nil), ("h:0", nil), ("h:65536", nil), (":7443", nil),
      ("h /x:1", nil), ("unix:", nil), ("[h]:1", nil), ("", nil),
    ])
  func addresses(text: String, expected: String?) {
    #expect((try? AgentAddress(text, field: "a"))?.text == expected)
  }

  @Test("renewing replaces certificate and key by ones that fit each other")
  func renewing() async throws {
    let authority = try TestAuthority("Test CA")
    let old = try authority.issue("ada", names: [.dnsName("ada.example.org")], seconds: 86_400 * 5)
    let oldKey = try String(contentsOfFile: old.key, encoding: .utf8)
    try await FakeAgent.serve(tls: authority.security(names: [.loopback])) { agent, port in
      agent.with { $0.authority = authority }
      let ctl = CtlRunner(clock: .machine)
      let flags = [
        "--server", "127.0.0.1:\(port)", "--authority", authority.path, "--client-certificate", old.certificate,
        "--client-key",
        old.key,
      ]
      let early = try await ctl.run(["context", "renew", "--if-within", "2d"] + flags)
      #expect(early.output.contains("unchanged"), "\(early.errors)")
      #expect(try String(contentsOfFile: old.key, encoding: .utf8) == oldKey)
      let renewed = try await ctl.run(["context", "renew", "--if-within", "30d"] + flags)
      #expect(renewed.status == 0, "\(renewed.errors)")
      #expect(try String(contentsOfFile: old.key, encoding: .utf8) != oldKey)
      let after = try await ctl.run(["whoami"] + flags)
      #expect(after.status == 0, "\(after.errors)")
      agent.with { $0.authority = nil }
      let refused = try await ctl.run(["context", "renew"] + flags)
      #expect(refused.status == 6)
      #expect(try await ctl.run(["whoami"] + flags).status == 0)
    }
  }
}
