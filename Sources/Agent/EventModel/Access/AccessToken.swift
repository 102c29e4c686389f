/// A bearer token as it is kept: a hash of its secret, never the secret.
public struct AccessToken: Hashable, Sendable {
  /// Longest description, in bytes.
  public static let maximumDescriptionBytes = 200
  /// The longest time from its creation to its end.
  public static let maximumLifetime = TimeSpan.hours(366 * 24)
  /// How long after its end, or after it was revoked, a token is still listed.
  public static let keptFor = TimeSpan.hours(90 * 24)

  /// Its id: 1 to 63 of `a-z 0-9 -`.
  public var id: String
  /// SHA-256 of the secret.
  public var digest: SHA256Digest
  /// What it allows.
  public var role: Role
  /// The only namespace that it reaches; nil: every one.
  public var namespace: String?
  /// From then on it is worth nothing.
  public var expiresAt: Timestamp
  /// For people.
  public var description: String
  /// When it was made; the store sets it.
  public var createdAt: Timestamp
  /// Who made it; the store sets it.
  public var creator: String
  /// When it was revoked; nil: it was not. The store sets it.
  public var revokedAt: Timestamp?

  /// Makes a token, as a draft without what the store sets.
  public init(
    id: String, digest: SHA256Digest, role: Role, namespace: String? = nil, expiresAt: Timestamp,
    description: String = "", createdAt: Timestamp = Timestamp(microseconds: 0), creator: String = "",
    revokedAt: Timestamp? = nil
  ) {
    self.id = id
    self.digest = digest
    self.role = role
    self.namespace = namespace
    self.expiresAt = expiresAt
    self.description = description
    self.createdAt = createdAt
    self.creator = creator
    self.revokedAt = revokedAt
  }

  /// Whether it is worth something at a moment.
  public func isValid(at now: Timestamp) -> Bool { revokedAt == nil && now < expiresAt }

  /// Checks the fields of a draft that is made now.
  /// - Throws: `ModelError` with all violations at once.
  public func check(now: Timestamp) throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(id, field: "token_id") }
    if let namespace {
      faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    }
    faults.require(
      description.utf8.count <= Self.maximumDescriptionBytes, "description",
      "must be at most \(Self.maximumDescriptionBytes) bytes")
    faults.require(
      expiresAt > now && expiresAt <= now + Self.maximumLifetime, "expire_time",
      "must be after now and at most 366 days from now")
    try faults.check()
  }
}
