import EventModel
import PluginHost
import Testing

@testable import Daemon

private func configuration(
  _ yaml: String, environment: [String: String] = [:], secrets: [String: String] = [:]
) throws(ConfigurationError) -> Configuration {
  try Configuration(
    file: ("agent.yaml", yaml), environment: environment, flags: [], programFolder: "/opt/c/bin", hostName: "host",
    secrets: SecretResolver(environment: { secrets[$0] }))
}

private let tls = """
  listen:
    tls: 0.0.0.0:7443
  tls:
    certificate: /etc/carillon/tls/server.crt
    key: /etc/carillon/tls/server.key
    client_authority: /etc/carillon/tls/authority.crt

  """

@Suite("Configuration of access and secrets")
struct AccessConfigurationTests {
  @Test func aListenerHasItsFilesAndItsAdmins() throws {
    let read = try configuration(
      tls
        + "  authority_key: file:/keys/authority.key\naccess:\n  admins: [spiffe://carillon/admin/anna, dns:b.example]\n"
    )
    #expect(read.tls.listen == ListenAddress(host: "0.0.0.0", port: 7443))
    #expect(read.tls.key == "/etc/carillon/tls/server.key")
    #expect(read.tls.authorityKey == "/keys/authority.key")
    #expect(read.admins == ["spiffe://carillon/admin/anna", "dns:b.example"])
  }

  @Test func withoutAnythingThereIsNoListener() throws {
    let read = try configuration("log:\n  level: info\n")
    #expect(read.tls == TLSSetting())
    #expect(read.admins.isEmpty)
  }

  @Test func aCredentialIsAFileThatSystemdHandsOver() throws {
    let read = try configuration(
      tls.replacing("/etc/carillon/tls/server.key", with: "credential:server.key"),
      secrets: ["CREDENTIALS_DIRECTORY": "/run/credentials/agent"])
    #expect(read.tls.key == "/run/credentials/agent/server.key")
  }

  @Test(arguments: [
    ("listen:\n  tls: 0.0.0.0:7443\n", "tls.certificate must be given with listen.tls"),
    ("listen:\n  tls: nowhere\n", "listen.tls must be an address and a port"),
    ("listen:\n  tls: \"::1:7443\"\n", "listen.tls must be an address and a port"),
    ("listen:\n  tls: 0.0.0.0:70000\n", "listen.tls must be an address and a port"),
    ("listen:\n  tsl: 0.0.0.0:7443\n", "unknown key listen.tsl; did you mean listen.tls?"),
    ("tls:\n  certifcate: /a\n", "did you mean tls.certificate?"),
    ("tls:\n  certificate: a.crt\n", "tls.certificate must be an absolute path"),
    ("tls:\n  key: env:KEY\n", "tls.key must be an absolute path"),
    ("tls:\n  key: credential:server.key\n", "tls.key must be an absolute path, or credential:NAME"),
    ("tls:\n  authority_key: /a.key\n", "tls.client_authority must be given with tls.authority_key"),
    ("access:\n  admins: spiffe://a/b\n", "access.admins must be a list of values"),
    ("access:\n  admins: [anna]\n", "access.admins must be identities such as spiffe://"),
    ("access:\n  admins: [\"unix:0\"]\n", "access.admins must be identities such as spiffe://"),
    ("store:\n  kind: postgresql\n  url: file:relative\n", "store.url cannot be had"),
    ("store:\n  kind: postgresql\n  url: env:MISSING\n", "the environment variable MISSING is not set"),
    ("store:\n  kind: postgresql\n  url: file:/nowhere/at/all\n", "/nowhere/at/all"),
    ("store:\n  kind: postgresql\n  url: env:EMPTY\n", "store.url is empty"),
  ])
  func faultsNameTheKeyAndWhatIsAllowed(yaml: String, expected: String) {
    let error = #expect(throws: ConfigurationError.self) { try configuration(yaml, secrets: ["EMPTY": ""]) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func aSecretIsTakenByReferenceAndOnlyTheReferenceIsShown() throws {
    let read = try configuration(
      "store:\n  kind: postgresql\n  url: env:DATABASE\n",
      secrets: ["DATABASE": "postgresql://carillon:hunter2@db/carillon"])
    guard case .postgresql(let setting) = read.store else {
      Issue.record("no PostgreSQL")
      return
    }
    #expect(setting.url == "postgresql://carillon:hunter2@db/carillon")
    let entry = try #require(read.entries.first { $0.path == "store.url" })
    #expect(entry.value == "env:DATABASE")
    #expect(!"\(read.entries)".contains("hunter2"))
    #expect(read.warnings.isEmpty)
  }

  @Test(arguments: [
    ("postgresql://c:hunter2@db/c", true), ("host=db password = hunter2", true), ("postgresql://db/c?password=x", true),
    ("postgresql://c@db/c", false), ("postgresql://db:5432/c?user=a", false), ("host=db passfile=/a", false),
  ])
  func aPasswordInTheFileIsWarnedOfAndNotShown(url: String, isWarned: Bool) throws {
    let read = try configuration("store:\n  kind: postgresql\n  url: \"\(url)\"\n")
    #expect(read.warnings.contains { $0.contains("store.url holds a password") } == isWarned)
    #expect(read.entries.first { $0.path == "store.url" }?.value == "(not shown)")
    #expect(!"\(read.warnings)".contains("hunter2"))
  }

  @Test(arguments: [(0o644, 1), (0o640, 0), (0o600, 0)])
  func aSecretThatEverybodyCanReadIsWarnedOfAndTaken(mode: Int, warnings: Int) async throws {
    try await Folder.with { folder in
      let secret = try folder.write("postgresql://db/c\n", to: "url", mode: mode)
      let file = try folder.write("store:\n  kind: postgresql\n  url: file:\(secret)\n", to: "agent.yaml")
      let read = try ConfigurationLoader(file: file, flags: []).load()
      #expect(read.warnings.count { $0.contains(secret) } == warnings)
      guard case .postgresql(let setting) = read.store else {
        Issue.record("no PostgreSQL")
        return
      }
      #expect(setting.url == "postgresql://db/c")
    }
  }

  @Test func whatIsNoYAMLIsToldWithoutTheLine() {
    let error = #expect(throws: ConfigurationError.self) {
      try configuration("store:\n  url: \"postgresql://c:hunter2@db/c\n")
    }
    #expect(error?.description.contains("agent.yaml:") == true)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func aKeyInThePlaceOfItsPathIsNotShown() {
    let error = #expect(throws: ConfigurationError.self) {
      try configuration("tls:\n  key: |\n    -----BEGIN PRIVATE KEY-----\n    hunter2\n")
    }
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test(arguments: [
    "log.level", "log.format", "drain.timeout", "retention.history", "tls.certificate", "access.admins",
  ])
  func someSettingsAreLive(path: String) throws {
    #expect(try configuration("{}").entries.first { $0.path == path }?.isLive == true)
  }

  @Test(arguments: ["store.url", "listen.tls", "agent.name", "listen.socket", "plugins.folders"])
  func othersTakeARestart(path: String) throws {
    #expect(try configuration("{}").entries.first { $0.path == path }?.isLive == false)
  }
}
