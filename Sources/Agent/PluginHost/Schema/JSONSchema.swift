/// A compiled JSON Schema: the part of Draft 2020-12 that configurations use.
///
/// Has `type properties patternProperties additionalProperties propertyNames required dependentRequired minProperties
/// maxProperties items prefixItems minItems maxItems uniqueItems enum const pattern minLength maxLength minimum maximum
/// exclusiveMinimum exclusiveMaximum multipleOf allOf anyOf oneOf not if then else $ref $defs`, the annotations, and
/// boolean schemas. `$ref` points into the same document (`#`, `#/$defs/…`). A schema with any other keyword is refused
/// when it is loaded, so that no rule is ever silently ignored. `format` is an annotation, as the draft has it.
public struct JSONSchema: Sendable {
  /// Most subschemas of one schema.
  static let maximumNodes = 4_096
  /// Longest text of a schema, in bytes; a manifest may be as long.
  static let maximumBytes = 256 * 1_024

  /// Every subschema; they name each other by index.
  let nodes: [SchemaNode]
  /// The index of the whole.
  let root: Int

  /// Compiles a schema.
  /// - Throws: `.unsupportedSchema`, naming the keyword and where it stands, or `.malformedJSON`.
  public init(text: String) throws(PluginHostError) {
    try self.init(try JSONParser.parse(text, maximumBytes: Self.maximumBytes))
  }

  /// Compiles a schema.
  /// - Throws: `.unsupportedSchema`, naming the keyword and where it stands.
  public init(_ document: JSONValue) throws(PluginHostError) {
    var compiler = SchemaCompiler(document: document)
    root = try compiler.compileRoot()
    nodes = compiler.nodes
  }

  /// What a schema-less plugin has: any object.
  public static let anyObject = JSONSchema(nodes: [SchemaNode(types: [.object])], root: 0)

  private init(nodes: [SchemaNode], root: Int) {
    self.nodes = nodes
    self.root = root
  }
}

/// The types of JSON Schema.
struct SchemaTypes: OptionSet, Sendable {
  let rawValue: UInt8
  static let null = SchemaTypes(rawValue: 1)
  static let boolean = SchemaTypes(rawValue: 2)
  static let integer = SchemaTypes(rawValue: 4)
  static let number = SchemaTypes(rawValue: 8)
  static let string = SchemaTypes(rawValue: 16)
  static let array = SchemaTypes(rawValue: 32)
  static let object = SchemaTypes(rawValue: 64)

  static let names: [(name: String, type: SchemaTypes)] = [
    ("null", .null), ("boolean", .boolean), ("integer", .integer), ("number", .number), ("string", .string),
    ("array", .array), ("object", .object),
  ]

  /// The types that a value has: an integer is a number too, and 1.0 is an integer.
  init(of value: JSONValue) {
    self =
      switch value {
      case .null: .null
      case .bool: .boolean
      case .integer: [.integer, .number]
      case .double(let number): number == number.rounded() ? [.integer, .number] : .number
      case .string: .string
      case .array: .array
      case .object: .object
      }
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// For people: `string or null`.
  var text: String { Self.names.filter { contains($0.type) }.map(\.name).joined(separator: " or ") }
}

/// One subschema. Absent keywords are nil or empty; indices are into `JSONSchema.nodes`.
struct SchemaNode: Sendable {
  /// A boolean schema's verdict.
  var verdict: Bool?
  var isWriteOnly = false
  var types: SchemaTypes?
  var enumeration: [JSONValue]?
  var constant: JSONValue?

  var minimum: JSONValue?
  var maximum: JSONValue?
  var exclusiveMinimum: JSONValue?
  var exclusiveMaximum: JSONValue?
  var multipleOf: JSONValue?

  var minLength: Int?
  var maxLength: Int?
  var pattern: Pattern?

  var minItems: Int?
  var maxItems: Int?
  var uniqueItems = false
  var prefixItems: [Int] = []
  var items: Int?

  var minProperties: Int?
  var maxProperties: Int?
  var required: [String] = []
  var dependentRequired: [(name: String, required: [String])] = []
  var properties: [(name: String, schema: Int)] = []
  var places: [CodePoints: Int] = [:]
  var patternProperties: [(pattern: Pattern, schema: Int)] = []
  var additionalProperties: Int?
  var propertyNames: Int?

  var reference: Int?
  var allOf: [Int] = []
  var anyOf: [Int] = []
  var oneOf: [Int] = []
  var not: Int?
  var condition: Int?
  var consequence: Int?
  var alternative: Int?

  /// Subschemas that apply to the same value as this one does.
  var inPlace: [Int] {
    allOf + anyOf + oneOf + [reference, not, condition, consequence, alternative].compactMap { $0 }
  }
}
