/// Which shards an agent takes first: patterns such as `europe/07` (one shard), `europe/*` (a zone group) and `all`.
///
/// A preference binds nobody: every agent works on every shard that has something due. `all`, and no pattern at all, mean
/// the same: none before another.
public struct ShardPreference: Hashable, Sendable, CustomStringConvertible {
  /// The most patterns that an agent may name.
  public static let maximumPatterns = 64
  /// The longest name of a zone group, in bytes.
  public static let maximumGroupBytes = 32

  /// No shard before another.
  public static let none = ShardPreference()

  /// Zone groups that are preferred whole.
  public private(set) var zoneGroups: Set<String> = []
  /// Single shards that are preferred, those of preferred zone groups left out.
  public private(set) var shards: Set<Shard> = []

  private init() {}

  /// Reads patterns; zone groups may be written in any case.
  /// - Parameter field: what the caller calls them, for the error.
  /// - Throws: `ModelError` that names `field`, with every pattern that is none.
  public init(patterns: [String], field: String = "prefers") throws(ModelError) {
    guard patterns.count <= Self.maximumPatterns else {
      throw ModelError(field: field, "must be at most \(Self.maximumPatterns) patterns, not \(patterns.count)")
    }
    var faults: [ModelError.Violation] = []
    for pattern in patterns where pattern != "all" {
      switch Self.parsed(pattern) {
      case .group(let group): zoneGroups.insert(group)
      case .shard(let shard): shards.insert(shard)
      case nil: faults.append(.init(field: field, message: Self.refusal(of: pattern)))
      }
    }
    if patterns.contains("all"), patterns.contains(where: { $0 != "all" }) {
      faults.append(.init(field: field, message: "\"all\" stands alone: beside it no shard can come first"))
    }
    guard faults.isEmpty else { throw ModelError(violations: faults) }
    shards = shards.filter { !zoneGroups.contains($0.zoneGroup) }
  }

  /// Whether no shard comes before another.
  public var isEmpty: Bool { zoneGroups.isEmpty && shards.isEmpty }

  /// Whether a shard comes before those that do not match; false for every shard when none is preferred.
  public func matches(_ shard: Shard) -> Bool {
    zoneGroups.contains(shard.zoneGroup) || shards.contains(shard)
  }

  /// What either of two prefers.
  public func union(_ other: ShardPreference) -> ShardPreference {
    var both = self
    both.zoneGroups.formUnion(other.zoneGroups)
    both.shards = shards.union(other.shards).filter { !both.zoneGroups.contains($0.zoneGroup) }
    return both
  }

  /// The fewest patterns that say the same, sorted; empty when none is preferred.
  public var patterns: [String] { (zoneGroups.map { "\($0)/*" } + shards.map(\.description)).sorted() }

  /// `all`, or the patterns.
  public var description: String { isEmpty ? "all" : patterns.joined(separator: ", ") }

  private enum Pattern {
    case group(String)
    case shard(Shard)
  }

  private static func parsed(_ text: String) -> Pattern? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, isGroup(parts[0]) else { return nil }
    let group = parts[0].lowercased()
    if parts[1] == "*" { return .group(group) }
    let isNumber = parts[1].utf8.count <= 2 && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, let slot = Int32(parts[1]), slot < Int32(Shard.slotsPerGroup) else { return nil }
    return .shard(Shard(zoneGroup: group, slot: slot))
  }

  /// What the first part of a zone name may hold (POSIX file names of the zone database: letters, digits, `-`, `_`, `+`).
  private static func isGroup(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= maximumGroupBytes
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"): true
        default: false
        }
      }
  }

  private static func refusal(of pattern: String) -> String {
    "must be all, a zone group such as europe/*, or a shard from europe/00 to europe/\(Shard.slotsPerGroup - 1), "
      + "not \"\(pattern.prefix(maximumGroupBytes))\""
  }
}
