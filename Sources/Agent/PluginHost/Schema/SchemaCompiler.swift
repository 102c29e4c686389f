/// Turns a schema document into nodes; refuses what is malformed or unknown.
struct SchemaCompiler {
  private static let dialect = "https://json-schema.org/draft/2020-12/schema"
  static let annotations: Set<String> = [
    "$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples", "format", "readOnly",
    "deprecated",
  ]

  let document: JSONValue
  private(set) var nodes: [SchemaNode] = []
  /// Where a subschema stands → its index; so that a `$ref` and the place it points to share one node.
  private var known: [String: Int] = [:]
  private var references: [(node: Int, target: String, pointer: String)] = []

  init(document: JSONValue) { self.document = document }

  /// Compiles everything; answers the index of the whole schema.
  mutating func compileRoot() throws(PluginHostError) -> Int {
    let root = try compile(document, at: "")
    try resolveReferences()
    try refuseCircles()
    return root
  }

  /// An error at a keyword.
  static func refused(_ pointer: String, _ what: String) -> PluginHostError {
    PluginHostError(.unsupportedSchema, "schema, \(pointer.isEmpty ? "(root)" : pointer): \(what)")
  }

  /// Compiles one subschema; answers its index.
  mutating func compile(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> Int {
    if let index = known[pointer] { return index }
    guard nodes.count < JSONSchema.maximumNodes else {
      throw Self.refused(pointer, "more than \(JSONSchema.maximumNodes) subschemas")
    }
    let index = nodes.count
    nodes.append(SchemaNode())
    known[pointer] = index
    switch value {
    case .bool(let verdict): nodes[index].verdict = verdict
    case .object(let object):
      var node = SchemaNode()
      for member in object.members {
        try keyword(member.name, member.value, at: JSONPointer.member(pointer, member.name), node: &node, index: index)
      }
      nodes[index] = node
    default: throw Self.refused(pointer, "must be a schema: an object, true or false")
    }
    return index
  }

  private mutating func keyword(
    _ name: String, _ value: JSONValue, at pointer: String, node: inout SchemaNode, index: Int
  ) throws(PluginHostError) {
    if Self.annotations.contains(name) { return try annotation(name, value, at: pointer) }
    if try Self.assertion(name, value, at: pointer, node: &node) { return }
    if name == "$ref" {
      references.append((index, try Self.string(value, at: pointer), pointer))
      return
    }
    if try applicator(name, value, at: pointer, node: &node) { return }
    throw Self.refused(pointer, "the keyword \"\(name)\" is not supported")
  }

  private mutating func annotation(_ name: String, _ value: JSONValue, at pointer: String) throws(PluginHostError) {
    switch name {
    case "$schema":
      guard try Self.string(value, at: pointer) == Self.dialect else {
        throw Self.refused(pointer, "must be \"\(Self.dialect)\"")
      }
    case "$defs":
      for member in try Self.object(value, at: pointer).members {
        _ = try compile(member.value, at: JSONPointer.member(pointer, member.name))
      }
    case "$id":
      // With an embedded $id, references below it would mean something else.
      guard pointer == "/$id" else { throw Self.refused(pointer, "is supported at the root only") }
      _ = try Self.string(value, at: pointer)
    case "$comment", "title", "description", "format": _ = try Self.string(value, at: pointer)
    case "readOnly", "deprecated": _ = try Self.flag(value, at: pointer)
    case "examples": _ = try Self.array(value, at: pointer)
    default: break
    }
  }

  private mutating func resolveReferences() throws(PluginHostError) {
    // Resolving can compile a place that nothing else named, and that can add references.
    while let reference = references.popLast() {
      guard reference.target.hasPrefix("#"), !reference.target.contains("%"),
        let tokens = JSONPointer.tokens(reference.target.dropFirst())
      else {
        throw Self.refused(reference.pointer, "\"\(reference.target)\" must be a local reference such as #/$defs/name")
      }
      guard tokens.isEmpty || (tokens.count == 2 && tokens[0] == "$defs") else {
        throw Self.refused(reference.pointer, "\"\(reference.target)\" must be # or #/$defs/name")
      }
      guard let target = known[String(reference.target.dropFirst())] else {
        throw Self.refused(reference.pointer, "\"\(reference.target)\" does not exist")
      }
      nodes[reference.node].reference = target
    }
  }

  /// A reference that leads back to itself on the same value would never end.
  private func refuseCircles() throws(PluginHostError) {
    enum Mark {
      case open
      case done
    }
    var marks: [Int: Mark] = [:]
    for start in nodes.indices where marks[start] == nil {
      var path: [(node: Int, rest: [Int])] = [(start, nodes[start].inPlace)]
      marks[start] = .open
      while let top = path.indices.last {
        guard let next = path[top].rest.popLast() else {
          marks[path[top].node] = .done
          path.removeLast()
          continue
        }
        switch marks[next] {
        case .open:
          let place = known.first { $0.value == next }?.key ?? ""
          throw Self.refused(place, "refers to itself without going into the value")
        case .done: continue
        case nil:
          marks[next] = .open
          path.append((next, nodes[next].inPlace))
        }
      }
    }
  }
}
