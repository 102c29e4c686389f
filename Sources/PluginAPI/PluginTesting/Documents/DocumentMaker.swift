import PluginHost

/// Makes documents that a schema allows: what its `examples`, `default`, `const` and `enum` say, else by type within its
/// bounds. What comes out is checked against the schema by whoever uses it.
struct DocumentMaker {
  /// How much of what is optional is there.
  enum Fill: Sendable {
    case required
    case all
    case some
  }

  private static let maximumDepth = 8

  let root: JSONValue
  let folder: String
  let port: Int
  var random: SeededGenerator

  /// A document.
  mutating func document(_ fill: Fill) -> JSONValue { value(root, name: "", fill, depth: 0) }

  private mutating func value(_ schema: JSONValue, name: String, _ fill: Fill, depth: Int) -> JSONValue {
    guard case .object(let object) = schema, depth < Self.maximumDepth else { return .object(JSONObject()) }
    if let constant = object["const"] { return constant }
    if let one = pick(object["examples"]) { return one }
    if let one = object["default"] { return one }
    if let one = pick(object["enum"]) { return one }
    if case .string(let target) = object["$ref"], let schema = resolve(target) {
      return value(schema, name: name, fill, depth: depth + 1)
    }
    for keyword in ["oneOf", "anyOf"] {
      if object["type"] == nil, case .array(let choices) = object[keyword],
        let one = choices.randomElement(using: &random)
      {
        return value(one, name: name, fill, depth: depth + 1)
      }
    }
    if object["type"] == nil, case .array(let all) = object["allOf"], let first = all.first {
      return value(first, name: name, fill, depth: depth + 1)
    }
    return made(type(of: object), object, name: name, fill, depth: depth)
  }

  private mutating func made(
    _ type: String, _ object: JSONObject, name: String, _ fill: Fill, depth: Int
  ) -> JSONValue {
    switch type {
    case "null": return .null
    case "boolean": return .bool(Bool.random(using: &random))
    case "integer": return .integer(Int64(number(object)))
    case "number": return .double(number(object) + (object["multipleOf"] == nil ? 0.5 : 0))
    case "string": return .string(TextMaker(folder: folder, port: port).text(object, name: name, &random))
    case "array": return array(object, name: name, fill, depth: depth)
    default: return self.object(object, fill, depth: depth)
    }
  }

  private mutating func type(of object: JSONObject) -> String {
    switch object["type"] {
    case .string(let type): return type
    case .array(let types):
      if case .string(let type) = types.randomElement(using: &random) { return type }
      return "object"
    default: return object["properties"] == nil && object["pattern"] != nil ? "string" : "object"
    }
  }

  private mutating func object(_ schema: JSONObject, _ fill: Fill, depth: Int) -> JSONValue {
    var result = JSONObject()
    let required = Self.strings(schema["required"])
    guard case .object(let properties) = schema["properties"] else { return .object(result) }
    for member in properties.members {
      let isWanted =
        required.contains(member.name) || fill == .all || (fill == .some && Bool.random(using: &random))
      guard isWanted else { continue }
      _ = result.add(member.name, value(member.value, name: member.name, fill, depth: depth + 1))
    }
    return .object(result)
  }

  private mutating func array(_ schema: JSONObject, name: String, _ fill: Fill, depth: Int) -> JSONValue {
    let least = Self.count(schema["minItems"]) ?? 0
    let most = min(Self.count(schema["maxItems"]) ?? (least + 3), least + 3)
    var items: [JSONValue] = []
    for _ in 0..<Int.random(in: least...max(least, most), using: &random) {
      let item = value(schema["items"] ?? .object(JSONObject()), name: name, fill, depth: depth + 1)
      if schema["uniqueItems"] == .bool(true), items.contains(item) { continue }
      items.append(item)
    }
    return .array(items)
  }

  private mutating func number(_ schema: JSONObject) -> Double {
    let low = Self.double(schema["minimum"]) ?? Self.double(schema["exclusiveMinimum"]).map { $0 + 1 } ?? 0
    let high = Self.double(schema["maximum"]) ?? Self.double(schema["exclusiveMaximum"]).map { $0 - 1 } ?? (low + 100)
    let step = Self.double(schema["multipleOf"]) ?? 1
    let value = Double.random(in: low...max(low, high), using: &random)
    return max(low, (value / step).rounded(.down) * step)
  }

  private mutating func pick(_ list: JSONValue?) -> JSONValue? {
    guard case .array(let values) = list else { return nil }
    return values.randomElement(using: &random)
  }

  private func resolve(_ target: String) -> JSONValue? {
    var value = root
    for token in target.dropFirst().split(separator: "/") {
      guard case .object(let object) = value, let next = object[String(token)] else { return nil }
      value = next
    }
    return value
  }

  static func strings(_ value: JSONValue?) -> [String] {
    guard case .array(let items) = value else { return [] }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  static func count(_ value: JSONValue?) -> Int? {
    if case .integer(let count) = value { Int(clamping: count) } else { nil }
  }

  private static func double(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}
