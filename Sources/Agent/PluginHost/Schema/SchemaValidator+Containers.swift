import EventModel

/// Arrays and objects.
extension SchemaValidator {
  mutating func array(_ node: SchemaNode, _ items: [JSONValue], _ pointer: String) {
    if let limit = node.minItems, items.count < limit {
      fail(pointer, "minItems", "must have at least \(limit) items")
    }
    if let limit = node.maxItems, items.count > limit {
      fail(pointer, "maxItems", "must have at most \(limit) items")
    }
    if node.uniqueItems, !areUnique(items) { fail(pointer, "uniqueItems", "must not have two equal items") }
    for (index, item) in items.enumerated() {
      let place = JSONPointer.item(pointer, index)
      if index < node.prefixItems.count {
        apply(node.prefixItems[index], to: item, at: place)
      } else if let schema = node.items {
        if nodes[schema].verdict == false {
          fail(place, "items", "must have at most \(node.prefixItems.count) items")
        } else {
          apply(schema, to: item, at: place)
        }
      }
    }
  }

  private mutating func areUnique(_ items: [JSONValue]) -> Bool {
    for (index, item) in items.enumerated() {
      spend(index)
      if isExhausted || items[..<index].contains(item) { return false }
    }
    return true
  }

  mutating func object(_ node: SchemaNode, _ object: JSONObject, _ pointer: String) {
    if let limit = node.minProperties, object.count < limit {
      fail(pointer, "minProperties", "must have at least \(limit) members")
    }
    if let limit = node.maxProperties, object.count > limit {
      fail(pointer, "maxProperties", "must have at most \(limit) members")
    }
    for name in node.required where object[name] == nil {
      fail(JSONPointer.member(pointer, name), "required", "is required")
    }
    for (name, required) in node.dependentRequired where object[name] != nil {
      for other in required where object[other] == nil {
        fail(JSONPointer.member(pointer, other), "dependentRequired", "is required beside \"\(name)\"")
      }
    }
    for member in object.members { self.member(node, member, JSONPointer.member(pointer, member.name)) }
  }

  private mutating func member(_ node: SchemaNode, _ member: JSONObject.Member, _ place: String) {
    if let schema = node.propertyNames, !accepts(schema, .string(member.name), at: place) {
      fail(place, "propertyNames", "is no allowed name")
    }
    var isKnown = false
    if let schema = node.places[CodePoints(member.name)] {
      isKnown = true
      apply(schema, to: member.value, at: place)
    }
    for (pattern, schema) in node.patternProperties where matches(pattern, member.name) {
      isKnown = true
      apply(schema, to: member.value, at: place)
    }
    guard !isKnown, let schema = node.additionalProperties else { return }
    if nodes[schema].verdict == false {
      fail(place, "additionalProperties", Self.unknown(member.name, node))
    } else {
      apply(schema, to: member.value, at: place)
    }
  }

  private static func unknown(_ name: String, _ node: SchemaNode) -> String {
    let names = node.properties.map(\.name)
    if let nearest = NearestName.nearest(to: name, among: names) { return "is unknown; did you mean \"\(nearest)\"?" }
    guard !names.isEmpty else { return "is unknown; no members are allowed here" }
    return "is unknown; allowed are \(names.prefix(16).joined(separator: ", "))\(names.count > 16 ? ", …" : "")"
  }
}
