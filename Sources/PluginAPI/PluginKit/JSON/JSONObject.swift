/// The members of a JSON object, in the order they were written or added.
///
/// A lookup walks the members: documents that plugins see have a handful of them, for which that is faster
/// than hashing.
public struct JSONObject: Sendable, Hashable {
  /// One name and its value.
  public struct Member: Sendable, Hashable {
    /// The name, unescaped.
    public let name: String
    /// The value.
    public var value: JSONValue

    /// A name and its value.
    public init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// All members, in order. Names are unique.
  public private(set) var members: [Member] = []

  /// An empty object.
  public init() {}

  /// Members whose names the caller knows to be unique.
  init(uniqueMembers: [Member]) { members = uniqueMembers }

  /// The value of a member, or nil when there is none. Setting keeps the order, and adds at the end.
  public subscript(name: String) -> JSONValue? {
    get {
      for member in members where member.name == name { return member.value }
      return nil
    }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }
}
