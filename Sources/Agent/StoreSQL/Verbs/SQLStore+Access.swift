public import EventModel
public import Store

/// Whoever has just changed something reads it here: never from a replica.
extension SQLStore {
  /// See ``AccessStore``.
  public func accessList(besides known: Int64?) async throws(StoreError) -> AccessList? {
    try await read(.fresh) { try $0.accessList(besides: known) }
  }

  /// See ``AccessStore``.
  public func token(id: String) async throws(StoreError) -> AccessToken {
    try await read(.fresh) { try $0.token(id) }
  }

  /// See ``AccessStore``.
  public func tokens(page: PageRequest) async throws(StoreError) -> Page<AccessToken> {
    try await read(.fresh) { try $0.tokens(page) }
  }

  /// See ``AccessStore``.
  public func grant(id: String) async throws(StoreError) -> Grant {
    try await read(.fresh) { try $0.grant(id) }
  }

  /// See ``AccessStore``.
  public func grants(page: PageRequest) async throws(StoreError) -> Page<Grant> {
    try await read(.fresh) { try $0.grants(page) }
  }

  /// See ``AccessStore``.
  public func denial(id: String) async throws(StoreError) -> Denial {
    try await read(.fresh) { try $0.denial(id) }
  }

  /// See ``AccessStore``.
  public func denials(page: PageRequest) async throws(StoreError) -> Page<Denial> {
    try await read(.fresh) { try $0.denials(page) }
  }
}
