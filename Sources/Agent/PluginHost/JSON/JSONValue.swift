#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A JSON value (RFC 8259). Strings and names are compared by their code points, as JSON Schema wants it, and not by
/// Unicode's canonical equivalence, as Swift's `String` does.
public enum JSONValue: Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// A number written without fraction and exponent that fits 64 bits.
  case integer(Int64)
  /// Any other number; always finite.
  case double(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)
}

/// The members of a JSON object, in the document's order; names are unique.
public struct JSONObject: Sendable {
  /// One member.
  public struct Member: Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: JSONValue
  }

  /// The members, in the document's order.
  public private(set) var members: [Member] = []
  private var places: [CodePoints: Int] = [:]

  /// Makes an empty object.
  public init() {}

  /// The value of a member, or nil.
  public subscript(name: String) -> JSONValue? {
    places[CodePoints(name)].map { members[$0].value }
  }

  /// How many members there are.
  public var count: Int { members.count }

  /// Adds a member.
  /// - Returns: false, with nothing changed, when there is one of that name.
  public mutating func add(_ name: String, _ value: JSONValue) -> Bool {
    let key = CodePoints(name)
    guard places[key] == nil else { return false }
    places[key] = members.count
    members.append(Member(name: name, value: value))
    return true
  }

  /// The same names, each value changed.
  func mapped(_ change: (Member) -> JSONValue) -> JSONObject {
    var copy = self
    for index in copy.members.indices { copy.members[index].value = change(members[index]) }
    return copy
  }
}

/// A string as its bytes: equal only when every code point is.
struct CodePoints: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: CodePoints, b: CodePoints) -> Bool {
    guard a.text.utf8.count == b.text.utf8.count else { return false }
    let isEqual: Bool?? = a.text.utf8.withContiguousStorageIfAvailable { x in
      b.text.utf8.withContiguousStorageIfAvailable { y in
        guard let p = x.baseAddress, let q = y.baseAddress else { return true }  // both are empty
        return memcmp(p, q, x.count) == 0
      }
    }
    return isEqual.flatMap { $0 } ?? a.text.utf8.elementsEqual(b.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension JSONValue: Equatable {
  /// Equal as JSON Schema means it: numbers by their value (1 is 1.0), objects without regard to order.
  public static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.string(let x), .string(let y)): CodePoints(x) == CodePoints(y)
    case (.array(let x), .array(let y)): x == y
    case (.object(let x), .object(let y)):
      x.count == y.count && x.members.allSatisfy { member in y[member.name].map { $0 == member.value } ?? false }
    default: compare(a, b) == .equal
    }
  }

  /// How two numbers stand to each other.
  enum Order {
    case less
    case equal
    case greater
  }

  /// Compares two numbers exactly, also an integer with a double that cannot hold it; nil when one is no number.
  static func compare(_ a: JSONValue, _ b: JSONValue) -> Order? {
    switch (a, b) {
    case (.integer(let x), .integer(let y)): order(x, y)
    case (.double(let x), .double(let y)): order(x, y)
    case (.integer(let x), .double(let y)): compare(x, y)
    case (.double(let x), .integer(let y)): compare(y, x).flipped
    default: nil
    }
  }

  private static func order<T: Comparable>(_ x: T, _ y: T) -> Order { x < y ? .less : x == y ? .equal : .greater }

  private static func compare(_ x: Int64, _ y: Double) -> Order {
    guard let whole = Int64(exactly: y.rounded(.down)) else { return y < 0 ? .greater : .less }
    if x != whole { return order(x, whole) }
    return y == y.rounded(.down) ? .equal : .less
  }
}

extension JSONValue.Order {
  fileprivate var flipped: JSONValue.Order {
    switch self {
    case .less: .greater
    case .equal: .equal
    case .greater: .less
    }
  }
}
