/// What an event must be for a subscription to want it: comparisons of fields, joined by `&&`, `||`, `!` and parentheses.
///
/// The text is a small part of the Common Expression Language (https://cel.dev), so that those who know it can guess it:
/// `event.queue == "critical" && (user.locale.startsWith("de") || user.attributes.team in ["core", "ops"])`.
public struct Condition: Hashable, Sendable, CustomStringConvertible {
  /// The longest text, in bytes.
  public static let maximumBytes = 2_000

  /// As it was written.
  public let text: String
  private let root: ConditionNode<Field>

  /// Reads a condition.
  /// - Throws: `ModelError` of `field`, which says where it ends to make sense, and what is allowed there.
  public init(_ text: String, field: String = "condition") throws(ModelError) {
    let read = try FieldCondition(text, field: field) { path, _ throws(ModelError) in
      guard let known = Field(path: path) else { throw ModelError(field: field, Self.unknown(path)) }
      return known
    }
    self.root = read.root
    self.text = text
  }

  /// Whether it holds.
  /// - Parameter value: the text of a field; nil when there is none.
  public func holds(_ value: (Field) -> String?) -> Bool { root.holds(value) }

  /// The text.
  public var description: String { text }

  /// Equal when written alike.
  public static func == (a: Condition, b: Condition) -> Bool { a.text == b.text }
  /// By the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// What can be asked about.
  public enum Field: Hashable, Sendable {
    /// The event type's name.
    case eventType
    /// The schedule's id.
    case schedule
    /// The queue's name.
    case queue
    /// The occurrence key.
    case key
    /// `true` for a test.
    case test
    /// A member of the schedule's definition that is a text, a number or a truth value.
    case definition(String)
    /// The person's id.
    case userID
    /// `display_name`, `given_name`, `family_name`, `nickname`.
    case name(String)
    /// The person's language.
    case locale
    /// The person's time zone.
    case userTimeZone
    /// One of the person's attributes.
    case attribute(String)
    /// The person's address of a kind.
    case address(String)
  }

  private static func unknown(_ path: [String]) -> String {
    "\"\(path.joined(separator: ".").prefix(80))\" is no field; there are: \(Field.list)"
  }

  enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
  }

  enum TextMatch: String, Sendable, CaseIterable {
    case startsWith
    case endsWith
    case contains
  }

  enum Literal: Sendable {
    case text(String)
    case number(Double)
  }
}

/// A part of a condition.
indirect enum ConditionNode<Field: Sendable>: Sendable {
  case any([ConditionNode])
  case all([ConditionNode])
  case not(ConditionNode)
  case compare(Field, Condition.Comparison, Condition.Literal)
  case oneOf(Field, [Condition.Literal])
  case matches(Field, Condition.TextMatch, String)
  case has(Field)

  func holds(_ value: (Field) -> String?) -> Bool {
    switch self {
    case .any(let nodes): nodes.contains { $0.holds(value) }
    case .all(let nodes): nodes.allSatisfy { $0.holds(value) }
    case .not(let node): !node.holds(value)
    case .has(let field): value(field) != nil
    case .compare(let field, let comparison, let literal): literal.holds(comparison, of: value(field))
    case .oneOf(let field, let literals):
      value(field).map { text in literals.contains { $0.holds(.equal, of: text) } } ?? false
    case .matches(let field, let match, let wanted): value(field).map { match.holds($0, wanted) } ?? false
    }
  }
}

extension Condition.Literal {
  /// What is not there, or is no number where a number is asked for, is unequal to everything and fails all else.
  func holds(_ comparison: Condition.Comparison, of text: String?) -> Bool {
    guard let text else { return comparison == .unequal }
    switch self {
    case .text(let wanted): return comparison.holds(text, wanted)
    case .number(let wanted):
      guard let number = Double(text), number.isFinite else { return comparison == .unequal }
      return comparison.holds(number, wanted)
    }
  }
}

extension Condition.Comparison {
  func holds<Value: Comparable>(_ a: Value, _ b: Value) -> Bool {
    switch self {
    case .equal: a == b
    case .unequal: a != b
    case .less: a < b
    case .atMost: a <= b
    case .greater: a > b
    case .atLeast: a >= b
    }
  }
}

extension Condition.TextMatch {
  func holds(_ text: String, _ wanted: String) -> Bool {
    switch self {
    case .startsWith: text.hasPrefix(wanted)
    case .endsWith: text.hasSuffix(wanted)
    case .contains: text.contains(wanted)
    }
  }
}
