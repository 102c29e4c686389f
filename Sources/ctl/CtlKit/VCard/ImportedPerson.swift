/// What one card or row says about a person, as far as Carillon has a use for it.
struct ImportedPerson: Sendable, Hashable {
  /// Id in the API: the source's UID where that is a valid id, else derived (see ``PersonIdentity``).
  var id: String
  /// The source's UID when it is not the id.
  var sourceUID: String?
  /// Number of the line that it begins on, from 1.
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
  /// Further named dates, addresses by kind and attributes, which the columns of a table may name.
  var dates: [String: PartialDate] = [:]
  var addresses: [String: String] = [:]
  var attributes: [String: String] = [:]
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
