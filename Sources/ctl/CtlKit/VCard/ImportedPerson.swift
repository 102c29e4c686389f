/// What one card says about a person, as far as Carillon has a use for it.
public struct ImportedPerson: Sendable, Hashable {
  /// Id in the API: the card's UID where that is a valid id, else derived (see ``PersonIdentity``).
  public var id: String
  /// The card's UID when it is not the id.
  public var sourceUID: String?
  /// Number of the line with BEGIN:VCARD, from 1.
  public var line: Int
  public var name: PersonName
  /// Date of birth; nil when the card has none that can be used.
  public var birth: PartialDate?
  public var anniversary: PartialDate?
  /// IANA zone; nil when the card names none.
  public var timeZone: String?
  /// Language tag (BCP 47).
  public var locale: String?
  /// In order of preference.
  public var emails: [String]
  /// URL from X-CARILLON-WEBHOOK, Carillon's own property: where this person's events go.
  public var webhook: String?
}

/// The parts of a name; empty where the card has none.
public struct PersonName: Sendable, Hashable {
  /// The name as it is shown; never empty in a person handed out.
  public var display = ""
  public var given = ""
  public var family = ""
  public var additional = ""
  public var prefix = ""
  public var suffix = ""
  public var nickname = ""

  /// An empty name.
  public init() {}
}

/// One line of an import's report.
public struct ImportNote: Sendable, Hashable, CustomStringConvertible {
  /// What it is about.
  public enum Kind: String, Sendable {
    /// A whole card was left out.
    case cardSkipped = "card-skipped"
    /// A property was left out, the card taken.
    case propertySkipped = "property-skipped"
    /// A value was taken, but not as it stands.
    case adjusted
    /// Something outside any card was passed over.
    case outside
  }

  public var kind: Kind
  /// Line of the input, from 1.
  public var line: Int
  /// The property, or nil when it is about the card.
  public var property: String?
  public var reason: String

  /// `line 7: BDAY: is not a date: "soon"; …`
  public var description: String {
    "line \(line): " + (property.map { "\($0): " } ?? "") + reason
  }
}
