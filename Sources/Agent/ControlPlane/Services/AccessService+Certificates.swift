import ControlAPI
import EventModel
import GRPCCore
import Logging
import Store
import SwiftProtobuf

extension AccessService {
  func renewCertificate(
    request: Carillon_V1_RenewCertificateRequest, context: ServerContext
  ) async throws -> Carillon_V1_IssuedCertificate {
    guard case .one(let identity)? = try caller(context).certificate?.identity else {
      throw Failure.precondition("NO_CERTIFICATE", "a certificate is renewed by who calls with it, over TLS")
    }
    return try await issue(
      request.signingRequest, for: identity, lifetime: request.hasLifetime ? request.lifetime : nil, context)
  }

  func issueCertificate(
    request: Carillon_V1_IssueCertificateRequest, context: ServerContext
  ) async throws -> Carillon_V1_IssuedCertificate {
    try CallerIdentity.check(request.identity, field: "identity")
    return try await issue(
      request.signingRequest, for: request.identity, lifetime: request.hasLifetime ? request.lifetime : nil, context)
  }

  private func issue(
    _ signingRequest: String, for identity: String, lifetime: Google_Protobuf_Duration?, _ context: ServerContext
  ) async throws -> Carillon_V1_IssuedCertificate {
    guard let issuer = environment.issuer else {
      throw Failure.precondition(
        "NO_AUTHORITY_KEY", "this agent does not hold the authority's key (tls.authority_key); another one may")
    }
    var violations = Violations()
    let size = signingRequest.utf8.count
    if size == 0 || size > CertificateOrder.maximumRequestBytes {
      violations.add(
        "signing_request", "must be PKCS #10 in PEM, at most \(CertificateOrder.maximumRequestBytes) bytes")
    }
    var wanted = CertificateOrder.standardLifetime
    if let lifetime {
      wanted =
        violations.collect { () throws(ModelError) in try TimeSpan(lifetime, field: "lifetime") } ?? wanted
    }
    if wanted <= .zero || wanted > CertificateOrder.maximumLifetime {
      violations.add("lifetime", "must be over 0 and at most 366 days")
    }
    try violations.check()
    let order = CertificateOrder(
      signingRequest: signingRequest, identity: identity, lifetime: wanted, now: environment.now())
    do {
      let issued = try await issuer.issue(order)
      environment.logger.notice(
        "issued a certificate",
        metadata: [
          "identity": "\(identity)", "sha256": "\(issued.sha256)", "caller": "\(environment.actor(context).name)",
        ])
      // Without its record it is not given away.
      _ = try await environment.store.commit(
        [.recordCertificate(sha256: issued.sha256, identity: identity, expiresAt: issued.expiresAt)],
        actor: environment.actor(context), dryRun: false, now: environment.now())
      return Carillon_V1_IssuedCertificate(issued)
    } catch let error as CertificateIssuerError {
      throw Failure.precondition("CANNOT_SIGN", error.message)
    }
  }
}
