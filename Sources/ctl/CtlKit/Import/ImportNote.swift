/// One line of an import's report.
struct ImportNote: Sendable, Hashable, CustomStringConvertible {
  /// What it is about.
  enum Kind: String, Sendable {
    /// A whole card, event or row was left out on purpose: a duplicate, someone who has died, a task that is done.
    case itemSkipped = "item-skipped"
    /// A whole card, event or row cannot be taken.
    case itemRefused = "item-refused"
    /// A property was left out, the rest taken.
    case propertySkipped = "property-skipped"
    /// A value was taken, but not as it stands.
    case adjusted
    /// Something outside any card or calendar was passed over.
    case outside
  }

  var kind: Kind
  /// Line of the input, from 1.
  var line: Int
  /// The property, column or member; nil when it is about the whole.
  var property: String?
  var reason: String

  /// `line 7: BDAY: is not a date: "soon"; …`
  var description: String {
    "line \(line): " + (property.map { "\($0): " } ?? "") + reason
  }
}
