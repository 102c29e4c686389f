import AgentHarness
import Testing

/// All end-to-end tests. One at a time: agents that share two cores would measure each other.
@Suite("End to end", .serialized)
enum EndToEnd {
  /// Whether the long runs are asked for.
  static let isSoak = Programs.value(of: "CARILLON_SOAK") != nil

  /// A file of this folder's fixtures.
  static func fixture(_ name: String) -> String { "\(Programs.repository)/Tests/EndToEnd/Fixtures/\(name)" }
}
