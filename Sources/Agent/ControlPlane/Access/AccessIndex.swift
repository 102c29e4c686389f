import EventModel

/// The access list, ready to be asked on every call. A value: a call goes by one list from its beginning to its end.
struct AccessIndex: Sendable {
  /// Identities that the agent's configuration makes admins of every namespace.
  private let admins: Set<String>
  private let tokens: [String: AccessToken]
  private let grants: [String: [Right]]
  private let deniedIdentities: Set<String>
  private let deniedCertificates: Set<SHA256Digest>
  let revision: Int64

  init(_ list: AccessList, admins: [String]) {
    self.admins = Set(admins.map(CallerIdentity.folded))
    revision = list.revision
    tokens = Dictionary(list.tokens.map { ($0.id, $0) }) { first, _ in first }
    grants = Dictionary(grouping: list.grants) { CallerIdentity.folded($0.identity) }
      .mapValues { $0.map { Right(role: $0.role, namespace: $0.namespace) } }
    var identities: Set<String> = []
    var certificates: Set<SHA256Digest> = []
    for denial in list.denials {
      switch denial.subject {
      case .identity(let identity): identities.insert(CallerIdentity.folded(identity))
      case .certificate(let digest): certificates.insert(digest)
      }
    }
    deniedIdentities = identities
    deniedCertificates = certificates
  }

  /// Who a certificate is, whatever may be granted to it.
  /// - Throws: UNAUTHENTICATED when it is nobody's or not valid at `now`, PERMISSION_DENIED when it is denied.
  func identity(of certificate: PeerCertificate, now: Timestamp) throws -> String {
    let identity: String
    switch certificate.identity {
    case .refused(let problem): throw Refusal.unauthenticated(problem)
    case .one(let one): identity = one
    }
    guard let digest = certificate.digest, !deniedCertificates.contains(digest), !deniedIdentities.contains(identity)
    else { throw Refusal.denied(identity) }
    guard now < certificate.expires else { throw Refusal.unauthenticated("the client certificate has run out") }
    guard now >= certificate.begins else { throw Refusal.unauthenticated("the client certificate is not valid yet") }
    return identity
  }

  /// What is granted to an identity.
  func rights(of identity: String) -> [Right] {
    (admins.contains(identity) ? [Right(role: .admin, namespace: nil)] : []) + grants[identity, default: []]
  }

  /// The token that was meant.
  /// - Throws: UNAUTHENTICATED in the same words for an unknown id and a wrong secret.
  func token(_ presented: PresentedToken, now: Timestamp) throws -> AccessToken {
    let known = tokens[presented.id]
    // The comparison is made for unknown ids too, so that the time tells nothing of which ids there are.
    let isSame = (known?.digest ?? Self.nobodys)?.isSame(as: presented.digest) ?? false
    guard let known, isSame else { throw Refusal.unauthenticated("the token is unknown, or it was revoked") }
    guard known.isValid(at: now) else { throw Refusal.unauthenticated("the token has run out, or it was revoked") }
    return known
  }

  private static let nobodys = TokenSecret.digest(of: "")
}
