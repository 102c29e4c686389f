import HTTPTransport
import PluginKit0

/// The sink's configuration, read and checked beyond what the schema can say. The address is still a reference.
struct DiscordConfiguration: Sendable {
  /// How a message is made up.
  enum Style: String, Sendable {
    case text
    case embed
  }

  /// Whom messages may call.
  struct Mentions: Sendable, Hashable {
    var users: [String] = []
    var roles: [String] = []
    var everyone = false
  }

  let urlReference: String?
  let username: String?
  let avatarURL: String?
  let style: Style
  let color: Int64?
  let threadID: String?
  let threadName: String?
  let mentions: Mentions
  let batch: DiscordBatch
  private(set) var settings = HTTPSessionSettings()

  init(_ document: JSONText) throws(PluginError) {
    let object = try document.object(named: "configuration")
    urlReference = object["url"]?.string
    username = object["username"]?.string
    avatarURL = object["avatar_url"]?.string
    style = object["style"]?.string.flatMap(Style.init) ?? .text
    color = object["color"]?.integer
    threadID = object["thread_id"]?.string
    threadName = object["thread_name"]?.string
    mentions = Self.mentions(object["mentions"]?.object)
    batch = DiscordBatch(object["batch"]?.object, style: style, isForum: threadName != nil)
    settings.timeoutMilliseconds = Int(object["timeout_ms"]?.integer ?? 15_000)
    settings.connectTimeoutMilliseconds = min(5_000, settings.timeoutMilliseconds)
    settings.maximumPerOrigin = 16
    settings.certificateAuthorityFile = object["ca_file"]?.string
    var violations: [PluginError.Violation] = []
    readAddresses(object, &violations)
    checkNames(&violations)
    if style == .text, batch.events > 1 {
      violations.append(
        .init(
          pointer: "/batch/events", code: "style",
          message: "is \(batch.events), which needs the style embed: a text is a message of its own"))
    }
    guard violations.isEmpty else { throw PluginError(violations: violations) }
  }

  private static func mentions(_ object: JSONObject?) -> Mentions {
    Mentions(
      users: object?["users"]?.array?.compactMap(\.string) ?? [],
      roles: object?["roles"]?.array?.compactMap(\.string) ?? [], everyone: object?["everyone"]?.bool ?? false)
  }

  private mutating func readAddresses(_ object: JSONObject, _ violations: inout [PluginError.Violation]) {
    var ranges: [AddressRange] = []
    for (index, element) in (object["allow_addresses"]?.array ?? []).enumerated() {
      do {
        ranges.append(try AddressRange(element.string ?? ""))
      } catch {
        violations.append(.init(pointer: "/allow_addresses/\(index)", code: "address-range", message: error.message))
      }
    }
    do {
      settings.addresses = try AddressPolicy(allowing: ranges)
    } catch {
      violations.append(.init(pointer: "/allow_addresses", code: "limit", message: error.message))
    }
  }

  private func checkNames(_ violations: inout [PluginError.Violation]) {
    if let username {
      if username.utf16.count > DiscordLimits.name {
        violations.append(
          .init(pointer: "/username", code: "length", message: "must be at most \(DiscordLimits.name) characters"))
      }
      for word in ["clyde", "discord"] where username.lowercased().contains(word) {
        violations.append(
          .init(pointer: "/username", code: "reserved", message: "must not contain \"\(word)\": Discord refuses it"))
      }
    }
    if threadID != nil, threadName != nil {
      violations.append(
        .init(
          pointer: "/thread_name", code: "exclusive", message: "thread_id and thread_name are given; one is allowed"))
    }
  }
}
