import Certificates
import EventModel
import Testing

@testable import Daemon

@Suite("Files of TLS")
struct TLSFilesTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  /// A folder with an authority, a server's certificate and its key, all good.
  private static func withFiles(_ body: (Folder, TLSSetting) throws -> Void) async throws {
    try await Folder.with { folder in
      let (authorityKey, key) = (PrivateKey(), PrivateKey())
      let authority = try Authority(named: "test", key: authorityKey, now: now)
      let issued = try authority.issue(
        to: key, names: [.dns("a.example")], purpose: .server, lifetime: .hours(24), now: now)
      let setting = TLSSetting(
        listen: ListenAddress(host: "0.0.0.0", port: 7443),
        certificate: try folder.write(issued.pem, to: "server.crt", mode: 0o644),
        key: try folder.write(try key.pem(), to: "server.key"),
        clientAuthority: try folder.write(try authority.pem(), to: "authority.crt", mode: 0o644),
        authorityKey: try folder.write(try authorityKey.pem(), to: "authority.key", mode: 0o640))
      try body(folder, setting)
    }
  }

  @Test func goodFilesHaveNoFault() async throws {
    try await Self.withFiles { _, setting in
      #expect(setting.read(now: Self.now).faults.isEmpty)
      #expect(setting.read(now: Self.now).material != nil)
    }
  }

  @Test(arguments: [
    ("server.key", 0o644, "tls.key"), ("server.key", 0o604, "tls.key"), ("authority.key", 0o602, "tls.authority_key"),
  ])
  func aKeyThatIsOpenToEverybodyIsRefused(file: String, mode: Int, setting: String) async throws {
    try await Self.withFiles { folder, tls in
      try folder.write(try folder.read(file), to: file, mode: mode)
      let fault = try #require(tls.read(now: Self.now).faults.first)
      #expect(fault.setting == setting && !fault.isAboutTime)
      #expect(fault.description.contains("every user of this machine"))
    }
  }

  @Test func aFaultNamesTheSettingAndTheFile() async throws {
    try await Self.withFiles { folder, tls in
      try folder.write(try PrivateKey().pem(), to: "server.key")
      #expect(
        tls.read(now: Self.now).faults.map(\.description) == [
          "tls.key: \(folder.path)/server.key does not fit the certificate"
        ])
    }
  }

  @Test(arguments: ["", "/nowhere", "/dev/null", "/"])
  func whatCannotBeReadIsToldByItsName(path: String) async throws {
    try await Self.withFiles { folder, tls in
      var tls = tls
      tls.certificate = path.isEmpty ? try folder.write(String(repeating: "a", count: 300_000), to: "long") : path
      let fault = try #require(tls.read(now: Self.now).faults.first)
      #expect(fault.setting == "tls.certificate" && fault.file == tls.certificate)
    }
  }

  @Test func anExpiredCertificateIsAFaultOfTime() async throws {
    try await Self.withFiles { _, tls in
      let faults = tls.read(now: Self.now + .hours(48)).faults
      #expect(faults.map(\.setting) == ["tls.certificate"])
      #expect(faults.allSatisfy { $0.isAboutTime })
    }
  }

  @Test func anAuthorityAloneIsCheckedToo() async throws {
    try await Self.withFiles { folder, tls in
      var tls = tls
      (tls.listen, tls.certificate, tls.key) = (nil, nil, nil)
      #expect(tls.read(now: Self.now).faults.isEmpty)
      try folder.write(try PrivateKey().pem(), to: "authority.key")
      #expect(tls.read(now: Self.now).faults.map(\.setting) == ["tls.authority_key"])
    }
  }
}
