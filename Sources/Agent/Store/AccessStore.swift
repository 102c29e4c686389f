public import EventModel

/// Who may do what. Changes are ``Change`` cases; each of them, and nothing else, raises ``AccessList/revision``, which
/// every renewal of a lease answers.
public protocol AccessStore: Sendable {
  /// All that counts: tokens that were not revoked, every grant and every denial; at most ``AccessList/maximumOfEach`` of
  /// each. Reads what was committed last, never a replica.
  /// - Parameter known: the revision that the caller has already; when it still counts, only that is looked at, and the
  ///   answer is nil. A caller that has none names a nil, and gets the list.
  func accessList(besides known: Int64?) async throws(StoreError) -> AccessList?

  /// - Throws: `.notFound`.
  func token(id: String) async throws(StoreError) -> AccessToken
  /// Tokens by id; revoked ones and those that ran out too, for ``AccessToken/keptFor``.
  func tokens(page: PageRequest) async throws(StoreError) -> Page<AccessToken>

  /// - Throws: `.notFound`.
  func grant(id: String) async throws(StoreError) -> Grant
  /// Grants by id.
  func grants(page: PageRequest) async throws(StoreError) -> Page<Grant>

  /// - Throws: `.notFound`.
  func denial(id: String) async throws(StoreError) -> Denial
  /// Denials by id.
  func denials(page: PageRequest) async throws(StoreError) -> Page<Denial>
}
