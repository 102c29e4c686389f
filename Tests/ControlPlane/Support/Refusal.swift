import GRPCCore
import GRPCProtobuf
import Testing

/// How a call was refused, taken out of its google.rpc details.
struct Refusal {
  let code: RPCError.Code
  let message: String
  let reason: String
  let fields: [String]
  let resource: String
  let metadata: [String: String]
  /// What the refusal takes in an answer's headers, with binary values in base64.
  let headerBytes: Int

  init(_ error: RPCError) throws {
    let status = try #require(try error.unpackGoogleRPCStatus(), "\(error) has no details")
    code = error.code
    message = error.message
    let info = try #require(status.details.compactMap(\.errorInfo).first)
    #expect(info.domain == "carillon")
    reason = info.reason
    metadata = info.metadata
    headerBytes = error.metadata.reduce(error.message.utf8.count) { sum, pair in
      switch pair.value {
      case .string(let text): sum + pair.key.utf8.count + text.utf8.count
      case .binary(let bytes): sum + pair.key.utf8.count + (bytes.count + 2) / 3 * 4
      }
    }
    fields = status.details.compactMap(\.badRequest).flatMap(\.violations).map(\.field)
    resource = status.details.compactMap(\.resourceInfo).first?.name ?? ""
  }
}

/// Runs a call that must be refused.
@discardableResult
func refused<Answer>(
  _ code: RPCError.Code, fields: [String] = [], sourceLocation: SourceLocation = #_sourceLocation,
  _ call: () async throws -> Answer
) async throws -> Refusal {
  do {
    let answer = try await call()
    Issue.record("was not refused: \(answer)", sourceLocation: sourceLocation)
    throw NotRefused()
  } catch let error as RPCError {
    let refusal = try Refusal(error)
    #expect(refusal.code == code, "\(error)", sourceLocation: sourceLocation)
    if !fields.isEmpty {
      #expect(Set(refusal.fields) == Set(fields), "\(error)", sourceLocation: sourceLocation)
    }
    return refusal
  }
}

struct NotRefused: Error {}
