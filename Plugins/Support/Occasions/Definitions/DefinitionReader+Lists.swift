import PluginKit0

extension DefinitionReader {
  /// Where a member stands in the document, as a JSON Pointer. The name must need no escaping.
  func pointer(_ name: String) -> String { "\(prefix)/\(name)" }

  /// Whether a member is an object.
  func isObject(_ name: String) -> Bool { object[name]?.object != nil }

  /// Whether a member is a number, whole or not.
  func isNumber(_ name: String) -> Bool {
    switch object[name] {
    case .integer, .number: true
    default: false
    }
  }

  /// A list of whole numbers within a range, at least one and none twice; nil when it is absent or at fault.
  ///
  /// - Parameter orElse: what the member may be instead, for the message.
  /// - Returns: the numbers in ascending order.
  public mutating func integers(
    _ name: String, in range: ClosedRange<Int>, atMost: Int, orElse: String? = nil
  ) -> [Int]? {
    guard let value = object[name] else { return nil }
    guard case .array(let values) = value else {
      let other = orElse.map { " or \($0)" } ?? ""
      fault(name, "type", "is \(value.kind), and must be a list of whole numbers\(other)")
      return nil
    }
    guard 1...atMost ~= values.count else {
      fault(name, "count", "has \(values.count) numbers, and must have 1 to \(atMost)")
      return nil
    }
    var numbers = Set<Int>()
    let before = violations.count
    for (index, value) in values.enumerated() {
      let place = "\(name)/\(index)"
      if let number = integer(value, place, in: range), !numbers.insert(number).inserted {
        fault(place, "duplicate", "is \(number), which stands before it already")
      }
    }
    return violations.count == before ? numbers.sorted() : nil
  }
}
