/// All that decides who may do what, as agents keep it in memory.
public struct AccessList: Hashable, Sendable {
  /// The most tokens that are kept, revoked and expired ones included; of grants and denials as many each.
  public static let maximumOfEach = 10_000

  /// Grows with every change of it.
  public var revision: Int64
  /// Tokens that were not revoked, by id. Some may have run out: see ``AccessToken/isValid(at:)``.
  public var tokens: [AccessToken]
  /// Grants, by id. One identity may have several.
  public var grants: [Grant]
  /// Denials, by id.
  public var denials: [Denial]

  /// Makes a list.
  public init(revision: Int64 = 0, tokens: [AccessToken] = [], grants: [Grant] = [], denials: [Denial] = []) {
    self.revision = revision
    self.tokens = tokens
    self.grants = grants
    self.denials = denials
  }
}
