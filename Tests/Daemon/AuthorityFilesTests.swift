import Certificates
import ControlPlane
import EventModel
import Foundation
import Logging
import Testing

@testable import Daemon

@Suite("The authority in the agent")
struct AuthorityFilesTests {
  private static let now = Timestamp(seconds: 1_800_000_000)

  /// A folder with an authority and a server's certificate of a hundred days.
  private static func withFiles(_ body: (Folder, AuthorityFiles, TLSSetting) async throws -> Void) async throws {
    try await Folder.with { folder in
      let (authorityKey, key) = (PrivateKey(), PrivateKey())
      let authority = try Authority(named: "test", key: authorityKey, now: now)
      let server = try authority.issue(
        to: key, names: [.dns("a.example")], purpose: .server, lifetime: .hours(2_400), now: now)
      let setting = TLSSetting(
        listen: ListenAddress(host: "0.0.0.0", port: 7443),
        certificate: try folder.write(server.pem, to: "server.crt", mode: 0o644),
        key: try folder.write(try key.pem(), to: "server.key"),
        clientAuthority: try folder.write(try authority.pem(), to: "authority.crt"),
        authorityKey: try folder.write(try authorityKey.pem(), to: "authority.key"))
      try await body(folder, AuthorityFiles(setting), setting)
    }
  }

  private static func order(
    request: String? = nil, identity: String = "spiffe://carillon/viewer/anna", lifetime: TimeSpan = .hours(24)
  ) throws -> CertificateOrder {
    CertificateOrder(
      signingRequest: try request ?? signingRequest(), identity: identity, lifetime: lifetime, now: now)
  }

  /// A request made by OpenSSL.
  private static func signingRequest() throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "/dev/null", "-subj",
      "/CN=x",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test func aCertificateIsIssuedForTheIdentityThatWasOrdered() async throws {
    try await Self.withFiles { _, files, _ in
      let issued = try await IssuerAdapter(files: files).issue(try Self.order())
      let chain = try CertificateChain(pem: issued.certificate)
      #expect(chain.names == [.spiffe("spiffe://carillon/viewer/anna")])
      #expect(try chain.sha256() == issued.sha256 && chain.expires == issued.expiresAt)
      #expect(issued.expiresAt == Self.now + .hours(24))
      #expect(try files.authority().issued(chain))
      #expect(try issued.authority == files.authority().pem())
    }
  }

  @Test(arguments: [
    ("not a request", "spiffe://a/b", Int64(24), "signing_request"), (nil, "anna", 24, "identity"),
    (nil, "spiffe://a/b", 0, "lifetime"), (nil, "spiffe://a/b", 24 * 367, "lifetime"),
  ])
  func whatIsWrongIsToldByItsField(request: String?, identity: String, hours: Int64, field: String) async throws {
    try await Self.withFiles { _, files, _ in
      let order = try Self.order(request: request, identity: identity, lifetime: .hours(hours))
      let error = await #expect(throws: ModelError.self) { try await IssuerAdapter(files: files).issue(order) }
      #expect(error?.violations.map(\.field) == [field])
    }
  }

  @Test func withoutItsKeyAnAgentIssuesNothingAndSaysNoPaths() async throws {
    try await Self.withFiles { folder, files, setting in
      try FileManager.default.removeItem(atPath: "\(folder.path)/authority.key")
      let order = try Self.order()
      let gone = await #expect(throws: CertificateIssuerError.self) {
        try await IssuerAdapter(files: files).issue(order)
      }
      #expect(gone?.message.contains(folder.path) == false)
      var none = setting
      none.authorityKey = nil
      files.change(none)
      #expect(!files.isAuthority)
      let error = await #expect(throws: CertificateIssuerError.self) {
        try await IssuerAdapter(files: files).issue(order)
      }
      #expect(error?.message.contains("does not hold") == true)
    }
  }

  private static func renewal(_ files: AuthorityFiles, after hours: Int64) -> CertificateRenewal {
    CertificateRenewal(
      files: files, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { now + .hours(hours) })
  }

  @Test func theServersCertificateIsRenewedInTheLastThirdOfItsTime() async throws {
    try await Self.withFiles { folder, files, setting in
      let before = try folder.read("server.crt")
      #expect(Self.renewal(files, after: 1_500).renew() == nil)
      #expect(try folder.read("server.crt") == before)
      let end = try #require(Self.renewal(files, after: 1_700).renew())
      #expect(abs((end - Self.now).microseconds - TimeSpan.hours(1_700 + 2_400).microseconds) < 600_000_000)
      #expect(try folder.mode("server.crt") == 0o644)
      // The same key: whoever reads the two files in between has a pair that fits.
      #expect(setting.read(now: Self.now + .hours(1_700)).faults.isEmpty)
      #expect(Self.renewal(files, after: 1_701).renew() == nil)
    }
  }

  @Test func anExpiredCertificateIsRenewedToo() async throws {
    try await Self.withFiles { _, files, setting in
      #expect(Self.renewal(files, after: 3_000).renew() != nil)
      #expect(setting.read(now: Self.now + .hours(3_000)).faults.isEmpty)
    }
  }

  @Test func anothersCertificateIsNotRenewed() async throws {
    try await Self.withFiles { folder, files, _ in
      let key = PrivateKey()
      let other = try Authority(named: "test", key: PrivateKey(), now: Self.now)
      let foreign = try other.issue(
        to: key, names: [.dns("a.example")], purpose: .server, lifetime: .hours(10), now: Self.now)
      try folder.write(foreign.pem, to: "server.crt")
      #expect(Self.renewal(files, after: 9).renew() == nil)
      #expect(try folder.read("server.crt") == foreign.pem)
    }
  }
}
