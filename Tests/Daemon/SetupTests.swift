import Certificates
import EventModel
import Foundation
import Testing

@testable import Daemon

@Suite("agent init")
struct SetupTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  private static func plan(_ folder: Folder, admin: String = "anna", tls: Bool = true) -> Installation {
    Installation(
      directory: "\(folder.path)/home", name: "one", admin: admin,
      hosts: [.dns("carillon.example.org"), .address([127, 0, 0, 1])],
      tls: tls ? ListenAddress(host: "0.0.0.0", port: 7443) : nil, reachedAt: "carillon.example.org")
  }

  /// Runs it, and answers what became of each file.
  @discardableResult
  private static func install(_ plan: Installation, now: Timestamp = now) throws -> [String: Installer.Effect] {
    var effects: [String: Installer.Effect] = [:]
    try Installer(plan: plan, now: now, owner: nil) { effects[String($0.dropFirst(plan.directory.count + 1))] = $1 }
      .install()
    return effects
  }

  @Test func everythingIsMadeWithItsMode() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder)
      let effects = try Self.install(plan)
      let modes = [
        "agent.yaml": 0o600, "context-anna.yaml": 0o600, "tls/authority.crt": 0o644, "tls/authority.key": 0o600,
        "tls/server.crt": 0o644, "tls/server.key": 0o600, "tls/admin-anna.crt": 0o644, "tls/admin-anna.key": 0o600,
      ]
      #expect(effects == modes.mapValues { _ in .made })
      for (name, mode) in modes { #expect(try folder.mode("home/\(name)") == mode, "\(name)") }
      #expect(try folder.mode("home/tls") == 0o700)
      // Nothing is left lying about.
      #expect(folder.names().count == modes.count + 2)
    }
  }

  @Test func theAgentTakesWhatItMade() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder)
      try Self.install(plan)
      let configuration = try ConfigurationLoader(file: plan.configuration, flags: []).load()
      #expect(configuration.agentName == "one")
      #expect(configuration.tls.listen == plan.tls)
      #expect(configuration.admins == ["spiffe://carillon/admin/anna"])
      #expect(configuration.socketPath == "\(plan.directory)/agent.sock")
      let reading = configuration.tls.read(now: Self.now)
      #expect(reading.faults.isEmpty && reading.material?.authorityKey != nil)
      let server = try CertificateChain(pem: try folder.read("home/tls/server.crt"))
      #expect(server.names == plan.hosts + [.spiffe("spiffe://carillon/agent/one")])
      let admin = try CertificateChain(pem: try folder.read("home/tls/admin-anna.crt"))
      #expect(admin.names == [.spiffe("spiffe://carillon/admin/anna")])
      #expect(admin.expires == Self.now + Installer.certificateLifetime)
    }
  }

  @Test func runningItAgainChangesNothing() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder)
      try Self.install(plan)
      let before = try folder.names().filter { $0.contains(".") }.map { try folder.read($0) }
      let effects = try Self.install(plan, now: Self.now + .hours(24))
      #expect(effects.values.allSatisfy { $0 == .kept } && effects.count == 8)
      #expect(try folder.names().filter { $0.contains(".") }.map { try folder.read($0) } == before)
    }
  }

  @Test func whatIsMissingIsMadeToFitWhatIsThere() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder)
      try Self.install(plan)
      for name in ["server.crt", "admin-anna.crt", "admin-anna.key"] {
        try FileManager.default.removeItem(atPath: "\(plan.keys)/\(name)")
      }
      let effects = try Self.install(plan)
      #expect(
        effects.filter { $0.value == .made }.keys.sorted() == [
          "tls/admin-anna.crt", "tls/admin-anna.key", "tls/server.crt",
        ])
      let configuration = try ConfigurationLoader(file: plan.configuration, flags: []).load()
      #expect(configuration.tls.read(now: Self.now).faults.isEmpty)
    }
  }

  @Test func aLostKeyIsToldAndNothingIsMadeInItsPlace() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder)
      try Self.install(plan)
      try FileManager.default.removeItem(atPath: plan.authority.key)
      let error = #expect(throws: SetupError.self) { try Self.install(plan) }
      #expect(error?.description.contains(plan.authority.key) == true)
      #expect(!FileManager.default.fileExists(atPath: plan.authority.key))
    }
  }

  @Test func anotherAdministratorGetsACertificateOfTheSameAuthority() async throws {
    try await Folder.with { folder in
      try Self.install(Self.plan(folder))
      let effects = try Self.install(Self.plan(folder, admin: "bob"))
      #expect(effects["tls/admin-bob.crt"] == .made && effects["context-bob.yaml"] == .made)
      #expect(effects["tls/authority.key"] == .kept && effects["agent.yaml"] == .kept)
    }
  }

  @Test func renewingKeepsTheKeysAndRewritesTheBundle() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder)
      try Self.install(plan)
      let (key, bundle) = (try folder.read("home/tls/server.key"), try folder.read("home/context-anna.yaml"))
      let later = Self.now + .hours(24 * 300)
      // Nobody says again where the agent is reached.
      let bare = Self.plan(folder, tls: false)
      try Installer(plan: bare, now: later, owner: nil) { _, effect in #expect(effect == .renewed) }
        .renew(hosts: false)
      #expect(try folder.read("home/tls/server.key") == key)
      #expect(try folder.mode("home/tls/server.crt") == 0o644)
      let server = try CertificateChain(pem: try folder.read("home/tls/server.crt"))
      #expect(server.expires == later + Installer.certificateLifetime)
      #expect(server.names == plan.hosts + [.spiffe("spiffe://carillon/agent/one")])
      #expect(try folder.read("home/context-anna.yaml") != bundle)
      #expect(try folder.read("home/context-anna.yaml").contains("carillon.example.org:7443"))
      let configuration = try ConfigurationLoader(file: plan.configuration, flags: []).load()
      #expect(configuration.tls.read(now: later).faults.isEmpty)
    }
  }

  @Test func withoutAListenerThereIsNoBundle() async throws {
    try await Folder.with { folder in
      let plan = Self.plan(folder, tls: false)
      let effects = try Self.install(plan)
      #expect(effects["context-anna.yaml"] == nil)
      #expect(try ConfigurationLoader(file: plan.configuration, flags: []).load().tls.listen == nil)
    }
  }

  @Test func aFileIsMadeOnceHoweverManyMakeIt() async throws {
    try await Folder.with { folder in
      let made = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<20 {
          group.addTask { (try? PrivateFiles.make("\(folder.path)/a", "\(number)\n", mode: 0o600)) ?? false }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(made == 1)
      #expect(folder.names() == ["a"])
    }
  }

  @Test func aContextIsAddedToThoseThatAreThere() async throws {
    try await Folder.with { folder in
      let contexts = try #require(CallersContexts { $0 == "XDG_CONFIG_HOME" ? folder.path : nil })
      #expect(try contexts.add("one", socket: "/run/a.sock"))
      let first = try folder.read("carillon/contexts.yaml")
      #expect(first.contains("current: one") && first.contains("unix:/run/a.sock"))
      #expect(try folder.mode("carillon/contexts.yaml") == 0o600)
      #expect(try contexts.add("two", socket: "/run/b.sock"))
      let second = try folder.read("carillon/contexts.yaml")
      #expect(
        second.contains("current: one") && second.contains("unix:/run/a.sock") && second.contains("unix:/run/b.sock"))
      #expect(try !contexts.add("two", socket: "/elsewhere"))
      #expect(try folder.read("carillon/contexts.yaml") == second)
    }
  }

  @Test func aFileOfContextsThatCannotBeReadIsLeftAlone() async throws {
    try await Folder.with { folder in
      try FileManager.default.createDirectory(atPath: "\(folder.path)/carillon", withIntermediateDirectories: false)
      try folder.write("a: [", to: "carillon/contexts.yaml")
      let contexts = try #require(CallersContexts { $0 == "XDG_CONFIG_HOME" ? folder.path : nil })
      #expect(throws: FileError.self) { try contexts.add("one", socket: "/run/a.sock") }
      #expect(try folder.read("carillon/contexts.yaml") == "a: [")
    }
  }
}
