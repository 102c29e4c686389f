import EventModel

/// A person as plugins see one (`carillon/event_type.h`), written by hand.
enum UserDocument {
  private static let known = [
    "id", "display_name", "given_name", "family_name", "nickname", "locale", "time_zone", "dates", "addresses",
    "attributes",
  ]

  /// - Parameter place: where it stands, for errors.
  /// - Throws: naming the member at fault.
  static func read(_ value: JSONValue, at place: String) throws(CtlError) -> UserSnapshot {
    let fields = try ObjectFields(value, at: place, known: known)
    return UserSnapshot(
      id: try fields.text("id", "ada"), displayName: try fields.text("display_name"),
      givenName: try fields.text("given_name"), familyName: try fields.text("family_name"),
      nickname: try fields.text("nickname"), locale: try fields.text("locale"),
      timeZone: try fields.text("time_zone", "UTC"), datesJSON: try fields.object("dates"),
      addressesJSON: try fields.object("addresses"), attributesJSON: try fields.object("attributes"), paused: false)
  }
}
