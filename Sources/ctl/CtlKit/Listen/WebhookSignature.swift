import Crypto
import FoundationEssentials

/// Checks the signature of a delivery: HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks).
struct WebhookVerifier: Sendable {
  /// How far the sender's clock may be from ours, either way.
  static let toleranceSeconds: Int64 = 5 * 60
  /// Signatures looked at in one header: several while a secret is rotated, never many.
  static let maxSignatures = 16

  /// Any of these may have signed.
  var secrets: [WebhookSecret]
  /// Nil: any age is accepted.
  var toleranceSeconds: Int64? = Self.toleranceSeconds

  /// What the check found.
  enum Verdict: Sendable, Equatable {
    case verified
    /// No secret was given to check with.
    case unchecked
    case missingHeader(String)
    case badTimestamp
    /// Older than the tolerance, or as far in the future.
    case stale(seconds: Int64)
    /// No signature of a known version in the header.
    case noKnownVersion
    case mismatch

    /// False for what a receiver should refuse.
    var isAcceptable: Bool { self == .verified || self == .unchecked }
  }

  /// Checks one delivery. `now`: seconds since 1970.
  func verify(
    id: String?, timestamp: String?, signature: String?, body: some Sequence<UInt8>, now: Int64
  ) -> Verdict {
    guard !secrets.isEmpty else { return .unchecked }
    guard let id else { return .missingHeader("webhook-id") }
    guard let timestamp else { return .missingHeader("webhook-timestamp") }
    guard let signature else { return .missingHeader("webhook-signature") }
    guard let sent = Int64(timestamp), sent >= 0 else { return .badTimestamp }
    if let toleranceSeconds {
      let (age, overflow) = now.subtractingReportingOverflow(sent)
      guard !overflow, -toleranceSeconds...toleranceSeconds ~= age else {
        return .stale(seconds: overflow ? .max : age)
      }
    }
    return check(signature, signed: Array("\(id).\(timestamp).".utf8) + body)
  }

  private func check(_ header: String, signed content: [UInt8]) -> Verdict {
    let entries = header.split(separator: " ").prefix(Self.maxSignatures)
    let codes = entries.compactMap { $0.hasPrefix("v1,") ? Data(base64Encoded: String($0.dropFirst(3))) : nil }
    guard !codes.isEmpty else { return .noKnownVersion }
    for secret in secrets {
      let key = SymmetricKey(data: secret.key)
      // Compares in constant time.
      for code in codes where HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: content, using: key) {
        return .verified
      }
    }
    return .mismatch
  }
}

extension WebhookVerifier.Verdict: CustomStringConvertible {
  var description: String {
    switch self {
    case .verified: "verified"
    case .unchecked: "unchecked"
    case .missingHeader(let name): "no \(name)"
    case .badTimestamp: "bad timestamp"
    case .stale(let seconds): "stale by \(seconds) s"
    case .noKnownVersion: "no v1 signature"
    case .mismatch: "MISMATCH"
    }
  }
}
