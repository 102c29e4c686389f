import EventModel

/// Applies a schema to a value: collects all violations, up to a bound, within a bound of work.
struct SchemaValidator {
  /// The most elementary steps one validation may take. Alternatives inside alternatives multiply; no configuration
  /// that people write comes near.
  static let maximumSteps = 5_000_000

  typealias Violation = PluginHostError.Violation

  let nodes: [SchemaNode]
  var violations: [Violation] = []
  private(set) var steps = 0
  /// While an alternative is tried, only its verdict counts: nothing is collected, and the first fault ends it.
  private var isTrying = false
  private var hasFailed = false

  init(nodes: [SchemaNode]) { self.nodes = nodes }

  /// Whether the work ran out; then the verdict is that the value is refused.
  var isExhausted: Bool { steps > Self.maximumSteps }

  /// Whether there is no point in going on.
  private var isDone: Bool {
    isExhausted || (isTrying ? hasFailed : violations.count >= PluginHostError.maximumViolations)
  }

  /// Notes a fault.
  mutating func fail(_ pointer: String, _ code: String, _ message: @autoclosure () -> String) {
    hasFailed = true
    guard !isTrying, !isDone else { return }
    let violation = Violation(pointer: pointer, code: code, message: message())
    if !violations.contains(violation) { violations.append(violation) }
  }

  /// Counts work.
  mutating func spend(_ count: Int) { steps = steps.addingReportingOverflow(count).partialValue }

  /// Applies one subschema to one value.
  mutating func apply(_ schema: Int, to value: JSONValue, at pointer: String) {
    spend(1)
    guard !isDone else { return }
    let node = nodes[schema]
    if let verdict = node.verdict {
      if !verdict { fail(pointer, "false", "nothing is allowed here") }
      return
    }
    general(node, value, pointer)
    switch value {
    case .integer, .double: number(node, value, pointer)
    case .string(let text): string(node, text, pointer)
    case .array(let items): array(node, items, pointer)
    case .object(let object): self.object(node, object, pointer)
    case .null, .bool: break
    }
    logic(node, value, pointer)
  }

  /// Whether a value is valid by a subschema; collects nothing.
  mutating func accepts(_ schema: Int, _ value: JSONValue, at pointer: String) -> Bool {
    let outer = (isTrying, hasFailed)
    (isTrying, hasFailed) = (true, false)
    apply(schema, to: value, at: pointer)
    let verdict = !hasFailed && !isExhausted
    (isTrying, hasFailed) = outer
    return verdict
  }

  private mutating func general(_ node: SchemaNode, _ value: JSONValue, _ pointer: String) {
    if let types = node.types, types.isDisjoint(with: SchemaTypes(of: value)) {
      fail(pointer, "type", "must be \(types.text)")
    }
    if let constant = node.constant, constant != value {
      fail(pointer, "const", "must be \(JSONWriter.excerpt(constant))")
    }
    if let allowed = node.enumeration {
      spend(allowed.count)
      if !allowed.contains(value) { fail(pointer, "enum", Self.oneOf(allowed, value)) }
    }
  }

  private static func oneOf(_ allowed: [JSONValue], _ value: JSONValue) -> String {
    let list = allowed.prefix(16).map { JSONWriter.excerpt($0) }.joined(separator: ", ")
    let more = allowed.count > 16 ? ", …" : ""
    guard case .string(let text) = value else { return "must be one of \(list)\(more)" }
    let names = allowed.compactMap { if case .string(let name) = $0 { name } else { nil } }
    let hint = NearestName.nearest(to: text, among: names).map { "; did you mean \"\($0)\"?" } ?? ""
    return "must be one of \(list)\(more)\(hint)"
  }

  private mutating func number(_ node: SchemaNode, _ value: JSONValue, _ pointer: String) {
    func text(_ limit: JSONValue) -> String { JSONWriter.text(limit) }
    if let limit = node.minimum, JSONValue.compare(value, limit) == .less {
      fail(pointer, "minimum", "must be at least \(text(limit))")
    }
    if let limit = node.maximum, JSONValue.compare(value, limit) == .greater {
      fail(pointer, "maximum", "must be at most \(text(limit))")
    }
    if let limit = node.exclusiveMinimum, JSONValue.compare(value, limit) != .greater {
      fail(pointer, "exclusiveMinimum", "must be more than \(text(limit))")
    }
    if let limit = node.exclusiveMaximum, JSONValue.compare(value, limit) != .less {
      fail(pointer, "exclusiveMaximum", "must be less than \(text(limit))")
    }
    if let divisor = node.multipleOf, !Self.isMultiple(value, of: divisor) {
      fail(pointer, "multipleOf", "must be a multiple of \(text(divisor))")
    }
  }

  /// Integers exactly; otherwise by the quotient of doubles, so that 0.3 is a multiple of 0.1 only where the doubles
  /// are, as the reference implementations have it.
  private static func isMultiple(_ value: JSONValue, of divisor: JSONValue) -> Bool {
    switch (value, divisor) {
    case (.integer(let value), .integer(let divisor)): value % divisor == 0
    case (.double(let value), .integer(let divisor)):
      value.truncatingRemainder(dividingBy: Double(divisor)) == 0
    case (.integer(let value), .double(let divisor)): isWhole(Double(value) / divisor)
    case (.double(let value), .double(let divisor)): isWhole(value / divisor)
    default: true
    }
  }

  private static func isWhole(_ quotient: Double) -> Bool { quotient.isFinite && quotient == quotient.rounded() }

  private mutating func string(_ node: SchemaNode, _ text: String, _ pointer: String) {
    if node.minLength != nil || node.maxLength != nil {
      let length = text.unicodeScalars.count
      if let limit = node.minLength, length < limit {
        fail(pointer, "minLength", limit == 1 ? "must not be empty" : "must have at least \(limit) characters")
      }
      if let limit = node.maxLength, length > limit {
        fail(pointer, "maxLength", "must have at most \(limit) characters")
      }
    }
    if let pattern = node.pattern, !matches(pattern, text) {
      fail(pointer, "pattern", "must match the pattern \(pattern.source)")
    }
  }

  /// Whether a pattern occurs in a text; false when that would take more than the work that is left.
  mutating func matches(_ pattern: Pattern, _ text: String) -> Bool {
    spend(pattern.cost(scalars: text.utf8.count))
    return !isExhausted && pattern.occurs(in: text)
  }

  private mutating func logic(_ node: SchemaNode, _ value: JSONValue, _ pointer: String) {
    if let reference = node.reference { apply(reference, to: value, at: pointer) }
    for schema in node.allOf { apply(schema, to: value, at: pointer) }
    if !node.anyOf.isEmpty, !node.anyOf.contains(where: { accepts($0, value, at: pointer) }) {
      fail(pointer, "anyOf", "fits none of the \(node.anyOf.count) allowed forms")
    }
    if !node.oneOf.isEmpty {
      let count = node.oneOf.count { accepts($0, value, at: pointer) }
      if count != 1 {
        fail(pointer, "oneOf", "must fit exactly one of \(node.oneOf.count) allowed forms, and fits \(count)")
      }
    }
    if let schema = node.not, accepts(schema, value, at: pointer) {
      fail(pointer, "not", "has a form that is not allowed")
    }
    if let condition = node.condition {
      let branch = accepts(condition, value, at: pointer) ? node.consequence : node.alternative
      if let branch { apply(branch, to: value, at: pointer) }
    }
  }
}
