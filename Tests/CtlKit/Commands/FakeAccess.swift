import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

/// Tokens, grants and denials, as access.proto describes them.
struct FakeAccess: Carillon_V1_AccessControl.SimpleServiceProtocol {
  let agent: FakeAgent

  func getCaller(request: Carillon_V1_GetCallerRequest, context: ServerContext) async throws -> Carillon_V1_Caller {
    try agent.begin(request)
    return agent.with { $0.caller }
  }

  func createToken(
    request: Carillon_V1_CreateTokenRequest, context: ServerContext
  ) async throws -> Carillon_V1_CreateTokenResponse {
    try agent.begin(request)
    var token = request.token
    token.name = "tokens/\(request.tokenID)"
    if !token.hasExpireTime { token.expireTime = .init(seconds: 1_787_776_000) }
    let created = token
    if !request.validateOnly { agent.with { $0.tokens[created.name] = created } }
    return .with {
      $0.token = created
      $0.secret = request.validateOnly ? "" : "cart_\(request.tokenID)_secret"
    }
  }

  func getToken(request: Carillon_V1_GetTokenRequest, context: ServerContext) async throws -> Carillon_V1_Token {
    try agent.begin(request)
    return try agent.with { state in
      guard let token = state.tokens[request.name] else { throw FakeAgent.notFound(request.name) }
      return token
    }
  }

  func listTokens(
    request: Carillon_V1_ListTokensRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListTokensResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.tokens = state.tokens.values.sorted { $0.name < $1.name } } }
  }

  func revokeToken(
    request: Carillon_V1_RevokeTokenRequest, context: ServerContext
  ) async throws -> Carillon_V1_Token {
    try agent.begin(request)
    return try agent.with { state in
      guard var token = state.tokens[request.name] else { throw FakeAgent.notFound(request.name) }
      token.revokeTime = .init(seconds: 1_780_000_000)
      state.tokens[request.name] = token
      return token
    }
  }

  func createGrant(
    request: Carillon_V1_CreateGrantRequest, context: ServerContext
  ) async throws -> Carillon_V1_Grant {
    try agent.begin(request)
    var grant = request.grant
    grant.name = "grants/\(request.grantID)"
    let created = grant
    agent.with { $0.grants[created.name] = created }
    return created
  }

  func getGrant(request: Carillon_V1_GetGrantRequest, context: ServerContext) async throws -> Carillon_V1_Grant {
    try agent.begin(request)
    return try agent.with { state in
      guard let grant = state.grants[request.name] else { throw FakeAgent.notFound(request.name) }
      return grant
    }
  }

  func listGrants(
    request: Carillon_V1_ListGrantsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListGrantsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.grants = state.grants.values.sorted { $0.name < $1.name } } }
  }

  func deleteGrant(
    request: Carillon_V1_DeleteGrantRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    return try agent.with { state in
      guard state.grants.removeValue(forKey: request.name) != nil else { throw FakeAgent.notFound(request.name) }
      return .init()
    }
  }

  func createDenial(
    request: Carillon_V1_CreateDenialRequest, context: ServerContext
  ) async throws -> Carillon_V1_Denial {
    try agent.begin(request)
    var denial = request.denial
    denial.name = "denials/\(request.denialID.isEmpty ? "made" : request.denialID)"
    let created = denial
    agent.with { $0.denials[created.name] = created }
    return created
  }

  func listDenials(
    request: Carillon_V1_ListDenialsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListDenialsResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.denials = state.denials.values.sorted { $0.name < $1.name } } }
  }

  func deleteDenial(
    request: Carillon_V1_DeleteDenialRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    try agent.begin(request)
    return try agent.with { state in
      guard state.denials.removeValue(forKey: request.name) != nil else { throw FakeAgent.notFound(request.name) }
      return .init()
    }
  }

  func renewCertificate(
    request: Carillon_V1_RenewCertificateRequest, context: ServerContext
  ) async throws -> Carillon_V1_IssuedCertificate {
    try agent.begin(request)
    guard let authority = agent.with({ $0.authority }) else { throw FakeAgent.conflict("no authority's key") }
    return try authority.renew(request)
  }

  func issueCertificate(
    request: Carillon_V1_IssueCertificateRequest, context: ServerContext
  ) async throws -> Carillon_V1_IssuedCertificate {
    try agent.begin(request)
    throw FakeAgent.conflict("no authority's key")
  }
}

/// Audit records, as audit.proto describes them.
struct FakeAudit: Carillon_V1_Audit.SimpleServiceProtocol {
  let agent: FakeAgent

  func listAuditRecords(
    request: Carillon_V1_ListAuditRecordsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListAuditRecordsResponse {
    try agent.begin(request)
    return agent.with { state in
      .with { answer in
        answer.records = state.auditRecords.filter { request.actor.isEmpty || $0.actor == request.actor }
      }
    }
  }

  func verifyAudit(
    request: Carillon_V1_VerifyAuditRequest, context: ServerContext
  ) async throws -> Carillon_V1_VerifyAuditResponse {
    try agent.begin(request)
    return agent.with { state in .with { $0.chains = state.chains } }
  }
}
