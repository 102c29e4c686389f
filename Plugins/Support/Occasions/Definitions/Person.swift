public import PluginKit0

/// The user an event is for, as an event type sees it. Every field may be absent: the manifest's `reads` decides
/// what the host gives, and a schedule without a user has none.
public struct Person: Sendable, Hashable {
  private let user: JSONObject

  /// A user from the host's JSON.
  public init(_ user: JSONObject) { self.user = user }

  /// A user from the host's JSON.
  public init(_ user: JSONText) throws(PluginError) { self.user = try user.object(named: "user") }

  private func text(_ name: String) -> String? {
    guard let text = user[name]?.string, !text.isEmpty else { return nil }
    return text
  }

  /// Whether there is a user at all.
  public var exists: Bool { !user.members.isEmpty }
  /// The user's id.
  public var id: String? { text("id") }
  /// The name to show.
  public var displayName: String? { text("display_name") }
  /// The given name.
  public var givenName: String? { text("given_name") }
  /// The family name.
  public var familyName: String? { text("family_name") }
  /// What friends say.
  public var nickname: String? { text("nickname") }
  /// BCP 47.
  public var locale: String? { text("locale") }
  /// IANA name.
  public var timeZone: String? { text("time_zone") }
  /// The user's own attributes.
  public var attributes: JSONObject? { user["attributes"]?.object }

  /// One of the user's dates as it is written, such as "birth".
  public func date(_ name: String) -> String? { user["dates"]?.object?[name]?.string }

  /// The date that counts: the definition's, else the user's of that name.
  ///
  /// - Parameter member: the definition's member for the date, for the error.
  /// - Throws: `invalid` when there is neither.
  public func yearlyDate(
    _ name: String, unlessGiven given: YearlyDate?, as member: String
  ) throws(PluginError) -> YearlyDate {
    if let given { return given }
    guard let text = date(name) else {
      let who = exists ? "the user has no dates.\(name)" : "the schedule has no user with dates.\(name)"
      throw PluginError(.invalid, "\(who), and the definition no \(member)")
    }
    guard let date = YearlyDate(text) else {
      throw PluginError(.invalid, "the user's dates.\(name) must be \(YearlyDate.forms)")
    }
    return date
  }

  /// What to call them: the display name, else the given name, else the id.
  public var name: String? { displayName ?? givenName ?? id }

  /// ``name`` for the middle of an English sentence: a name that is written from right to left is isolated
  /// (UAX #9, FSI and PDI), so that it does not turn the words and numbers beside it around.
  public var nameInSentence: String? {
    name.map { $0.unicodeScalars.contains(where: \.isRightToLeft) ? "\u{2068}\($0)\u{2069}" : $0 }
  }
}

extension Unicode.Scalar {
  /// In one of the blocks of the scripts written from right to left (UAX #9, table of default classes R and AL).
  fileprivate var isRightToLeft: Bool {
    switch value {
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }
}
