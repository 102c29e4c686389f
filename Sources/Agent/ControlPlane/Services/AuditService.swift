import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// What was changed by whom, and whether somebody changed that.
struct AuditService: Carillon_V1_Audit.SimpleServiceProtocol {
  /// Longest text of a filter, in bytes; SPIFFE identities have as many.
  private static let maximumFilterBytes = 2_048

  let environment: Environment

  func listAuditRecords(
    request: Carillon_V1_ListAuditRecordsRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListAuditRecordsResponse {
    var violations = Violations()
    var filter = AuditFilter(
      actor: request.actor.nonEmpty, action: request.action.nonEmpty, resource: request.resource.nonEmpty)
    if request.hasFrom {
      filter.from = violations.collect { () throws(ModelError) in try Timestamp(request.from, field: "from") }
    }
    if request.hasBefore {
      filter.before = violations.collect { () throws(ModelError) in try Timestamp(request.before, field: "before") }
    }
    for (field, text) in [("actor", request.actor), ("action", request.action), ("resource", request.resource)]
    where text.utf8.count > Self.maximumFilterBytes {
      violations.add(field, "must be at most \(Self.maximumFilterBytes) bytes")
    }
    if let from = filter.from, let before = filter.before, before <= from {
      violations.add("before", "must be after from")
    }
    try violations.check()
    let listing = [
      "audit", request.actor, request.action, request.resource, "\(filter.from?.microseconds ?? .min)",
      "\(filter.before?.microseconds ?? .max)",
    ]
    let asked = try PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing)
    let page = try await environment.page(asked) { try await environment.store.auditRecords(filter: filter, page: $0) }
    return .with {
      $0.records = page.items.map { Carillon_V1_AuditRecord($0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func verifyAudit(
    request: Carillon_V1_VerifyAuditRequest, context: ServerContext
  ) async throws -> Carillon_V1_VerifyAuditResponse {
    let chains = try await environment.store.verifyAudit()
    return .with { $0.chains = chains.map { Carillon_V1_VerifyAuditResponse.Chain($0) } }
  }
}

extension AuditEntry: Sizable {
  var answerBytes: Int {
    [agent, actor, action, resource, reason, before, after, hash, previousHash].reduce(256) { $0 + $1.utf8.count }
  }
}

extension Grant: Sizable {
  var answerBytes: Int { 256 + identity.utf8.count + creator.utf8.count }
}

extension Denial: Sizable {
  var answerBytes: Int {
    let subjectBytes =
      switch subject {
      case .certificate: 64
      case .identity(let identity): identity.utf8.count
      }
    return 256 + subjectBytes + reason.utf8.count + creator.utf8.count
  }
}
