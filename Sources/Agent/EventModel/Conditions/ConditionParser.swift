/// Reads a condition by recursive descent; the depth is bounded.
struct ConditionParser<Field: Sendable> {
  typealias Node = ConditionNode<Field>
  /// Finds what a path names; the second says whether it is only asked whether there is something.
  typealias Resolve = ([String], Bool) throws(ModelError) -> Field

  private static var deepest: Int { 32 }
  private static var mostLiterals: Int { 100 }

  private let field: String
  private var scanner: ConditionScanner
  private var depth = 0
  private let resolve: Resolve

  init(_ text: String, field: String, resolve: @escaping Resolve) {
    self.field = field
    self.resolve = resolve
    scanner = ConditionScanner(text)
  }

  mutating func whole() throws(ModelError) -> Node {
    let node = try any()
    scanner.skipSpace()
    guard scanner.isAtEnd else { throw fault("&&, || or the end") }
    return node
  }

  private mutating func any() throws(ModelError) -> Node {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw ModelError(field: field, "must not be nested deeper than \(Self.deepest)")
    }
    var nodes = [try all()]
    while scanner.take("||") { nodes.append(try all()) }
    return nodes.count == 1 ? nodes[0] : .any(nodes)
  }

  private mutating func all() throws(ModelError) -> Node {
    var nodes = [try one()]
    while scanner.take("&&") { nodes.append(try one()) }
    return nodes.count == 1 ? nodes[0] : .all(nodes)
  }

  private mutating func one() throws(ModelError) -> Node {
    if scanner.take("!") {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.deepest else {
        throw ModelError(field: field, "must not be nested deeper than \(Self.deepest)")
      }
      return .not(try one())
    }
    if scanner.take("(") {
      let node = try any()
      guard scanner.take(")") else { throw fault("&&, || or )") }
      return node
    }
    return try test()
  }

  private mutating func test() throws(ModelError) -> Node {
    guard let word = scanner.word() else { throw fault("a field, has(field), ! or (") }
    if word == "has", scanner.take("(") {
      guard let name = scanner.word() else { throw fault("a field") }
      let (tested, match) = try asked(name, presence: true)
      guard match == nil, scanner.take(")") else { throw fault(")") }
      return .has(tested)
    }
    let (tested, match) = try asked(word, presence: false)
    if let match { return .matches(tested, match, try argument()) }
    for comparison in Condition.Comparison.allCases where scanner.take(comparison.rawValue) {
      return .compare(tested, comparison, try literal())
    }
    if scanner.takeWord("in") { return .oneOf(tested, try list()) }
    throw fault("==, !=, <, <=, >, >=, in, .startsWith(…), .endsWith(…) or .contains(…)")
  }

  /// The field that a word and what follows it name, and the method that is called on it.
  private mutating func asked(
    _ word: String, presence: Bool
  ) throws(ModelError) -> (Field, Condition.TextMatch?) {
    var path = [word]
    while true {
      if scanner.take(".") {
        guard let next = scanner.word() else { throw fault("a name after the point") }
        path.append(next)
      } else if scanner.take("[") {
        guard let name = scanner.quoted() else { throw fault("a name in quotes") }
        guard scanner.take("]") else { throw fault("]") }
        path.append(name)
      } else {
        break
      }
    }
    let match = scanner.isAtArgument ? path.last.flatMap(Condition.TextMatch.init) : nil
    if match != nil { path.removeLast() }
    return (try resolve(path, presence), match)
  }

  private mutating func argument() throws(ModelError) -> String {
    guard scanner.take("("), let text = scanner.quoted() else { throw fault("a text in quotes") }
    guard scanner.take(")") else { throw fault(")") }
    return text
  }

  private mutating func list() throws(ModelError) -> [Condition.Literal] {
    guard scanner.take("[") else { throw fault("a list such as [\"a\", \"b\"]") }
    var literals = [try literal()]
    while scanner.take(",") {
      guard literals.count < Self.mostLiterals else {
        throw ModelError(field: field, "must not have a list of over \(Self.mostLiterals) values")
      }
      literals.append(try literal())
    }
    guard scanner.take("]") else { throw fault(", or ]") }
    return literals
  }

  private mutating func literal() throws(ModelError) -> Condition.Literal {
    if let text = scanner.quoted() { return .text(text) }
    if let number = scanner.number() { return .number(number) }
    for word in ["true", "false"] where scanner.takeWord(word) { return .text(word) }
    throw fault("a text in quotes, a number, true or false")
  }

  private func fault(_ expected: String) -> ModelError {
    ModelError(field: field, "does not make sense at character \(scanner.position + 1): expected \(expected)")
  }
}

extension Condition.Field {
  /// The fields, for people.
  static let list = """
    event.type, event.schedule, event.queue, event.key, event.test, definition.NAME, user.id, user.display_name, \
    user.given_name, user.family_name, user.nickname, user.locale, user.time_zone, user.attributes.NAME, \
    user.addresses.KIND
    """

  private static let names = ["display_name", "given_name", "family_name", "nickname"]

  init?(path: [String]) {
    switch (path.count, path.first, path.count > 1 ? path[1] : "") {
    case (2, "event", "type"): self = .eventType
    case (2, "event", "schedule"): self = .schedule
    case (2, "event", "queue"): self = .queue
    case (2, "event", "key"): self = .key
    case (2, "event", "test"): self = .test
    case (2, "definition", let name): self = .definition(name)
    case (2, "user", "id"): self = .userID
    case (2, "user", "locale"): self = .locale
    case (2, "user", "time_zone"): self = .userTimeZone
    case (2, "user", let name) where Self.names.contains(name): self = .name(name)
    case (3, "user", "attributes"): self = .attribute(path[2])
    case (3, "user", "addresses"): self = .address(path[2])
    default: return nil
    }
  }
}
