import ControlAPI
import Foundation
import GRPCCore
import GRPCProtobuf
import Testing
import X509

@testable import CtlKit

@Suite("TLS")
struct TLSTests {
  private func flags(_ port: Int, _ authority: String) -> [String] {
    ["--server", "127.0.0.1:\(port)", "--authority", authority, "--timeout", "10s"]
  }

  @Test("with a certificate of the authority a command does its work")
  func mutual() async throws {
    let authority = try TestAuthority("Test CA")
    let own = try authority.issue("ada", names: [.dnsName("ada.example.org")])
    try await FakeAgent.serve(tls: authority.security(names: [.loopback])) { agent, port in
      agent.with { $0.caller.identity = "dns:ada.example.org" }
      let result = try await CtlRunner().run(
        ["whoami", "--client-certificate", own.certificate, "--client-key", own.key] + flags(port, authority.path))
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("dns:ada.example.org"))
    }
  }

  @Test("a server that is not whom one trusts is told apart: authority, time, name")
  func servers() async throws {
    let (authority, other) = (try TestAuthority("Test CA"), try TestAuthority("Other CA"))
    let cases: [(TestAuthority, [GeneralName], TimeInterval, String)] = [
      (other, [.loopback], 86_400, "from an authority that is not trusted here: CN=Other CA"),
      (authority, [.loopback], -60, "ran out at"),
      (authority, [.dnsName("north.example.org")], 86_400, "is not for 127.0.0.1, but for north.example.org"),
    ]
    for (issuer, names, seconds, message) in cases {
      let security = try issuer.security(names: names, seconds: seconds, asksForCertificate: false)
      try await FakeAgent.serve(tls: security) { agent, port in
        let result = try await CtlRunner(clock: .machine).run(["whoami"] + flags(port, authority.path))
        #expect(result.status == 3)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.contains("next: "))
        #expect(agent.requests(Carillon_V1_GetCallerRequest.self).isEmpty)
      }
    }
  }

  @Test("the name that a context asks for is the one that counts")
  func serverName() async throws {
    let authority = try TestAuthority("Test CA")
    let security = try authority.security(names: [.dnsName("agents.example.org")], asksForCertificate: false)
    try await FakeAgent.serve(tls: security) { _, port in
      let result = try await CtlRunner().run(
        ["whoami", "--server-name", "agents.example.org"] + flags(port, authority.path))
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test("who is not let in is told what is wrong with the own certificate, and exits with 4")
  func clients() async throws {
    let (authority, other) = (try TestAuthority("Test CA"), try TestAuthority("Other CA"))
    let foreign = try other.issue("eve", names: [.dnsName("eve.example.org")])
    let old = try authority.issue("old", names: [.dnsName("old.example.org")], seconds: -60)
    let cases: [([String], String)] = [
      ([], "ask for a client certificate"),
      (["--client-certificate", foreign.certificate, "--client-key", foreign.key], "does not take your certificate"),
      (["--client-certificate", old.certificate, "--client-key", old.key], "ran out at"),
    ]
    try await FakeAgent.serve(tls: authority.security(names: [.loopback])) { agent, port in
      for (credentials, message) in cases {
        let result = try await CtlRunner(clock: .machine).run(["whoami"] + credentials + flags(port, authority.path))
        #expect(result.status == 4, "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
      }
      #expect(agent.requests(Carillon_V1_GetCallerRequest.self).isEmpty)
    }
  }

  @Test("a token goes with every call over TLS, from a file, a variable, or the environment")
  func tokens() async throws {
    let authority = try TestAuthority("Test CA")
    let file = authority.folder.appending(path: "token")
    try Data("cart_a_fromfile\n".utf8).write(to: file)
    let security = try authority.security(names: [.loopback], asksForCertificate: false)
    try await FakeAgent.serve(tls: security) { agent, port in
      var ctl = CtlRunner()
      ctl.environment["MY_TOKEN"] = "cart_a_fromvariable"
      _ = try await ctl.run(["whoami", "--token", "file:\(file.path)"] + flags(port, authority.path))
      _ = try await ctl.run(["whoami", "--token", "env:MY_TOKEN"] + flags(port, authority.path))
      ctl.environment["CARILLON_TOKEN"] = "cart_a_fromenvironment"
      _ = try await ctl.run(["user", "list"] + flags(port, authority.path))
      #expect(
        agent.with { $0.credentials } == [
          "Bearer cart_a_fromfile", "Bearer cart_a_fromvariable", "Bearer cart_a_fromenvironment",
        ])
    }
  }

  @Test("a token on the command line is refused, and not repeated")
  func tokenOnCommandLine() async throws {
    let result = try await CtlRunner().run(["whoami", "--token", "cart_a_verysecret"])
    #expect(result.status == 64)
    #expect(!result.errors.contains("verysecret"))
  }

  @Test(
    "what leaves the machine is encrypted, whatever a context says",
    arguments: [
      ("127.0.0.1:1", false), ("[::1]:1", false), ("localhost:1", false), ("unix:/x", false), ("10.0.0.1:1", true),
      ("127.example.org:1", true), ("north.example.org:1", true), ("[2001:db8::1]:1", true),
    ])
  func encrypted(address: String, isTLS: Bool) throws {
    #expect(Credentials().usesTLS(try AgentAddress(address, field: "a")) == isTLS)
  }

  @Test("a key without its certificate, and files that are not there, are told by name")
  func files() async throws {
    let alone = try await CtlRunner().run(["whoami", "--server", "127.0.0.1:1", "--client-key", "/nowhere/key"])
    #expect(alone.status == 64)
    #expect(alone.errors.contains("certificate"))
    let missing = try await CtlRunner().run(["whoami", "--server", "h.example:1", "--authority", "/nowhere/ca.pem"])
    #expect(missing.status == 64)
    #expect(missing.errors.contains("/nowhere/ca.pem"))
  }

  @Test("a port that nobody listens on is unreachable, at once")
  func deadPort() async throws {
    // A process of its own: this one may be too busy to look at the clock in time.
    let program = CtlProcess(["user", "list", "--server", "127.0.0.1:1"], socket: "/nowhere")
    #expect(try await program.firstOutput().isEmpty)
    #expect(await program.end() == 3)
    #expect(program.errors.contains("127.0.0.1:1"), "\(program.errors)")
    #expect(program.elapsed < .seconds(8))
  }
}
