import Crypto
public import EventModel
import SwiftASN1
import X509

/// Certificates as they stand in a file, the first one first.
public struct CertificateChain: Sendable {
  /// Most certificates in one file.
  public static let maximumCertificates = 64

  let first: Certificate
  let others: [Certificate]

  /// Reads certificates in PEM.
  /// - Throws: `.malformed` when there is none, or one cannot be read.
  public init(pem: String) throws(CertificatesError) {
    let documents: [PEMDocument]
    do {
      documents = try PEMDocument.parseMultiple(pemString: pem).filter { $0.discriminator == "CERTIFICATE" }
    } catch {
      throw CertificatesError(.malformed, "is not PEM (-----BEGIN CERTIFICATE-----)")
    }
    guard let head = documents.first, documents.count <= Self.maximumCertificates else {
      throw CertificatesError(
        .malformed, "must hold 1 to \(Self.maximumCertificates) certificates in PEM, not \(documents.count)")
    }
    do {
      first = try Certificate(pemDocument: head)
      others = try documents.dropFirst().map { try Certificate(pemDocument: $0) }
    } catch {
      throw CertificatesError(.malformed, "holds a certificate that cannot be read: \(error)")
    }
  }

  init(_ certificate: Certificate) {
    first = certificate
    others = []
  }

  var all: [Certificate] { [first] + others }

  /// The first one's names, as far as they are a SPIFFE ID, a DNS name or an address.
  public var names: [SubjectName] {
    let names: SubjectAlternativeNames?
    do { names = try first.extensions.subjectAlternativeNames } catch { names = nil }
    return (names ?? SubjectAlternativeNames()).compactMap { name in
      switch name {
      case .uniformResourceIdentifier(let uri): SubjectName(identity: uri)
      case .dnsName(let name): SubjectName(identity: "dns:" + name.lowercased())
      case .ipAddress(let address): .address(Array(address.bytes))
      default: nil
      }
    }
  }

  /// From when on the first one is valid.
  public var validFrom: Timestamp { Timestamp(first.notValidBefore) }
  /// Until when the first one is valid.
  public var expires: Timestamp { Timestamp(first.notValidAfter) }

  /// How much of the first one's time is left, 0 to 1.
  public func shareLeft(now: Timestamp) -> Double {
    let whole = (expires - validFrom).microseconds
    guard whole > 0 else { return 0 }
    return min(max(Double((expires - now).microseconds) / Double(whole), 0), 1)
  }

  /// SHA-256 of the first one's DER form, hexadecimal, as denials name it.
  public func sha256() throws(CertificatesError) -> String {
    var serializer = DER.Serializer()
    do {
      try serializer.serialize(first)
    } catch {
      throw CertificatesError(.failed, "the certificate has no DER form: \(error)")
    }
    guard let digest = SHA256Digest(bytes: Array(SHA256.hash(data: serializer.serializedBytes))) else {
      throw CertificatesError(.failed, "SHA-256 failed")
    }
    return digest.hexadecimal
  }

  /// Whether all of them may sign others (RFC 5280, section 4.2.1.9).
  public var areAuthorities: Bool { all.allSatisfy(\.isAuthority) }
}

extension Certificate {
  var isAuthority: Bool {
    do {
      if case .isCertificateAuthority? = try extensions.basicConstraints { return true }
      return false
    } catch {
      return false
    }
  }
}
