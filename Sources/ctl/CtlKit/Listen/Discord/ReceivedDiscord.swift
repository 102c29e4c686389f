/// A message to a Discord channel, as the receiver tells it.
struct ReceivedDiscord: Received {
  /// Milliseconds since 1970, when the request was complete.
  var timeMilliseconds: Int64
  /// The webhook's id.
  var webhook: String
  /// The id of the message that was made of it; nil when none was, or when the sender did not wait.
  var message: String?
  /// The status that was answered.
  var status: Int
  /// Why it was refused; nil when it was taken.
  var problem: String?
  var body: [UInt8]
  /// The body, when it is JSON.
  var document: JSONValue?

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("time", .string(Timestamps.rfc3339(milliseconds: timeMilliseconds))), ("kind", .string("discord")),
      ("webhook", .string(webhook)), ("status", .integer(Int64(status))),
    ]
    if let message { members.append(("message", .string(message))) }
    if let problem { members.append(("problem", .string(problem))) }
    members.append(("body", document ?? .string(String(decoding: body, as: UTF8.self))))
    return .object(members)
  }

  func lines(zone: ZoneClock, paint: Paint) -> [String] {
    let head = [
      zone.timeOfDay(milliseconds: timeMilliseconds), paint(String(status), problem == nil ? .good : .bad),
      paint("Discord", .heading), "channel of webhook \(webhook)",
      problem.map { paint(Printable.escaped($0), .bad) } ?? "",
    ].filter { !$0.isEmpty }.joined(separator: "  ")
    return [head] + Framed.lines(shown, paint: paint)
  }

  var row: [Table.Cell] {
    let says = document?["content"]?.text ?? firstEmbed?["title"]?.text ?? firstEmbed?["description"]?.text ?? ""
    return [
      .init("Discord"), .init(""), .init(""), .init(""),
      .init(String(says.prefix(100).map { $0.isNewline ? " " : $0 }) + others),
      problem.map { .init($0, .bad) } ?? .init("taken", .good), .init(""),
    ]
  }

  /// What its readers see: who speaks, the words, each embed as a block, and who is called.
  private var shown: String {
    guard let document else { return String(decoding: body.prefix(1_000), as: UTF8.self) }
    var lines = ["\(document["username"]?.text ?? "webhook")  [APP]"]
    if let content = document["content"]?.text, !content.isEmpty { lines.append(content) }
    if case .array(let embeds)? = document["embeds"] { lines += embeds.flatMap(Self.block) }
    if let pings { lines.append("(\(pings))") }
    return lines.joined(separator: "\n")
  }

  private static func block(_ embed: JSONValue) -> [String] {
    var lines = [embed["author"]?["name"], embed["title"], embed["description"]].compactMap { $0?.text }
    if case .array(let fields)? = embed["fields"] {
      lines += fields.map { "\($0["name"]?.text ?? ""): \($0["value"]?.text ?? "")" }
    }
    if let footer = embed["footer"]?["text"]?.text { lines.append(footer) }
    let split = lines.flatMap { $0.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) }
    return split.map { "▌ \($0)" }
  }

  /// How many events there are beside the first.
  private var others: String {
    guard case .array(let embeds)? = document?["embeds"], embeds.count > 1 else { return "" }
    return " (and \(embeds.count - 1) more)"
  }

  private var firstEmbed: JSONValue? {
    if case .array(let embeds)? = document?["embeds"] { embeds.first } else { nil }
  }

  /// Everybody would be called when the message says so and nothing forbids it.
  private var pings: String? {
    guard let content = document?["content"]?.text, content.contains("@everyone") || content.contains("@here") else {
      return nil
    }
    guard let allowed = document?["allowed_mentions"] else { return "calls everybody" }
    if case .array(let parse)? = allowed["parse"], parse.contains(where: { $0.text == "everyone" }) {
      return "calls everybody"
    }
    return "calls nobody"
  }
}
