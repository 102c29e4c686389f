import ControlAPI
import EventModel
import Store
import SwiftProtobuf

extension Role {
  /// Reads a role that must be said.
  init?(_ value: Carillon_V1_Role, field: String, _ violations: inout Violations) {
    switch value {
    case .viewer: self = .viewer
    case .operator: self = .operator
    case .admin: self = .admin
    case .unspecified:
      violations.add(field, "is required: ROLE_VIEWER, ROLE_OPERATOR or ROLE_ADMIN")
      return nil
    case .UNRECOGNIZED(let number):
      violations.add(field, "\(number) is no value of Role")
      return nil
    }
  }

  var proto: Carillon_V1_Role {
    switch self {
    case .viewer: .viewer
    case .operator: .operator
    case .admin: .admin
    }
  }
}

extension Carillon_V1_Token {
  init(_ token: AccessToken) {
    self.init()
    name = ResourceName(kind: .token, id: token.id).text
    role = token.role.proto
    namespace = token.namespace ?? ""
    expireTime = Google_Protobuf_Timestamp(token.expiresAt)
    description_p = token.description
    creator = token.creator
    if token.createdAt.microseconds != 0 { createTime = Google_Protobuf_Timestamp(token.createdAt) }
    if let at = token.revokedAt { revokeTime = Google_Protobuf_Timestamp(at) }
  }
}

extension Carillon_V1_Grant {
  init(_ grant: Grant) {
    self.init()
    name = ResourceName(kind: .grant, id: grant.id).text
    identity = grant.identity
    role = grant.role.proto
    namespace = grant.namespace ?? ""
    creator = grant.creator
    if grant.createdAt.microseconds != 0 { createTime = Google_Protobuf_Timestamp(grant.createdAt) }
  }
}

extension Carillon_V1_Denial {
  init(_ denial: Denial) {
    self.init()
    name = ResourceName(kind: .denial, id: denial.id).text
    switch denial.subject {
    case .certificate(let digest): certificateSha256 = digest.hexadecimal
    case .identity(let text): identity = text
    }
    reason = denial.reason
    creator = denial.creator
    if denial.createdAt.microseconds != 0 { createTime = Google_Protobuf_Timestamp(denial.createdAt) }
  }
}

extension Carillon_V1_Caller {
  init(_ caller: Caller) {
    self.init()
    identity = caller.identity
    if let right = caller.widest {
      role = right.role.proto
      namespace = right.namespace ?? ""
    }
    if let expires = caller.expires { expireTime = Google_Protobuf_Timestamp(expires) }
    certificateSha256 = caller.certificate?.digest?.hexadecimal ?? ""
  }
}

extension Carillon_V1_IssuedCertificate {
  init(_ issued: IssuedCertificate) {
    self.init()
    certificate = issued.certificate
    authority = issued.authority
    expireTime = Google_Protobuf_Timestamp(issued.expiresAt)
    certificateSha256 = issued.sha256
  }
}

extension Carillon_V1_AuditRecord {
  init(_ entry: AuditEntry) {
    self.init()
    name = Self.name(agent: entry.agent, number: entry.number)
    time = Google_Protobuf_Timestamp(entry.at)
    actor = entry.actor
    action = entry.action
    resource = entry.resource
    count = Int64(entry.count)
    reason = entry.reason
    before = entry.before
    after = entry.after
    hash = entry.hash
    previousHash = entry.previousHash
  }

  static func name(agent: String, number: Int64) -> String { "auditRecords/\(agent)/\(number)" }
}

extension Carillon_V1_VerifyAuditResponse.Chain {
  init(_ chain: AuditChain) {
    self.init()
    agent = ResourceName(kind: .agent, id: chain.agent).text
    records = Int64(chain.records)
    if let number = chain.brokenAt { brokenAt = Carillon_V1_AuditRecord.name(agent: chain.agent, number: number) }
    problem = chain.problem
    lastHash = chain.lastHash
  }
}
