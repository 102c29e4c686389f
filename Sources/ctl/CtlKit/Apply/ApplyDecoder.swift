/// Turns a document into the proto's JSON, and gathers what is wrong with it.
struct ApplyDecoder {
  let standardNamespace: String
  private(set) var faults: [CtlError.Violation] = []

  init(standardNamespace: String) { self.standardNamespace = standardNamespace }

  private mutating func fault(_ line: Int, _ field: String, _ reason: String) {
    faults.append(.init(field: "line \(line): \(field)", reason: reason))
  }

  mutating func decode(_ value: SourceValue) -> ApplyDocument? {
    guard case .map(let members) = value.form else {
      fault(value.line, "document", "must be a mapping with kind, id and fields")
      return nil
    }
    guard let schema = schema(members, value.line) else { return nil }
    let namespace = text("namespace", members) ?? standardNamespace
    guard let (id, owner) = identity(schema.kind, members, namespace, value.line) else { return nil }
    let own = members.filter { !ApplySchema.common.contains($0.key) }
    let fields = object(own, schema.fields, path: "", namespace: owner, extraKeys: ApplySchema.common)
    guard faults.isEmpty else { return nil }
    return ApplyDocument(
      kind: schema.kind, id: id, namespace: owner, line: value.line, body: .object(fields),
      paths: fields.flatMap { Self.paths($0, schema) })
  }

  /// What the mask says of a field.
  private static func paths(_ field: (String, JSONValue), _ schema: ApplySchema) -> [String] {
    let name = snakeCase(field.0)
    guard case .parts = schema.fields[field.0], case .object(let members) = field.1 else { return [name] }
    return members.map { "\(name).\(snakeCase($0.0))" }
  }

  private mutating func schema(_ members: [(key: String, value: SourceValue)], _ line: Int) -> ApplySchema? {
    let known = ApplySchema.all.keys.sorted()
    guard let kind = text("kind", members) else {
      fault(line, "kind", "is missing; it is one of \(known.joined(separator: ", "))")
      return nil
    }
    guard let schema = ApplySchema.all[kind] else {
      let suggestion = NearestName.suggestion(kind, in: known)
      fault(line, "kind", "\(Excerpt.of(kind)) is none of \(known.joined(separator: ", "))\(suggestion)")
      return nil
    }
    return schema
  }

  private mutating func identity(
    _ kind: ResourceKind, _ members: [(key: String, value: SourceValue)], _ namespace: String, _ line: Int
  ) -> (id: String, namespace: String)? {
    guard let given = text("name", members) ?? text("id", members) else {
      fault(line, "id", "is missing")
      return nil
    }
    do {
      let name = try kind.name(given, namespace: namespace)
      let parts = name.split(separator: "/")
      return (ResourceName.id(name), kind.isNamespaced ? String(parts[1]) : namespace)
    } catch {
      fault(line, "id", error.message)
      return nil
    }
  }

  private func text(_ key: String, _ members: [(key: String, value: SourceValue)]) -> String? {
    guard let value = members.first(where: { $0.key == key })?.value, case .scalar(let scalar) = value.form else {
      return nil
    }
    switch scalar {
    case .string(let text): return text
    case .integer(let number): return String(number)
    case .number(let text): return text
    default: return nil
    }
  }

  private mutating func object(
    _ members: [(key: String, value: SourceValue)], _ schema: [String: ApplySchema.Form], path: String,
    namespace: String, extraKeys: [String] = []
  ) -> [(String, JSONValue)] {
    var result: [(String, JSONValue)] = []
    for (key, value) in members {
      let name = Self.camelCase(key)
      guard let form = schema[name] else {
        let known = schema.keys.sorted() + extraKeys
        fault(
          value.line, path + key,
          "is not known\(NearestName.suggestion(key, in: known)) (known: \(known.joined(separator: ", ")))")
        continue
      }
      if let decoded = decode(value, form, path: path + key, namespace: namespace) { result.append((name, decoded)) }
    }
    return result
  }

