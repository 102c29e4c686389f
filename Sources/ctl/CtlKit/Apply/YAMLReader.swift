import Yams

/// A value read from YAML or JSON, with its line for errors.
struct SourceValue: Sendable {
  indirect enum Form: Sendable {
    /// Anything that is no collection.
    case scalar(JSONValue)
    case list([SourceValue])
    case map([(key: String, value: SourceValue)])
  }

  var form: Form
  /// From 1.
  var line: Int

  /// Without the lines.
  var json: JSONValue {
    switch form {
    case .scalar(let value): value
    case .list(let items): .array(items.map(\.json))
    case .map(let members): .object(members.map { ($0.key, $0.value.json) })
    }
  }
}

/// Reads documents of YAML 1.2's core schema, which JSON is part of.
///
/// Only `true` and `false` are truth values, and `09:00` is a text: the surprises of YAML 1.1 have
/// no place in times of day.
enum YAMLReader {
  static let maxBytes = 16 * 1024 * 1024
  /// Values in all documents, those behind aliases counted each time.
  static let maxValues = 1_000_000
  static let maxDepth = 64
  static let maxDocuments = 10_000

  static func documents(_ bytes: [UInt8], name: String) throws(CtlError) -> [SourceValue] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CtlError(.invalidArgument, "\(name) is not valid UTF-8")
    }
    var nodes: [Node] = []
    do {
      var sequence = try Yams.compose_all(yaml: text)
      while let node = sequence.next() {
        nodes.append(node)
        if nodes.count > maxDocuments { break }
      }
      // A fault ends the sequence in silence, and is kept there.
      if let error = sequence.error { throw error }
    } catch {
      throw CtlError(.invalidArgument, "\(name) is not valid YAML: \(error)", cause: error)
    }
    guard nodes.count <= maxDocuments else {
      throw CtlError(.invalidArgument, "\(name) has more than \(maxDocuments) documents", hint: "split it")
    }
    var budget = maxValues
    var values: [SourceValue] = []
    for node in nodes where !isEmpty(node) { values.append(try value(node, depth: 0, &budget)) }
    return values
  }

  /// A document of nothing but comments.
  private static func isEmpty(_ node: Node) -> Bool { node.scalar?.string.isEmpty == true }

  private static func value(_ node: Node, depth: Int, _ budget: inout Int) throws(CtlError) -> SourceValue {
    let line = node.mark?.line ?? 1
    budget -= 1
    guard budget > 0 else { throw CtlError(.invalidArgument, "more than \(maxValues) values", hint: "split the file") }
    guard depth < maxDepth else { throw .invalid("line \(line)", "nested deeper than \(maxDepth)") }
    switch node {
    case .scalar(let scalar): return SourceValue(form: .scalar(resolve(scalar)), line: line)
    case .sequence(let items):
      var list: [SourceValue] = []
      for item in items { list.append(try value(item, depth: depth + 1, &budget)) }
      return SourceValue(form: .list(list), line: line)
    case .mapping(let pairs):
      var members: [(key: String, value: SourceValue)] = []
      for (key, item) in pairs {
        guard let name = key.scalar?.string else { throw .invalid("line \(line)", "a key is not a text") }
        members.append((name, try value(item, depth: depth + 1, &budget)))
      }
      return SourceValue(form: .map(members), line: line)
    case .alias: throw .invalid("line \(line)", "an alias has no anchor")
    }
  }

  private static func resolve(_ scalar: Node.Scalar) -> JSONValue {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first, Byte.isDigit(first) || "-.+".utf8.contains(first) else { return nil }
    if let integer = Int64(text) { return .integer(integer) }
    guard text.utf8.allSatisfy({ Byte.isDigit($0) || "+-.eE".utf8.contains($0) }), let double = Double(text),
      double.isFinite
    else { return nil }
    return .number("\(double)")
  }
}
