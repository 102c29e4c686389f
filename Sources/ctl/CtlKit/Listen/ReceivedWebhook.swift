/// One request as the receiver tells it.
struct ReceivedWebhook: Received {
  /// Milliseconds since 1970, when the request was complete.
  var timeMilliseconds: Int64
  var method: String
  var path: String
  var id: String?
  var attempt: String?
  /// How late the sender says it was.
  var lateMilliseconds: String?
  var verdict: WebhookVerifier.Verdict
  /// The status that was answered.
  var status: Int
  var body: [UInt8]
  /// The body, when it is JSON.
  var document: JSONValue?

  /// The event type, wherever the body has it: plain JSON, CloudEvents or Standard Webhooks.
  var type: String? { field("type") ?? field("event_type") }
  var title: String? { field("title") ?? field("subject") }
  var text: String? { field("text") ?? field("message") }

  /// Looks in the body, then in its `data`, then in the message of either.
  private func field(_ name: String) -> String? {
    let places = [document, document?["data"], document?["message"], document?["data"]?["message"]]
    return places.lazy.compactMap { $0?[name]?.text }.first
  }
}

extension ReceivedWebhook {
  /// Bytes of a text that a line for people shows.
  static let maxShownCharacters = 100

  /// One JSON object, with the body as it came: as JSON, or as text where it is none.
  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("time", .string(Timestamps.rfc3339(milliseconds: timeMilliseconds))), ("method", .string(method)),
      ("path", .string(path)), ("status", .integer(Int64(status))), ("signature", .string(verdict.description)),
    ]
    if let id { members.append(("id", .string(id))) }
    if let type { members.append(("type", .string(type))) }
    if let attempt { members.append(("attempt", number(attempt))) }
    if let lateMilliseconds { members.append(("lateMilliseconds", number(lateMilliseconds))) }
    members.append(("body", document ?? .string(String(decoding: body, as: UTF8.self))))
    return .object(members)
  }

  private func number(_ text: String) -> JSONValue { Int64(text).map(JSONValue.integer) ?? .string(text) }

  func lines(zone: ZoneClock, paint: Paint) -> [String] { [line(zone: zone, paint: paint)] }

  var row: [Table.Cell] {
    let data = document?["data"]
    let person = data?["user"]?["display_name"]?.text ?? data?["user"]?["id"]?.text ?? "everybody"
    return [
      .init(person), .init(type ?? ""), .init(data?["local_time"]?.text ?? ""), .init(data?["time_zone"]?.text ?? ""),
      .init(text ?? title ?? ""), .init(verdict.description, verdict == .verified ? .good : .bad),
      .init(lateMilliseconds ?? ""),
    ]
  }

  /// Time, verdict, attempt, lateness, type, what it says, id.
  func line(zone: ZoneClock, paint: Paint) -> String {
    let mark = verdict.isAcceptable ? (verdict == .verified ? Style.good : .faint) : .bad
    let words = [title, text].compactMap { $0 }.joined(separator: " — ")
    let shown = words.isEmpty ? String(decoding: body.prefix(Self.maxShownCharacters), as: UTF8.self) : words
    let late = lateMilliseconds.map { "\(Printable.escaped($0)) ms late" } ?? ""
    return [
      zone.timeOfDay(milliseconds: timeMilliseconds), paint(String(status), status < 300 ? .good : .bad),
      paint(verdict.description, mark), attempt.map { "attempt \(Printable.escaped($0))" } ?? "", late,
      paint(Printable.escaped(type ?? "\(method) \(path)"), .heading),
      Printable.escaped(String(shown.prefix(Self.maxShownCharacters))), paint(Printable.escaped(id ?? ""), .faint),
    ].filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
