/// What a caller may do. Each role includes the ones before it.
public enum Role: String, Hashable, Sendable, CaseIterable, Comparable, Codable {
  /// Read.
  case viewer
  /// And change what is sent, when and to whom.
  case `operator`
  /// And decide who may do what, and what cannot be undone.
  case admin

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .operator: 1
    case .admin: 2
    }
  }

  /// Whether a role includes less than another.
  public static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }
}
