public import PluginKit0

/// Reads a definition member by member, and collects what is at fault instead of stopping at the first fault.
///
/// The host has checked the definition against the manifest's schema; this checks again what the code depends on,
/// because a plugin trusts nothing from outside.
public struct DefinitionReader {
  /// The faults found so far.
  public private(set) var violations: [PluginError.Violation] = []
  let object: JSONObject
  let prefix: String

  /// A reader of an object that stands at `pointer` in the document.
  public init(_ object: JSONObject, at pointer: String = "") {
    self.object = object
    prefix = pointer
  }

  /// Notes a fault of a member.
  public mutating func fault(_ name: String, _ code: String, _ message: String) {
    violations.append(.init(pointer: name.isEmpty ? prefix : "\(prefix)/\(name)", code: code, message: message))
  }

  /// Takes over the faults of a reader of a part.
  public mutating func add(_ other: [PluginError.Violation]) { violations += other }

  /// Ends with the faults, when there are any.
  public func finish() throws(PluginError) {
    if !violations.isEmpty { throw PluginError(violations: violations) }
  }

  /// Whether there is a member of that name, whatever it holds.
  public func has(_ name: String) -> Bool { object[name] != nil }

  /// A text, or nil when it is absent or at fault.
  public mutating func text(_ name: String) -> String? {
    guard let value = object[name] else { return nil }
    guard case .string(let text) = value else {
      fault(name, "type", "is \(value.kind), and must be a string")
      return nil
    }
    return text
  }

  /// A text read by a rule; a text that the rule does not take is a fault with the given words.
  public mutating func text<Value>(
    _ name: String, expected: @autoclosure () -> String, _ rule: (String) -> Value?
  ) -> Value? {
    guard let text = text(name) else { return nil }
    guard let value = rule(text) else {
      fault(name, "format", "must be \(expected())")
      return nil
    }
    return value
  }

  /// A whole number within a range, or nil when it is absent or at fault.
  public mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
    object[name].flatMap { integer($0, name, in: range) }
  }

  /// The same for a value that stands at a place of the object.
  mutating func integer(_ value: JSONValue, _ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let integer = value.integer else {
      fault(name, "type", "is \(value.kind), and must be a whole number")
      return nil
    }
    guard let number = Int(exactly: integer), range ~= number else {
      fault(name, "range", "is \(integer), and must be \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// An object, or nil when it is absent or at fault.
  public mutating func object(_ name: String) -> JSONObject? {
    guard let value = object[name] else { return nil }
    guard case .object(let object) = value else {
      fault(name, "type", "is \(value.kind), and must be an object")
      return nil
    }
    return object
  }

  /// Notes a fault for each member that is not among the names given.
  public mutating func refuseOthers(than names: [String]) {
    for member in object.members where !names.contains(member.name) {
      let escaped = member.name.prefix(64).split(separator: "~", omittingEmptySubsequences: false)
        .joined(separator: "~0").split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
      fault(escaped, "unknown", "is not known; known are \(names.joined(separator: ", "))")
    }
  }
}
