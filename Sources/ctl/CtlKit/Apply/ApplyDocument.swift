/// One document of an applied file, checked as far as `ctl` can.
struct ApplyDocument: Sendable {
  var kind: ResourceKind
  var id: String
  var namespace: String
  /// Line of the document, from 1.
  var line: Int
  /// The fields in the proto's JSON.
  var body: JSONValue
  /// Field mask: what the document says.
  var paths: [String]

  var name: String {
    kind.isNamespaced ? "namespaces/\(namespace)/\(kind.rawValue)/\(id)" : "\(kind.rawValue)/\(id)"
  }

  /// The first of these that it refers to, by full name.
  func reference(to names: Set<String>) -> String? { Self.reference(in: body, to: names) }

  private static func reference(in value: JSONValue, to names: Set<String>) -> String? {
    switch value {
    case .string(let text): names.contains(text) ? text : nil
    case .array(let items): items.lazy.compactMap { reference(in: $0, to: names) }.first
    case .object(let members): members.lazy.compactMap { reference(in: $0.1, to: names) }.first
    default: nil
    }
  }
}

extension CtlError {
  /// Whether an agent refuses a trial like this when something that is referred to is not there.
  var mayBeMissingReference: Bool { [.invalidArgument, .notFound, .conflict].contains(code) }
}

extension ApplyDocument {
  /// Reads all documents; one fault refuses the whole file, and every fault is told.
  static func read(_ bytes: [UInt8], name: String, namespace: String) throws(CtlError) -> [ApplyDocument] {
    let values = try YAMLReader.documents(bytes, name: name)
    guard !values.isEmpty else { throw CtlError(.invalidArgument, "\(name) has no document") }
    var documents: [ApplyDocument] = []
    var faults: [CtlError.Violation] = []
    for value in values {
      var decoder = ApplyDecoder(standardNamespace: namespace)
      if let document = decoder.decode(value) { documents.append(document) }
      faults += decoder.faults
    }
    guard faults.isEmpty else {
      throw CtlError(
        .invalidArgument, "\(name) cannot be applied; nothing was changed", violations: faults,
        hint: "correct the lines named, then apply it again")
    }
    return documents
  }
}
