import Crypto
import EventModel
import Foundation
import SwiftASN1
import X509

@testable import ControlPlane

/// A private authority of a test's own.
struct TestAuthority: Sendable {
  let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
  let certificate: Certificate

  init(_ name: String = "tests") throws {
    let subject = try DistinguishedName { CommonName(name) }
    certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: TestIdentity.longAgo,
      notValidAfter: TestIdentity.farAhead, issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      },
      issuerPrivateKey: key)
  }

  var pem: String { get throws { try certificate.serializeAsPEM().pemString } }

  /// A certificate by this authority.
  func issue(
    _ names: [GeneralName], commonName: String = "nobody", from: Date = TestIdentity.longAgo,
    until: Date = TestIdentity.farAhead
  ) throws -> TestIdentity {
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let leaf = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: from, notValidAfter: until,
      issuer: certificate.subject, subject: try DistinguishedName { CommonName(commonName) },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        if !names.isEmpty { SubjectAlternativeNames(names) }
      },
      issuerPrivateKey: self.key)
    return TestIdentity(certificate: leaf, key: key)
  }

  func issue(spiffe path: String) throws -> TestIdentity {
    try issue([.uniformResourceIdentifier("spiffe://tests/\(path)")])
  }
}

/// A certificate and its key.
struct TestIdentity: Sendable {
  // Both the tests' clock and the machine's lie between.
  static let longAgo = Date(timeIntervalSince1970: 1_500_000_000)
  static let farAhead = Date(timeIntervalSince1970: 4_000_000_000)

  let certificate: Certificate
  let key: Certificate.PrivateKey

  var certificatePEM: String { get throws { try certificate.serializeAsPEM().pemString } }
  var keyPEM: String { get throws { try key.serializeAsPEM().pemString } }

  var der: [UInt8] {
    get throws {
      var serializer = DER.Serializer()
      try serializer.serialize(certificate)
      return serializer.serializedBytes
    }
  }

  var digest: EventModel.SHA256Digest {
    get throws {
      guard let digest = PeerCertificate(der: try der).digest else { throw CocoaError(.featureUnsupported) }
      return digest
    }
  }
}
