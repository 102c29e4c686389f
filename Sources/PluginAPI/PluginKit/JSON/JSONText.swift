/// A JSON document as it was handed over: text that is parsed when somebody asks.
///
/// A sink that passes a document on never pays for parsing it.
public struct JSONText: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The document's text.
  public var text: String

  /// A text that should be JSON; it is not checked here.
  public init(_ text: String) { self.text = text }

  /// A text that should be JSON; it is not checked here.
  public init(stringLiteral value: String) { text = value }

  /// The value. An empty text is an error.
  public func parsed(limits: JSONLimits = .standard) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: text, limits: limits)
  }

  /// The document as an object; an empty text counts as an empty one.
  ///
  /// - Parameter name: what the document is called in the message of the error, such as "definition".
  /// - Throws: ``PluginError`` with status `invalid` when it is not JSON, or not an object.
  public func object(named name: String) throws(PluginError) -> JSONObject {
    if text.isEmpty || text == "{}" { return JSONObject() }
    let value: JSONValue
    do {
      value = try parsed()
    } catch {
      throw PluginError(.invalid, "the \(name) is not JSON: \(error)")
    }
    guard case .object(let object) = value else {
      throw PluginError(.invalid, "the \(name) is \(value.kind), and must be an object")
    }
    return object
  }
}
