import ControlAPI
import EventModel
import GRPCCore
import Logging
import Store
import SwiftProtobuf

extension AccessService {
  /// Where the fields of what is made stand in requests.
  static let tokenPath = FieldPath("token", renamed: ["token_id": "token_id"])
  static let grantPath = FieldPath("grant", renamed: ["grant_id": "grant_id"])
  static let denialPath = FieldPath("denial", renamed: ["denial_id": "denial_id"])

  /// The lifetime of a token when nothing is said.
  private static let standardLifetime = TimeSpan.hours(90 * 24)

  /// Reads a token that is asked for; every fault at once.
  func draft(_ request: Carillon_V1_CreateTokenRequest, secret: String) throws -> AccessToken {
    var violations = Violations()
    let (message, now) = (request.token, environment.now())
    let role = Role(message.role, field: "token.role", &violations)
    var expiry: Timestamp? = now + Self.standardLifetime
    if message.hasExpireTime {
      expiry = violations.collect { () throws(ModelError) in
        try Timestamp(message.expireTime, field: "token.expire_time")
      }
    }
    guard let digest = TokenSecret.digest(of: secret) else { throw Failure.invalid("token", "cannot be made") }
    let token = AccessToken(
      id: request.tokenID, digest: digest, role: role ?? .viewer, namespace: message.namespace.nonEmpty,
      expiresAt: expiry ?? now + Self.standardLifetime, description: message.description_p)
    violations.collect(under: Self.tokenPath) { () throws(ModelError) in try token.check(now: now) }
    try violations.check()
    return token
  }

  /// The same for a grant.
  func draft(_ request: Carillon_V1_CreateGrantRequest) throws -> Grant {
    var violations = Violations()
    let role = Role(request.grant.role, field: "grant.role", &violations)
    let grant = Grant(
      id: request.grantID, identity: request.grant.identity, role: role ?? .viewer,
      namespace: request.grant.namespace.nonEmpty)
    violations.collect(under: Self.grantPath) { () throws(ModelError) in try grant.check() }
    try violations.check()
    return grant
  }

  /// The same for a denial; without an id it gets one.
  func draft(_ request: Carillon_V1_CreateDenialRequest) throws -> Denial {
    var violations = Violations()
    let id = request.denialID.isEmpty ? "d-" + Self.randomID() : request.denialID
    let subject: Denial.Subject
    switch request.denial.subject {
    case .certificateSha256(let text):
      guard let digest = SHA256Digest(hexadecimal: text) else {
        throw Failure.invalid("denial.certificate_sha256", "must be 64 hexadecimal digits")
      }
      subject = .certificate(digest)
    case .identity(let identity): subject = .identity(identity)
    case nil: throw Failure.invalid("denial", "must have either certificate_sha256 or identity")
    }
    let denial = Denial(id: id, subject: subject, reason: request.denial.reason)
    violations.collect(under: Self.denialPath) { () throws(ModelError) in try denial.check() }
    try violations.check()
    return denial
  }

  private static func randomID() -> String {
    let number = UInt64.random(in: .min ... .max)
    return String(number, radix: 36)
  }

  /// Who calls.
  func caller(_ context: ServerContext) throws -> Caller {
    guard let caller = context.call?.caller else { throw Refusal.unauthenticated("nothing is known of this caller") }
    return caller
  }

  /// Makes a change. This agent goes by it when this answers; the others read it within a second.
  func change(_ change: Change, about name: ResourceName, _ context: ServerContext) async throws {
    _ = try await environment.commit(change, about: name, dryRun: false, context: context)
    await refresh()
  }

  /// The same for what creates something.
  func create(
    _ change: Change, _ request: some CreationRequest, about name: ResourceName, path: FieldPath,
    _ context: ServerContext
  ) async throws -> Created {
    let created = try await environment.create(change, request, about: name, path: path, context: context)
    if !request.validateOnly { await refresh() }
    return created
  }

  /// The change is durable; should the list not be readable now, it is read within a second.
  private func refresh() async {
    do throws(StoreError) {
      try await environment.access.refresh()
    } catch {
      environment.logger.warning("the access list was not read again at once", metadata: ["error": "\(error)"])
    }
  }
}

extension Carillon_V1_CreateTokenRequest: CreationRequest {}
extension Carillon_V1_CreateGrantRequest: CreationRequest {}
extension Carillon_V1_CreateDenialRequest: CreationRequest {}

extension String {
  /// Nil for the empty text, which stands for "not said" in proto3.
  var nonEmpty: String? { isEmpty ? nil : self }
}
