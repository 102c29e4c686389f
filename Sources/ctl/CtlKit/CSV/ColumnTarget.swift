/// What a column of a table is taken as.
enum ColumnTarget: Hashable, Sendable {
  case id
  case name
  case given
  case middle
  case family
  case prefix
  case suffix
  case nickname
  case organisation
  case email
  case timeZone
  case locale
  case webhook
  case date(String)
  /// Year, month and day of birth in columns of their own, as Thunderbird writes them.
  case birthYear
  case birthMonth
  case birthDay
  case address(String)
  case attribute(String)
  /// A dated event of Google's export: what it is, and when; numbered.
  case eventLabel(Int)
  case eventValue(Int)

  static let birth = ColumnTarget.date("birth")
  static let anniversary = ColumnTarget.date("anniversary")

  /// By the names that `--map` takes.
  static let byName: [String: ColumnTarget] = [
    "id": .id, "name": .name, "given_name": .given, "middle_name": .middle, "family_name": .family, "prefix": .prefix,
    "suffix": .suffix, "nickname": .nickname, "organization": .organisation, "birth": .birth,
    "anniversary": .anniversary, "email": .email, "time_zone": .timeZone, "locale": .locale, "webhook": .webhook,
  ]

  private static let families: [(prefixes: [String], make: @Sendable (String) -> ColumnTarget)] = [
    (["date.", "dates."], { .date($0) }), (["address.", "addresses."], { place($0) }),
    (["attribute.", "attributes."], { .attribute($0) }),
  ]

  /// What `--map` calls it: `birth`, `date.wedding`.
  init?(named text: String) {
    let name = text.lowercased().map { $0 == "-" ? "_" : String($0) }.joined()
    if let target = Self.byName[name] {
      self = target
      return
    }
    for family in Self.families {
      guard let prefix = family.prefixes.first(where: { text.lowercased().hasPrefix($0) }) else { continue }
      let key = String(text.dropFirst(prefix.count))
      guard PersonFields.isKey(key) else { return nil }
      self = family.make(key)
      return
    }
    return nil
  }

  private static func place(_ kind: String) -> ColumnTarget {
    kind == "email" ? .email : kind == "webhook" ? .webhook : .address(kind)
  }
}

extension ColumnTarget {
  /// What a header means without being told: the exports of Google Contacts, Outlook and Thunderbird, and plain names.
  init?(header: String) {
    let words = header.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    if let target = Self.headers[words.joined(separator: " ")] ?? Self.numbered(words) {
      self = target
    } else if header.contains(".") {
      self.init(named: header)
    } else {
      return nil
    }
  }

  /// `Event 1 - Label`, `E-mail 2 - Value`, `E-mail 2 Address`.
  private static func numbered(_ words: [String]) -> ColumnTarget? {
    guard words.count >= 3, let last = words.last, let number = Int(words[words.count - 2]), 1...9 ~= number else {
      return nil
    }
    switch (words.dropLast(2).joined(separator: " "), last) {
    case ("event", "label"), ("event", "type"): return .eventLabel(number)
    case ("event", "value"): return .eventValue(number)
    case ("e mail", "value"), ("email", "value"), ("e mail", "address"), ("email", "address"): return .email
    case ("organization", "name"): return .organisation
    default: return nil
    }
  }

  private static let headers: [String: ColumnTarget] = [
    "id": .id, "uid": .id, "user id": .id, "user": .id,
    "name": .name, "display name": .name, "displayname": .name, "full name": .name, "fullname": .name,
    "given name": .given, "givenname": .given, "first name": .given, "firstname": .given,
    "additional name": .middle, "middle name": .middle,
    "family name": .family, "familyname": .family, "last name": .family, "lastname": .family, "surname": .family,
    "name prefix": .prefix, "name suffix": .suffix, "suffix": .suffix, "nickname": .nickname,
    "company": .organisation, "organization name": .organisation, "organization": .organisation,
    "birthday": .birth, "birth": .birth, "birthdate": .birth, "birth date": .birth, "date of birth": .birth,
    "dob": .birth, "bday": .birth, "born": .birth,
    "birth year": .birthYear, "birth month": .birthMonth, "birth day": .birthDay,
    "anniversary": .anniversary, "wedding anniversary": .anniversary,
    "email": .email, "e mail": .email, "email address": .email, "e mail address": .email, "mail": .email,
    "primary email": .email, "secondary email": .email,
    "time zone": .timeZone, "timezone": .timeZone, "tz": .timeZone, "locale": .locale, "lang": .locale,
    "webhook": .webhook, "webhook url": .webhook,
  ]
}
