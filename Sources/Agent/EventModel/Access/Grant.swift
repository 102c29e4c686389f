/// What an identity of a client certificate may do.
public struct Grant: Hashable, Sendable {
  /// Its id: 1 to 63 of `a-z 0-9 -`.
  public var id: String
  /// `spiffe://…` or `dns:…`, exactly as in the certificate.
  public var identity: String
  /// What it allows.
  public var role: Role
  /// The only namespace that it reaches; nil: every one.
  public var namespace: String?
  /// When it was made; the store sets it.
  public var createdAt: Timestamp
  /// Who made it; the store sets it.
  public var creator: String

  /// Makes a grant, as a draft without what the store sets.
  public init(
    id: String, identity: String, role: Role, namespace: String? = nil,
    createdAt: Timestamp = Timestamp(microseconds: 0), creator: String = ""
  ) {
    self.id = id
    self.identity = identity
    self.role = role
    self.namespace = namespace
    self.createdAt = createdAt
    self.creator = creator
  }

  /// Checks the fields of a draft.
  /// - Throws: `ModelError` with all violations at once.
  public func check() throws(ModelError) {
    var faults = Faults()
    faults.keep { () throws(ModelError) in try Names.checkName(id, field: "grant_id") }
    faults.keep { () throws(ModelError) in try CallerIdentity.check(identity, field: "identity") }
    if let namespace {
      faults.keep { () throws(ModelError) in try Names.checkName(namespace, field: "namespace") }
    }
    try faults.check()
  }
}
