import Store

/// An etag is the revision in decimal.
enum Etag {
  /// The etag of a revision; empty for a draft.
  static func text(_ revision: Int64) -> String { revision == 0 ? "" : String(revision) }

  /// What must hold for a change that came with an etag.
  /// - Parameter otherwise: what must hold when none came.
  /// - Throws: a mismatch when it is none of ours.
  static func precondition(
    _ etag: String, otherwise: Precondition, name: ResourceName
  ) throws -> Precondition {
    guard !etag.isEmpty else { return otherwise }
    guard let revision = Int64(etag), revision > 0, String(revision) == etag else { throw Failure.etagMismatch(name) }
    return .revision(revision)
  }
}
