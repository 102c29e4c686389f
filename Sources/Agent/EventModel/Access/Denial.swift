/// Somebody who is kept out, whatever is granted.
public struct Denial: Hashable, Sendable {
  /// Longest reason, in bytes.
  public static let maximumReasonBytes = 500

  /// Who is kept out.
  public enum Subject: Hashable, Sendable {
    /// One certificate, by the SHA-256 of its DER form.
    case certificate(SHA256Digest)
    /// All certificates of an identity: `spiffe://…` or `dns:…`.
    case identity(String)
  }

  /// Its id: 1 to 63 of `a-z 0-9 -`.
  public var id: String
  /// Who is kept out.
  public var subject: Subject
  /// Why, for people; may be empty.
  public var reason: String
  /// When it was made; the store sets it.
  public var createdAt: Timestamp
  /// Who made it; the store sets it.
  public var creator: String

  /// Makes a denial, as a draft without what the store sets.
  public init(
    id: String, subject: Subject, reason: String = "", createdAt: Timestamp = Timestamp(microseconds: 0),
    creator: String = ""
  ) {
    self.id = id
    self.subject = subject
    self.reason = reason
    self.createdAt = createdAt
    self.creator = creator
  }

  /// Checks the fields of a draft.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(id, field: "denial_id") }
    if case .identity(let identity) = subject {
      faults.keep { () throws(ModelError) in try CallerIdentity.check(identity, field: "identity") }
    }
    faults.require(
      reason.utf8.count <= Self.maximumReasonBytes, "reason", "must be at most \(Self.maximumReasonBytes) bytes")
    try faults.check()
  }
}
