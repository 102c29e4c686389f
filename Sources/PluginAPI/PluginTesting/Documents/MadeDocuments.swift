import PluginHost

/// Documents for a plugin, each different, one by one: most cases end with the first, and making one costs time.
struct MadeDocuments: Sequence, IteratorProtocol {
  /// How many are made before giving up; and how many in a row, once there is one, without anything new among them.
  private static let (attempts, attemptsInVain) = (300, 40)

  private let schema: JSONSchema?
  private let fill: (String) -> String
  private var maker: DocumentMaker?
  private var attempt = 0
  private var left: Int
  /// Those that were given out.
  private var found: [String] = []
  /// Those that come next; what is made comes after them.
  private var ready: [String]

  /// The author's own, and no other.
  init(only text: String) {
    (schema, maker, left, ready) = (nil, nil, 1, [text])
    fill = { $0 }
  }

  /// What a schema allows: its examples first, then what is made from it.
  /// - Parameters:
  ///   - maker: nil when the schema cannot be read; then there are none.
  ///   - count: how many at most.
  ///   - fill: what is done with each text at last.
  init(_ schema: JSONSchema, _ maker: DocumentMaker?, _ count: Int, fill: @escaping (String) -> String) {
    (self.schema, self.maker, self.fill, left, ready) = (schema, maker, fill, count, [])
    if case .object(let object) = maker?.root, case .array(let examples) = object["examples"] {
      ready = examples.filter { schema.violations(in: $0).isEmpty }.map { fill(CheckingParts.text($0)) }
    }
    if ready.isEmpty, let first = made() { ready = [first] }
  }

  /// Whether there is none at all. Says so before the first is taken only.
  var isEmpty: Bool { ready.isEmpty }

  mutating func next() -> String? {
    guard left > 0, let text = ready.isEmpty ? made() : ready.removeFirst() else { return nil }
    left -= 1
    found.append(text)
    return text
  }

  /// The next that is allowed and was not there before.
  private mutating func made() -> String? {
    guard let schema else { return nil }
    let end = found.isEmpty ? Self.attempts : Swift.min(attempt + Self.attemptsInVain, Self.attempts)
    while attempt < end {
      let amount: DocumentMaker.Fill = attempt == 0 ? .required : attempt == 1 ? .all : .some
      attempt += 1
      guard let value = maker?.document(amount) else { return nil }
      guard schema.violations(in: value).isEmpty else { continue }
      let text = fill(CheckingParts.text(value))
      if !found.contains(text) { return text }
    }
    return nil
  }
}
