import ControlAPI
import Crypto
import Foundation
import GRPCNIOTransportHTTP2Posix
import GRPCProtobuf
import SwiftASN1
import SwiftProtobuf
import X509

/// A certificate authority for tests, with a folder for its files.
final class TestAuthority: Sendable {
  let folder: URL
  let certificate: Certificate
  private let key: P256.Signing.PrivateKey

  init(_ name: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "ctl-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    key = P256.Signing.PrivateKey()
    certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
      notValidBefore: Self.now.addingTimeInterval(-3_600), notValidAfter: Self.now.addingTimeInterval(86_400 * 30),
      issuer: DistinguishedName { CommonName(name) }, subject: DistinguishedName { CommonName(name) },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(keyCertSign: true))
      }, issuerPrivateKey: .init(key))
    try write(certificate.serializeAsPEM().pemString, "ca.pem")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// TLS goes by the machine's clock, whatever the clock of the test says.
  private static var now: Date { Date() }

  var path: String { folder.appending(path: "ca.pem").path }

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  /// A certificate with the names, in `NAME.pem` and `NAME.key`.
  /// - Parameter seconds: how long it is valid from now on; negative: it ran out.
  func issue(
    _ name: String, names: [GeneralName], seconds: TimeInterval = 86_400
  ) throws -> (certificate: String, key: String) {
    let leaf = P256.Signing.PrivateKey()
    let issued = try sign(.init(leaf.publicKey), names, seconds)
    try write(issued.serializeAsPEM().pemString, "\(name).pem")
    try write(leaf.pemRepresentation, "\(name).key")
    return (folder.appending(path: "\(name).pem").path, folder.appending(path: "\(name).key").path)
  }

  private func sign(
    _ publicKey: Certificate.PublicKey, _ names: [GeneralName], _ seconds: TimeInterval
  ) throws -> Certificate {
    try Certificate(
      version: .v3, serialNumber: .init(), publicKey: publicKey,
      notValidBefore: Self.now.addingTimeInterval(-7_200), notValidAfter: Self.now.addingTimeInterval(seconds),
      issuer: certificate.subject, subject: DistinguishedName(), signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        SubjectAlternativeNames(names)
      }, issuerPrivateKey: .init(key))
  }

  /// What RenewCertificate answers.
  func renew(_ request: Carillon_V1_RenewCertificateRequest) throws -> Carillon_V1_IssuedCertificate {
    let signing = try CertificateSigningRequest(pemEncoded: request.signingRequest)
    guard signing.publicKey.isValidSignature(signing.signature, for: signing) else {
      throw FakeAgent.invalid("signing_request", "is not signed with its key")
    }
    let seconds = request.hasLifetime ? TimeInterval(request.lifetime.seconds) : 90 * 86_400
    let issued = try sign(signing.publicKey, [.dnsName("ada.example.org")], seconds)
    let pem = try issued.serializeAsPEM().pemString
    return .with {
      $0.certificate = pem
      $0.expireTime = .init(seconds: Int64(issued.notValidAfter.timeIntervalSince1970))
    }
  }

  /// What a server needs to be one of this authority's.
  /// - Parameter asksForCertificate: whether clients must show one of this authority's.
  func security(
    names: [GeneralName], seconds: TimeInterval = 86_400, asksForCertificate: Bool = true
  ) throws -> HTTP2ServerTransport.Posix.TransportSecurity {
    let files = try issue("server-\(UUID().uuidString)", names: names, seconds: seconds)
    let path = path
    return .tls(
      certificateChain: [.file(path: files.certificate, format: .pem)], privateKey: .file(path: files.key, format: .pem)
    ) {
      $0.trustRoots = .certificates([.file(path: path, format: .pem)])
      $0.clientCertificateVerification = asksForCertificate ? .noHostnameVerification : .noVerification
    }
  }
}

extension GeneralName {
  static let loopback = GeneralName.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))
}
