/// The members of a JSON object that somebody wrote, each of a kind that is known.
struct ObjectFields {
  private let members: [(String, JSONValue)]
  private let place: String

  /// - Parameters:
  ///   - place: where it stands, for errors: "line 3" or "--user".
  ///   - known: the members that it may have.
  /// - Throws: when it is no object, or has another member.
  init(_ value: JSONValue, at place: String, known: [String]) throws(CtlError) {
    guard case .object(let members) = value else { throw .invalid(place, "must be a JSON object") }
    for (name, _) in members where !known.contains(name) {
      throw .invalid(
        "\(place), \(Excerpt.of(name))",
        "is not known\(NearestName.suggestion(name, in: known)) (known: \(known.joined(separator: ", ")))")
    }
    self.members = members
    self.place = place
  }

  /// What a member has; nil when it is absent.
  subscript(name: String) -> JSONValue? { members.first { $0.0 == name }?.1 }

  /// A text; `standard` when it is absent.
  func text(_ name: String, _ standard: String = "") throws(CtlError) -> String {
    switch self[name] {
    case nil: return standard
    case .string(let text): return text
    default: throw .invalid("\(place), \(name)", "must be a text")
    }
  }

  /// A text, or any other value as compact JSON.
  func anyText(_ name: String) -> String {
    switch self[name] {
    case nil: ""
    case .string(let text): text
    case .some(let value): value.compact
    }
  }

  /// A whole number within bounds; `standard` when it is absent.
  func integer(_ name: String, _ standard: Int64, in range: ClosedRange<Int64>) throws(CtlError) -> Int64 {
    guard let value = self[name] else { return standard }
    guard case .integer(let number) = value, range.contains(number) else {
      throw .invalid("\(place), \(name)", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// An object, as JSON; `{}` when it is absent.
  func object(_ name: String) throws(CtlError) -> String {
    switch self[name] {
    case nil: return "{}"
    case .object(let members): return JSONValue.object(members).compact
    default: throw .invalid("\(place), \(name)", "must be a JSON object")
    }
  }
}
