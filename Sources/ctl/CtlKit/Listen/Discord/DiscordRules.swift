/// What Discord accepts of a webhook's message, as its documentation of "Execute Webhook" and of embeds says. Lengths count
/// UTF-16 units.
struct DiscordRules {
  /// One thing that is refused: where, a code and a sentence in Discord's manner.
  struct Fault: Equatable {
    var path: [String]
    var code: String
    var message: String
  }

  private(set) var faults: [Fault] = []

  /// Judges a message.
  init(_ document: JSONValue) {
    guard case .object = document else {
      add([], "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
      return
    }
    text(document, "content", most: 2_000)
    name(document)
    let embeds = list(document, "embeds", most: 10)
    for (index, embed) in embeds.enumerated() { check(embed, ["embeds", String(index)]) }
    let sum = embeds.reduce(0) { $0 + Self.size(of: $1) }
    if sum > 6_000 {
      add(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    }
    if document["thread_id"] != nil, document["thread_name"] != nil {
      add(["thread_name"], "BASE_TYPE_BAD", "Give a thread's id or its name, not both")
    }
    mentions(document["allowed_mentions"])
  }

  /// Nothing to show: no words, and no embed with anything in it.
  static func isEmpty(_ document: JSONValue) -> Bool {
    let words = document["content"]?.text?.contains { !$0.isWhitespace } ?? false
    guard !words, case .array(let embeds)? = document["embeds"] else { return !words }
    return embeds.allSatisfy { embed in
      if case .object(let members) = embed { members.isEmpty } else { true }
    }
  }

  private mutating func name(_ document: JSONValue) {
    guard let name = document["username"]?.text else { return }
    if name.utf16.isEmpty || name.utf16.count > 80 {
      add(["username"], "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length.")
    }
    for word in ["clyde", "discord"] where name.lowercased().contains(word) {
      add(["username"], "USERNAME_INVALID_CONTAINS", "Username cannot contain \"\(word)\"")
    }
  }

  private mutating func check(_ embed: JSONValue, _ path: [String]) {
    text(embed, "title", most: 256, path)
    text(embed, "description", most: 4_096, path)
    if let footer = embed["footer"] { text(footer, "text", most: 2_048, path + ["footer"]) }
    if let author = embed["author"] { text(author, "name", most: 256, path + ["author"]) }
    for (index, field) in list(embed, "fields", most: 25, path).enumerated() {
      text(field, "name", most: 256, path + ["fields", String(index)], isRequired: true)
      text(field, "value", most: 1_024, path + ["fields", String(index)], isRequired: true)
    }
    if case .integer(let colour)? = embed["color"], !(0...0xFF_FFFF ~= colour) {
      add(path + ["color"], "NUMBER_TYPE_MAX", "int value should be between 0 and 16777215.")
    }
  }

  private mutating func text(
    _ object: JSONValue, _ member: String, most: Int, _ path: [String] = [], isRequired: Bool = false
  ) {
    let place = path + [member]
    switch object[member] {
    case .string(let text)?:
      if text.utf16.count > most { add(place, "BASE_TYPE_MAX_LENGTH", "Must be \(most) or fewer in length.") }
      if isRequired, text.isEmpty { add(place, "BASE_TYPE_REQUIRED", "This field is required") }
    case nil, .null?: if isRequired { add(place, "BASE_TYPE_REQUIRED", "This field is required") }
    default: add(place, "STRING_TYPE_CONVERT", "Could not interpret the value as string.")
    }
  }

  private mutating func list(_ object: JSONValue, _ member: String, most: Int, _ path: [String] = []) -> [JSONValue] {
    switch object[member] {
    case .array(let items)?:
      if items.count > most {
        add(path + [member], "BASE_TYPE_MAX_LENGTH", "Must be \(most) or fewer in length.")
      }
      return items
    case nil, .null?: return []
    default:
      add(path + [member], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
      return []
    }
  }

  private mutating func mentions(_ value: JSONValue?) {
    guard let value, case .array(let parse)? = value["parse"] else { return }
    for kind in parse.compactMap(\.text) where !["roles", "users", "everyone"].contains(kind) {
      add(["allowed_mentions", "parse"], "BASE_TYPE_CHOICES", "Value must be one of {'roles', 'users', 'everyone'}.")
    }
  }

  private mutating func add(_ path: [String], _ code: String, _ message: String) {
    faults.append(Fault(path: path, code: code, message: message))
  }

  /// What counts towards the sum over all embeds: title, description, fields' names and values, footer, author's name.
  private static func size(of embed: JSONValue) -> Int {
    var texts = [embed["title"], embed["description"], embed["footer"]?["text"], embed["author"]?["name"]]
    if case .array(let fields)? = embed["fields"] { texts += fields.flatMap { [$0["name"], $0["value"]] } }
    return texts.reduce(0) { $0 + ($1?.text?.utf16.count ?? 0) }
  }
}
