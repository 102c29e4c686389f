import HTTPTransport
import PluginKit0

/// How requests show whose they are, as configured; secrets are still references.
enum Authentication: Sendable {
  case basic(username: String, passwordReference: String)
  case bearer(tokenReference: String)
  case oauth(OAuthSettings)

  private static let members: [String: (required: Set<String>, optional: Set<String>)] = [
    "basic": (["username", "password"], []),
    "bearer": (["token"], []),
    "oauth2": (
      ["token_url", "client_id", "client_secret"], ["scope", "audience", "client_authentication"]
    ),
  ]

  /// nil without one; violations when its members do not fit its type.
  init?(_ object: JSONObject, _ violations: inout Violations) {
    guard let auth = object["auth"]?.object else { return nil }
    let type = auth["type"]?.string ?? ""
    guard let members = Self.members[type] else {
      violations.add("/auth/type", "enum", "allowed are basic, bearer and oauth2")
      return nil
    }
    var isWhole = true
    for name in members.required.sorted() where auth[name]?.string == nil {
      violations.add("/auth/" + name, "required", "\(type) needs it")
      isWhole = false
    }
    for member in auth.members where member.name != "type" {
      guard !members.required.contains(member.name), !members.optional.contains(member.name) else { continue }
      violations.add("/auth/" + Violations.escaped(member.name), "exclusive", "is not for \(type)")
      isWhole = false
    }
    guard isWhole else { return nil }
    switch type {
    case "basic":
      guard let username = Self.username(auth, &violations) else { return nil }
      self = .basic(username: username, passwordReference: auth["password"]?.string ?? "")
    case "bearer": self = .bearer(tokenReference: auth["token"]?.string ?? "")
    default:
      guard let settings = OAuthSettings(auth, &violations) else { return nil }
      self = .oauth(settings)
    }
  }

  /// A user name with a colon would end at it (RFC 7617, section 2).
  private static func username(_ auth: JSONObject, _ violations: inout Violations) -> String? {
    let name = auth["username"]?.string ?? ""
    guard !name.isEmpty, !name.contains(":"),
      !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      violations.add("/auth/username", "username", "must have a character, and no colon and no control character")
      return nil
    }
    return name
  }
}
