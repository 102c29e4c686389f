import EventModel
import Foundation
import Testing

@testable import Certificates

/// A moment at which everything here is valid.
let noon = Timestamp(seconds: 1_800_000_000)

/// An authority and what tests make with it.
struct Bench {
  let key = PrivateKey()
  let authority: Authority

  init() throws { authority = try Authority(named: "test", key: key, now: noon) }

  func issue(
    to key: PrivateKey = PrivateKey(), names: [SubjectName] = [.dns("host.example.org")],
    purpose: Authority.Purpose = .server, lifetime: TimeSpan = .hours(24), now: Timestamp = noon
  ) throws -> Issued {
    try authority.issue(to: key, names: names, purpose: purpose, lifetime: lifetime, now: now)
  }
}

/// What OpenSSL says; it has never seen this code.
func openssl(_ arguments: [String], files: [String: String] = [:]) throws -> (status: Int32, output: String) {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
  process.arguments = arguments
  process.currentDirectoryURL = folder
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

@Suite("Authority")
struct AuthorityTests {
  @Test(
    "OpenSSL takes what is issued, for its purpose and no other",
    arguments: [(Authority.Purpose.server, "sslserver", "sslclient"), (.client, "sslclient", "sslserver")])
  func verified(purpose: Authority.Purpose, good: String, bad: String) throws {
    let bench = try Bench()
    let issued = try bench.issue(purpose: purpose)
    let files = ["authority.crt": try bench.authority.pem(), "leaf.crt": issued.pem]
    func verify(_ purpose: String) throws -> Int32 {
      try openssl(
        [
          "verify", "-x509_strict", "-attime", "\(noon.seconds)", "-purpose", purpose, "-CAfile", "authority.crt",
          "leaf.crt",
        ],
        files: files
      ).status
    }
    #expect(try verify(good) == 0)
    #expect(try verify(bad) != 0)
  }

  @Test("OpenSSL reads every name, the usages and the end")
  func text() throws {
    let names: [SubjectName] = [
      .spiffe("spiffe://carillon/agent/one"), .dns("one.example.org"), .address([192, 0, 2, 7]),
      .address([0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
    ]
    let issued = try Bench().issue(names: names)
    let shown = try openssl(["x509", "-noout", "-text", "-in", "leaf.crt"], files: ["leaf.crt": issued.pem]).output
    for part in [
      "URI:spiffe://carillon/agent/one", "DNS:one.example.org", "IP Address:192.0.2.7",
      "IP Address:2001:DB8:0:0:0:0:0:1", "CA:FALSE", "TLS Web Server Authentication", "ecdsa-with-SHA256",
      "Not After : Jan 16 08:00:00 2027 GMT",
    ] { #expect(shown.contains(part), "\(part) is missing in \(shown)") }
    #expect(try CertificateChain(pem: issued.pem).names == names)
  }

  @Test("an authority signs no other authority, and its key is on P-256")
  func authority() throws {
    let bench = try Bench()
    let shown = try openssl(["x509", "-noout", "-text", "-in", "a.crt"], files: ["a.crt": try bench.authority.pem()])
      .output
    for part in ["CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "prime256v1"] { #expect(shown.contains(part)) }
    #expect(bench.authority.expires == noon + Authority.lifetime)
  }

  @Test("the digest is that of the DER form, and two certificates never have the same serial number")
  func digest() throws {
    let bench = try Bench()
    let key = PrivateKey()
    let (one, two) = (try bench.issue(to: key), try bench.issue(to: key))
    let shown = try openssl(
      ["x509", "-noout", "-fingerprint", "-sha256", "-in", "leaf.crt"], files: ["leaf.crt": one.pem]
    ).output
    #expect(shown.replacing(":", with: "").lowercased().contains(one.sha256))
    #expect(one.sha256 != two.sha256)
    func serial(_ issued: Issued) throws -> String {
      try openssl(["x509", "-noout", "-serial", "-in", "leaf.crt"], files: ["leaf.crt": issued.pem]).output
    }
    #expect(try serial(one) != serial(two))
    #expect(try serial(one).count > 32, "its 20 bytes may begin with zeros, and not many")
  }

  @Test("no certificate outlives its authority, and a dead authority signs nothing")
  func ends() throws {
    let bench = try Bench()
    let late = bench.authority.expires - .hours(1)
    #expect(try bench.issue(now: late).expires == bench.authority.expires)
    let error = #expect(throws: CertificatesError.self) { try bench.issue(now: bench.authority.expires) }
    #expect(error?.code == .refused)
  }

  @Test("a lifetime has its bounds", arguments: [TimeSpan.zero, .seconds(59), .hours(367 * 24)])
  func lifetimes(lifetime: TimeSpan) throws {
    let error = #expect(throws: CertificatesError.self) { try Bench().issue(lifetime: lifetime) }
    #expect(error?.code == .refused)
  }

  @Test("a renewed certificate is for the same key")
  func renewed() throws {
    let bench = try Bench()
    let key = PrivateKey()
    let chain = try CertificateChain(pem: try bench.issue(to: key, names: [.dns("a.example")]).pem)
    let later = try bench.authority.renew(
      chain, names: chain.names, purpose: .server, lifetime: .hours(48), now: noon + .hours(12))
    let renewed = try CertificateChain(pem: later.pem)
    #expect(key.fits(renewed) && renewed.names == chain.names)
    #expect(renewed.expires == noon + .hours(60))
    #expect(bench.authority.issued(renewed))
  }

  @Test("what another authority signed is not its own, also under the same name")
  func foreign() throws {
    let other = try CertificateChain(pem: try Bench().issue().pem)
    #expect(try !Bench().authority.issued(other))
  }

  @Test("of several authorities the one of the key signs")
  func several() throws {
    let (old, new) = (try Bench(), try Bench())
    let both = try CertificateChain(pem: try old.authority.pem() + new.authority.pem())
    let authority = try Authority(key: new.key, certificates: both)
    let issued = try authority.issue(
      to: PrivateKey(), names: [.dns("a")], purpose: .client, lifetime: .hours(1), now: noon)
    #expect(new.authority.issued(try CertificateChain(pem: issued.pem)))
  }

  @Test("a key that fits none of the certificates is no authority, nor is a server's certificate")
  func mismatch() throws {
    let bench = try Bench()
    let chain = try CertificateChain(pem: try bench.authority.pem())
    #expect(throws: CertificatesError.self) { try Authority(key: PrivateKey(), certificates: chain) }
    let key = PrivateKey()
    let leaf = try CertificateChain(pem: try bench.issue(to: key).pem)
    let error = #expect(throws: CertificatesError.self) { try Authority(key: key, certificates: leaf) }
    #expect(error?.code == .refused)
  }

  @Test("how much of its time a certificate has left")
  func share() throws {
    let chain = try CertificateChain(pem: try Bench().issue(lifetime: .hours(100)).pem)
    #expect(chain.shareLeft(now: noon) > 0.99)
    #expect(abs(chain.shareLeft(now: noon + .hours(75)) - 0.25) < 0.01)
    #expect(chain.shareLeft(now: noon + .hours(200)) == 0)
  }
}
