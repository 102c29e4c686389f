import HTTPTransport
import PluginKit0

extension WebhookConfiguration {
  /// What the sink or libcurl sets; `accept-encoding` would let a small answer grow without bound.
  private static let reservedHeaders: Set<String> = [
    "accept-encoding", "carillon-attempt", "carillon-late-ms", "connection", "content-encoding", "content-length",
    "content-type", "expect", "host", "http2-settings", "keep-alive", "proxy-authorization", "proxy-connection", "te",
    "trailer", "transfer-encoding", "upgrade", "webhook-id", "webhook-signature", "webhook-timestamp",
  ]
  /// The attributes of a CloudEvent (HTTP protocol binding, section 3.1.3.1).
  private static let reservedPrefix = "ce-"

  /// The configured headers; a violation for each that must not be sent.
  static func headers(
    _ object: JSONObject, isAuthenticated: Bool, _ violations: inout Violations
  ) -> [HeaderValue] {
    var headers: [HeaderValue] = []
    for member in object["headers"]?.object?.members ?? [] {
      let pointer = "/headers/" + Violations.escaped(member.name)
      guard let value = member.value.string else { continue }
      let name = member.name.lowercased()
      guard !reservedHeaders.contains(name), !name.hasPrefix(reservedPrefix) else {
        violations.add(pointer, "reserved", "the header \(member.name) is set by the sink itself")
        continue
      }
      guard name != "authorization" || !isAuthenticated else {
        violations.add(pointer, "exclusive", "auth sets the header Authorization")
        continue
      }
      do {
        let field = try HTTPHeader(member.name, value)
        headers.append(SecretReference.isLike(value) ? .reference(name: member.name, value) : .field(field))
      } catch {
        violations.add(pointer, "header", error.message)
      }
    }
    return headers
  }
}
