import Yams

/// Writes documents as YAML.
enum YAMLText {
  static func document(_ value: JSONValue) throws(CtlError) -> String {
    do { return try Yams.serialize(node: node(value), allowUnicode: true) } catch {
      throw CtlError(.failed, "the output cannot be written as YAML: \(error)", cause: error)
    }
  }

  private static func node(_ value: JSONValue) throws -> Node {
    switch value {
    case .null: Node("null", Tag(.null))
    case .bool(let bool): Node(bool ? "true" : "false", Tag(.bool))
    case .integer(let integer): Node(String(integer), Tag(.int))
    case .number(let text): Node(text, Tag(.float))
    // Quotes what would otherwise read as a number, a date or a truth value.
    case .string(let text): try text.represented()
    case .array(let items): Node(try items.map(node), Tag(.seq))
    case .object(let members): Node(try members.map { (try $0.0.represented(), try node($0.1)) }, Tag(.map))
    }
  }
}
