import Certificates
import ControlPlane
import EventModel
import Synchronization

/// The authority in the files of the configuration, as the control plane wants it. The files are read at each order, so
/// that a new authority counts at once, and its key is in memory no longer than it takes.
struct IssuerAdapter: CertificateIssuer {
  let files: AuthorityFiles

  func issue(_ order: CertificateOrder) async throws -> IssuedCertificate {
    let request: SigningRequest
    do throws(CertificatesError) {
      request = try SigningRequest(pem: order.signingRequest)
    } catch {
      throw ModelError(field: "signing_request", error.message)
    }
    guard let name = SubjectName(identity: order.identity) else {
      throw ModelError(field: "identity", "must be spiffe://… or dns:…")
    }
    guard Authority.lifetimes.contains(order.lifetime) else {
      throw ModelError(field: "lifetime", "must be 1 minute to 366 days")
    }
    do throws(CertificatesError) {
      let issued = try files.authority().issue(
        to: request, names: [name], purpose: .client, lifetime: order.lifetime, now: order.now)
      return IssuedCertificate(
        certificate: issued.pem, authority: issued.authorityPEM, expiresAt: issued.expires, sha256: issued.sha256)
    } catch {
      throw CertificateIssuerError(error.message)
    }
  }
}

/// Where the authority's certificates and key are. A reload may change it.
final class AuthorityFiles: Sendable {
  private let setting: Mutex<TLSSetting>

  init(_ setting: TLSSetting) { self.setting = Mutex(setting) }

  /// Goes by another configuration from now on.
  func change(_ new: TLSSetting) { setting.withLock { $0 = new } }

  /// Whether this agent is to issue certificates.
  var isAuthority: Bool { setting.withLock { $0.authorityKey != nil } }

  /// Reads the files.
  /// - Throws: what is wrong, without the files' places: it is told to callers. `agent check-config` says more.
  func authority() throws(CertificatesError) -> Authority {
    let setting = setting.withLock { $0 }
    guard let keyFile = setting.authorityKey, let file = setting.clientAuthority else {
      throw CertificatesError(
        .refused, "this agent does not hold the authority's key (tls.authority_key); another one may")
    }
    let (key, certificates): (String, String)
    do throws(FileError) {
      key = try BoundedFile.text(keyFile, maximumBytes: TLSSetting.maximumFileBytes, mayOthersRead: false)
      certificates = try BoundedFile.text(file, maximumBytes: TLSSetting.maximumFileBytes)
    } catch {
      throw CertificatesError(.failed, "the authority's files cannot be read")
    }
    return try Authority(key: try PrivateKey(pem: key), certificates: try CertificateChain(pem: certificates))
  }

  /// Where the listener's own certificate is; nil where nothing listens.
  var serverCertificate: String? {
    setting.withLock { $0.listen == nil ? nil : $0.certificate }
  }
}
