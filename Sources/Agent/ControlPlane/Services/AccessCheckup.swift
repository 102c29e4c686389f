import EventModel
import Store

/// The listener's certificate, as a doctor sees it.
enum CertificateFinding {
  /// From then on somebody should renew it.
  private static let warning = TimeSpan.hours(14 * 24)
  /// From then on it is urgent.
  private static let problem = TimeSpan.hours(3 * 24)

  static func of(_ facts: CertificateStatus.Facts, now: Timestamp) -> StoreFinding {
    let left = facts.expires - now
    let days = left.microseconds / TimeSpan.hours(24).microseconds
    let advice =
      "write a new certificate and key to the files of tls.certificate and tls.key; they are read by themselves"
    if left <= .zero {
      return StoreFinding(.problem, "certificate", "the TLS listener's certificate has run out", advice: advice)
    }
    let message = "the TLS listener's certificate is valid for \(days) days"
    if left <= problem { return StoreFinding(.problem, "certificate", message + " only", advice: advice) }
    if let trouble = facts.problem {
      return StoreFinding(
        .problem, "certificate", "the certificate files changed and are of no use: \(trouble)",
        advice: "mend the file; until then the old certificate goes on")
    }
    if left <= warning { return StoreFinding(.warning, "certificate", message + " only", advice: advice) }
    return StoreFinding(.ok, "certificate", message)
  }
}

/// How fresh the access list is, by which the agent tells who may do what.
enum AccessListFinding {
  /// Older than this it is told.
  private static let warning = TimeSpan.seconds(30)

  /// - Parameter readAt: when the list was last known to be current; nil: never.
  static func of(readAt: Timestamp?, now: Timestamp) -> StoreFinding {
    guard let readAt else {
      return StoreFinding(
        .problem, "access", "the access list was never read: nobody is served over TLS",
        advice: "the agent's log says why the store does not answer")
    }
    let age = now - readAt
    guard age > warning else { return StoreFinding(.ok, "access", "the access list is current") }
    return StoreFinding(
      .warning, "access",
      "the access list is \(age.microseconds / 1_000_000) s old: what was revoked since counts here",
      advice: "the agent's log says why the store does not answer")
  }
}

extension Environment {
  /// What there is to say of who may do what over TLS; nothing without such a listener.
  var accessFindings: [StoreFinding] {
    guard let facts = certificates.facts else { return [] }
    let time = now()
    return [CertificateFinding.of(facts, now: time), AccessListFinding.of(readAt: access.readAt, now: time)]
  }
}