  private mutating func decode(
    _ value: SourceValue, _ form: ApplySchema.Form, path: String, namespace: String
  ) -> JSONValue? {
    switch (form, value.form) {
    case (.object, .map): return value.json
    case (.fields(let schema), .map(let members)), (.parts(let schema), .map(let members)):
      return .object(object(members, schema, path: path + ".", namespace: namespace))
    case (.texts, .map(let members)):
      return .object(members.compactMap { member in texts(member, path).map { (member.key, $0) } })
    case (.references(let kind), .list(let items)):
      return .array(items.compactMap { decode($0, .reference(kind), path: path, namespace: namespace) })
    case (_, .scalar(let scalar)):
      do { return try decode(scalar, form, namespace: namespace) } catch { fault(value.line, path, error.message) }
    default: fault(value.line, path, "must be \(Self.expectation(form))")
    }
    return nil
  }

  private mutating func texts(_ member: (key: String, value: SourceValue), _ path: String) -> JSONValue? {
    guard case .scalar(let scalar) = member.value.form, let text = Self.plainText(scalar) else {
      fault(member.value.line, "\(path).\(member.key)", "must be a text")
      return nil
    }
    return .string(text)
  }

  /// What is wrong with one value; its place is known above.
  private struct Fault: Error {
    var message: String
  }

  private func decode(
    _ scalar: JSONValue, _ form: ApplySchema.Form, namespace: String
  ) throws(Fault) -> JSONValue {
    switch (form, scalar) {
    case (.text, _): if let text = Self.plainText(scalar) { return .string(text) }
    case (.integer, .integer), (.number, .integer), (.number, .number), (.bool, .bool): return scalar
    case (.duration, .string(let text)):
      if let span = DurationText.milliseconds(text) { return .string(Self.protoDuration(span)) }
    case (.choice(let prefix, let choices), .string(let text)):
      let word = text.lowercased().map { $0 == "_" ? "-" : String($0) }.joined()
      if choices.contains(word) { return .string(prefix + Self.snakeCase(word).uppercased()) }
      throw Fault(
        message: "\(Excerpt.of(text)) is none of \(choices.joined(separator: ", "))"
          + NearestName.suggestion(word, in: choices))
    case (.reference(let kind), _):
      guard let text = Self.plainText(scalar) else { break }
      do { return .string(try kind.optionalName(text, namespace: namespace)) } catch {
        throw Fault(message: error.message)
      }
    default: break
    }
    throw Fault(message: "must be \(Self.expectation(form))")
  }
}

// MARK: - forms

extension ApplyDecoder {
  /// A text, or a number that someone forgot to quote.
  private static func plainText(_ scalar: JSONValue) -> String? {
    switch scalar {
    case .string(let text), .number(let text): text
    case .integer(let number): String(number)
    case .null: ""
    default: nil
    }
  }

  private static func expectation(_ form: ApplySchema.Form) -> String {
    switch form {
    case .text: "a text"
    case .integer: "a whole number"
    case .number: "a number"
    case .bool: "true or false"
    case .duration: "a span of time such as 24h"
    case .choice(prefix: _, let choices): "one of \(choices.joined(separator: ", "))"
    case .reference(let kind): "the id of a \(kind.singular)"
    case .references(let kind): "a list of ids of \(kind.rawValue)"
    case .texts: "a mapping of names to texts"
    case .object, .fields, .parts: "a mapping"
    }
  }

  /// google.protobuf.Duration in JSON: seconds with a fraction.
  private static func protoDuration(_ milliseconds: Int64) -> String {
    let fraction = String(milliseconds % 1_000)
    let padded = String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    return "\(milliseconds / 1_000)" + (milliseconds % 1_000 == 0 ? "s" : ".\(padded)s")
  }

  /// `time_zone` and `time-zone` are read as `timeZone`.
  static func camelCase(_ key: String) -> String {
    let words = key.split(whereSeparator: { $0 == "_" || $0 == "-" })
    guard words.count > 1 else { return key }
    return words.enumerated().map { $0 == 0 ? String($1) : $1.prefix(1).uppercased() + $1.dropFirst() }.joined()
  }

  /// `timeZone` and `time-zone` become `time_zone`.
  static func snakeCase(_ key: String) -> String {
    key.reduce(into: "") { result, character in
      result += character.isUppercase ? "_" + character.lowercased() : character == "-" ? "_" : String(character)
    }
  }
}
