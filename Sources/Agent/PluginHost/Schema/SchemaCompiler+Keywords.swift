/// The keywords one by one.
extension SchemaCompiler {
  /// Reads a keyword that holds no subschema; false when the name is none.
  static func assertion(
    _ name: String, _ value: JSONValue, at pointer: String, node: inout SchemaNode
  ) throws(PluginHostError) -> Bool {
    switch name {
    case "writeOnly": node.isWriteOnly = try flag(value, at: pointer)
    case "type": node.types = try types(value, at: pointer)
    case "enum": node.enumeration = try array(value, at: pointer)
    case "const": node.constant = value
    case "minimum": node.minimum = try number(value, at: pointer)
    case "maximum": node.maximum = try number(value, at: pointer)
    case "exclusiveMinimum": node.exclusiveMinimum = try number(value, at: pointer)
    case "exclusiveMaximum": node.exclusiveMaximum = try number(value, at: pointer)
    case "multipleOf":
      node.multipleOf = try number(value, at: pointer)
      guard JSONValue.compare(value, .integer(0)) == .greater else { throw refused(pointer, "must be more than 0") }
    case "minLength": node.minLength = try count(value, at: pointer)
    case "maxLength": node.maxLength = try count(value, at: pointer)
    case "pattern": node.pattern = try pattern(try string(value, at: pointer), at: pointer)
    case "minItems": node.minItems = try count(value, at: pointer)
    case "maxItems": node.maxItems = try count(value, at: pointer)
    case "uniqueItems": node.uniqueItems = try flag(value, at: pointer)
    case "minProperties": node.minProperties = try count(value, at: pointer)
    case "maxProperties": node.maxProperties = try count(value, at: pointer)
    case "required": node.required = try names(value, at: pointer)
    case "dependentRequired":
      for member in try object(value, at: pointer).members {
        let required = try names(member.value, at: JSONPointer.member(pointer, member.name))
        node.dependentRequired.append((member.name, required))
      }
    default: return false
    }
    return true
  }

  /// Reads a keyword that holds subschemas; false when the name is none.
  mutating func applicator(
    _ name: String, _ value: JSONValue, at pointer: String, node: inout SchemaNode
  ) throws(PluginHostError) -> Bool {
    switch name {
    case "properties":
      for member in try Self.object(value, at: pointer).members {
        let schema = try compile(member.value, at: JSONPointer.member(pointer, member.name))
        node.places[CodePoints(member.name)] = schema
        node.properties.append((member.name, schema))
      }
    case "patternProperties":
      for member in try Self.object(value, at: pointer).members {
        let place = JSONPointer.member(pointer, member.name)
        let pattern = try Self.pattern(member.name, at: place)
        node.patternProperties.append((pattern, try compile(member.value, at: place)))
      }
    case "additionalProperties": node.additionalProperties = try compile(value, at: pointer)
    case "propertyNames": node.propertyNames = try compile(value, at: pointer)
    case "items": node.items = try compile(value, at: pointer)
    case "prefixItems": node.prefixItems = try list(value, at: pointer)
    case "allOf": node.allOf = try list(value, at: pointer)
    case "anyOf": node.anyOf = try list(value, at: pointer)
    case "oneOf": node.oneOf = try list(value, at: pointer)
    case "not": node.not = try compile(value, at: pointer)
    case "if": node.condition = try compile(value, at: pointer)
    case "then": node.consequence = try compile(value, at: pointer)
    case "else": node.alternative = try compile(value, at: pointer)
    default: return false
    }
    return true
  }

  private mutating func list(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> [Int] {
    let values = try Self.array(value, at: pointer)
    guard !values.isEmpty else { throw Self.refused(pointer, "must have at least one schema") }
    var result: [Int] = []
    for (index, value) in values.enumerated() {
      result.append(try compile(value, at: JSONPointer.item(pointer, index)))
    }
    return result
  }
}

/// Readers of a keyword's value.
extension SchemaCompiler {
  static func string(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> String {
    guard case .string(let text) = value else { throw refused(pointer, "must be a string") }
    return text
  }

  static func flag(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> Bool {
    guard case .bool(let flag) = value else { throw refused(pointer, "must be true or false") }
    return flag
  }

  static func array(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> [JSONValue] {
    guard case .array(let values) = value else { throw refused(pointer, "must be an array") }
    return values
  }

  static func object(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> JSONObject {
    guard case .object(let object) = value else { throw refused(pointer, "must be an object") }
    return object
  }

  private static func number(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> JSONValue {
    guard SchemaTypes(of: value).contains(.number) else { throw refused(pointer, "must be a number") }
    return value
  }

  private static func count(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> Int {
    switch value {
    case .integer(let count) where count >= 0: return Int(count)
    case .double(let count):
      if let count = Int(exactly: count), count >= 0 { return count }
    default: break
    }
    throw refused(pointer, "must be a whole number, 0 or more")
  }

  private static func names(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> [String] {
    var names: [String] = []
    var known: Set<CodePoints> = []
    for (index, item) in try array(value, at: pointer).enumerated() {
      let name = try string(item, at: JSONPointer.item(pointer, index))
      guard known.insert(CodePoints(name)).inserted else { throw refused(pointer, "has \"\(name)\" twice") }
      names.append(name)
    }
    return names
  }

  private static func types(_ value: JSONValue, at pointer: String) throws(PluginHostError) -> SchemaTypes {
    let names: [String]
    if case .string(let name) = value { names = [name] } else { names = try self.names(value, at: pointer) }
    var types: SchemaTypes = []
    for name in names {
      guard let type = SchemaTypes.names.first(where: { $0.name == name })?.type else {
        throw refused(pointer, "\"\(name)\" is no type; types are \(SchemaTypes(rawValue: 127).text)")
      }
      types.insert(type)
    }
    guard !types.isEmpty else { throw refused(pointer, "must name at least one type") }
    return types
  }

  private static func pattern(_ source: String, at pointer: String) throws(PluginHostError) -> Pattern {
    do throws(PatternError) { return try Pattern(source) } catch {
      throw refused(pointer, "the pattern \(error.message)")
    }
  }
}
