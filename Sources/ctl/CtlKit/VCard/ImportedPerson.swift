/// What one card says about a person, as far as Carillon has a use for it.
struct ImportedPerson: Sendable, Hashable {
  /// Id in the API: the card's UID where that is a valid id, else derived (see ``PersonIdentity``).
  var id: String
  /// The card's UID when it is not the id.
  var sourceUID: String?
  /// Number of the line with BEGIN:VCARD, from 1.
  var line: Int
  var name: PersonName
  /// Date of birth; nil when the card has none that can be used.
  var birth: PartialDate?
  var anniversary: PartialDate?
  /// IANA zone; nil when the card names none.
  var timeZone: String?
  /// Language tag (BCP 47).
  var locale: String?
  /// In order of preference.
  var emails: [String]
  /// URL from X-CARILLON-WEBHOOK, Carillon's own property: where this person's events go.
  var webhook: String?
}

/// The parts of a name; empty where the card has none.
struct PersonName: Sendable, Hashable {
  /// The name as it is shown; never empty in a person handed out.
  var display = ""
  var given = ""
  var family = ""
  var additional = ""
  var prefix = ""
  var suffix = ""
  var nickname = ""

  /// An empty name.
  init() {}
}

/// One line of an import's report.
struct ImportNote: Sendable, Hashable, CustomStringConvertible {
  /// What it is about.
  enum Kind: String, Sendable {
    /// A whole card was left out on purpose: a group, a duplicate, someone who has died.
    case cardSkipped = "card-skipped"
    /// A whole card could not be read.
    case cardUnreadable = "card-unreadable"
    /// A property was left out, the card taken.
    case propertySkipped = "property-skipped"
    /// A value was taken, but not as it stands.
    case adjusted
    /// Something outside any card was passed over.
    case outside
  }

  var kind: Kind
  /// Line of the input, from 1.
  var line: Int
  /// The property, or nil when it is about the card.
  var property: String?
  var reason: String

  /// `line 7: BDAY: is not a date: "soon"; …`
  var description: String {
    "line \(line): " + (property.map { "\($0): " } ?? "") + reason
  }
}
