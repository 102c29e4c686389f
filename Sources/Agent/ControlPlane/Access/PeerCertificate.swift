import EventModel
import FoundationEssentials
import SwiftASN1
import X509

/// What counts of the certificate that a caller's connection came with. The handshake has checked that an authority of
/// ours made it; who it is for is told here, once a connection.
struct PeerCertificate: Hashable, Sendable {
  /// The one identity in the subject alternative names, or why there is none.
  enum Identity: Hashable, Sendable {
    case one(String)
    case refused(String)
  }

  let identity: Identity
  /// Of the DER form.
  let digest: SHA256Digest?
  /// From then on it counts.
  let begins: Timestamp
  /// From then on it does not.
  let expires: Timestamp

  /// Reads the DER form. One that cannot be read has no identity, and so reaches nothing.
  init(der: [UInt8]) {
    digest = SHA256Digest(of: der)
    guard let certificate = try? Certificate(derEncoded: der) else {
      identity = .refused("the client certificate cannot be read")
      begins = Timestamp(seconds: 0)
      expires = Timestamp(seconds: 0)
      return
    }
    identity = Self.identity(of: certificate)
    begins = Timestamp(certificate.notValidBefore)
    expires = Timestamp(certificate.notValidAfter)
  }

  private static func identity(of certificate: Certificate) -> Identity {
    do {
      return identity(of: try certificate.extensions.subjectAlternativeNames.map(Array.init) ?? [])
    } catch {
      return .refused("the client certificate's subject alternative names cannot be read")
    }
  }

  /// The common name never counts, nor do addresses and mailboxes: they name no program.
  private static func identity(of names: [GeneralName]) -> Identity {
    let found = names.compactMap { name -> String? in
      switch name {
      case .uniformResourceIdentifier(let uri): uri
      case .dnsName(let host): CallerIdentity.folded("dns:" + host)
      default: nil
      }
    }
    guard let one = found.first else {
      return .refused(
        "the client certificate names nobody: among its subject alternative names there must be one URI or one DNS name"
      )
    }
    guard found.count == 1 else {
      return .refused(
        "the client certificate names \(found.count) identities: among its subject alternative names there must be one URI "
          + "or one DNS name")
    }
    guard (try? CallerIdentity.check(one, field: "")) != nil else {
      return .refused("the client certificate's one name is neither a SPIFFE identity nor a host's name")
    }
    return .one(one)
  }
}

extension CallerIdentity {
  /// The spelling that identities are compared in. Names of hosts do not tell upper from lower case (RFC 4343, section 3):
  /// a denial of one spelling holds for all.
  static func folded(_ identity: String) -> String {
    identity.hasPrefix("dns:") ? identity.lowercased() : identity
  }
}

extension Timestamp {
  /// The same instant, to the second: certificates have no more.
  init(_ date: Date) {
    let seconds = date.timeIntervalSince1970
    self.init(seconds: Int64(exactly: seconds.rounded(.down)) ?? 0)
  }
}
