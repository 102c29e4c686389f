/// A small generator of random numbers, so that a failing case can be had again by its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Random schemas and instances, as JSON text, from pools so small that they often meet.
struct SchemaGenerator {
  var random: SeededGenerator

  private static let names = ["a", "b", "url", "x-1", "x-2", "é", "a/b", "m~n"]
  private static let strings = ["\"\"", "\"a\"", "\"abc\"", "\"x-1\"", "\"é\"", "\"😀😀\"", "\"0042\"", "\"A b\""]
  private static let numbers = ["0", "1", "-1", "1.0", "2", "3", "0.5", "0.1", "0.3", "2.5", "10", "1e2", "-7.25"]
  private static let patterns = ["^[a-z]+$", "b", "^x-", "^\\\\d{2,4}$", "^(a|é)?$", "[^a]", "^.{2}$", "\\\\s", "^$"]
  private static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]

  private mutating func pick(_ pool: [String]) -> String { pool[Int.random(in: pool.indices, using: &random)] }
  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func upTo(_ count: Int) -> Int { Int.random(in: 0...count, using: &random) }

  private static func quoted(_ name: String) -> String { "\"\(name)\"" }

  mutating func instance(depth: Int = 3) -> String {
    switch upTo(depth > 0 ? 8 : 4) {
    case 0: return pick(["null", "true", "false"])
    case 1, 2: return pick(Self.numbers)
    case 3, 4: return pick(Self.strings)
    case 5, 6: return "[" + (0..<upTo(3)).map { _ in instance(depth: depth - 1) }.joined(separator: ",") + "]"
    default: return object { $0.instance(depth: depth - 1) }
    }
  }

  private mutating func object(_ value: (inout SchemaGenerator) -> String) -> String {
    let names = Self.names.shuffled(using: &random).prefix(upTo(4))
    return "{" + names.map { Self.quoted($0) + ":" + value(&self) }.joined(separator: ",") + "}"
  }

  private mutating func list(_ most: Int, _ value: (inout SchemaGenerator) -> String) -> String {
    "[" + (0...upTo(most - 1)).map { _ in value(&self) }.joined(separator: ",") + "]"
  }

  private mutating func nameList() -> String {
    "[" + Self.names.shuffled(using: &random).prefix(1 + upTo(1)).map(Self.quoted).joined(separator: ",") + "]"
  }

  /// A whole schema; one in twenty is malformed.
  mutating func schema() -> String {
    let body = members(depth: 3)
    let definitions = "\"d\":" + subschema(depth: 1) + ",\"e\":" + subschema(depth: 1, mayRefer: false)
    let fault = chance(5) ? "," + malformed() : ""
    return "{\"$defs\":{\(definitions)}" + (body.isEmpty ? "" : "," + body) + fault + "}"
  }

  private mutating func malformed() -> String {
    pick([
      "\"minLength\":-1", "\"type\":\"text\"", "\"required\":[\"a\",\"a\"]", "\"allOf\":[]", "\"multipleOf\":0",
      "\"properties\":[]", "\"enum\":3", "\"items\":[]", "\"uniqueItems\":1", "\"maxItems\":1.5", "\"not\":null",
      "\"type\":[]", "\"title\":1", "\"dependentRequired\":{\"a\":1}", "\"$defs\":true", "\"if\":3",
    ])
  }

  private mutating func subschema(depth: Int, mayRefer: Bool = true) -> String {
    if chance(6) { return pick(["true", "false"]) }
    if mayRefer, chance(10) { return "{\"$ref\":\"#/$defs/e\"}" }
    return "{" + members(depth: depth) + "}"
  }

  private mutating func members(depth: Int) -> String {
    var members: [String: String] = [:]
    for _ in 0...upTo(2) {
      let (name, value) = keyword(depth: depth)
      members[name] = value
    }
    return members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
  }

  private mutating func keyword(depth: Int) -> (String, String) {
    switch upTo(depth > 0 ? 33 : 17) {
    case 0, 1: return ("type", Self.quoted(pick(Self.types)))
    case 2:
      return ("type", "[" + Self.types.shuffled(using: &random).prefix(3).map(Self.quoted).joined(separator: ",") + "]")
    case 3: return ("enum", list(4) { $0.instance(depth: 1) })
    case 4: return ("const", instance(depth: 1))
    case 5: return (pick(["minimum", "maximum"]), pick(Self.numbers))
    case 6: return (pick(["exclusiveMinimum", "exclusiveMaximum"]), pick(Self.numbers))
    case 7: return ("multipleOf", pick(["1", "2", "3", "0.1", "0.5", "1.5"]))
    case 8: return (pick(["minLength", "maxLength"]), pick(["0", "1", "2", "3"]))
    case 9, 10: return ("pattern", Self.quoted(pick(Self.patterns)))
    case 11: return (pick(["minItems", "maxItems"]), pick(["0", "1", "2", "2.0"]))
    case 12: return ("uniqueItems", pick(["true", "false"]))
    case 13: return (pick(["minProperties", "maxProperties"]), pick(["0", "1", "2"]))
    case 14: return ("required", nameList())
    case 15: return ("dependentRequired", object { $0.nameList() })
    case 16: return (pick(["title", "description", "format", "$comment"]), pick(Self.strings))
    case 17: return (pick(["writeOnly", "readOnly", "deprecated"]), "true")
    case 18, 19, 20: return ("properties", object { $0.subschema(depth: depth - 1) })
    case 21, 22: return ("additionalProperties", chance(50) ? "false" : subschema(depth: depth - 1))
    case 23: return ("patternProperties", "{\"\(pick(Self.patterns))\":\(subschema(depth: depth - 1))}")
    case 24: return ("propertyNames", subschema(depth: 0))
    case 25, 26: return ("items", subschema(depth: depth - 1))
    case 27: return ("prefixItems", list(2) { $0.subschema(depth: depth - 1) })
    case 28: return ("allOf", list(2) { $0.subschema(depth: depth - 1) })
    case 29: return ("anyOf", list(3) { $0.subschema(depth: depth - 1) })
    case 30: return ("oneOf", list(3) { $0.subschema(depth: depth - 1) })
    case 31: return ("not", subschema(depth: depth - 1))
    case 32: return (pick(["if", "then", "else"]), subschema(depth: depth - 1))
    default: return ("$ref", "\"#/$defs/d\"")
    }
  }
}
