/// What may stand in a document of a kind, and how it is written.
struct ApplySchema: Sendable {
  /// How a value is written, and what the API makes of it.
  indirect enum Form: Sendable {
    case text
    case integer
    case number
    case bool
    /// `24h`
    case duration
    /// `park`, sent as `ON_UNKNOWN_PARK`.
    case choice(prefix: String, [String])
    /// An id or a full name.
    case reference(ResourceKind)
    case references(ResourceKind)
    /// Names to texts.
    case texts
    /// Any object: what it may hold, the agent knows.
    case object
    case fields([String: Form])
    /// The same, where each field keeps its value unless it is named.
    case parts([String: Form])
  }

  var kind: ResourceKind
  var fields: [String: Form]

  /// What every document has besides its fields.
  static let common = ["kind", "id", "name", "namespace"]

  /// By the word after `kind:`.
  static let all: [String: ApplySchema] = [
    "Queue": queue, "Sink": sink, "User": user, "Subscription": subscription, "Schedule": schedule,
    "Template": template,
  ]

  private static let user = ApplySchema(
    kind: .users,
    fields: [
      "displayName": .text, "givenName": .text, "familyName": .text, "nickname": .text, "locale": .text,
      "timeZone": .text, "dates": .texts, "addresses": .texts, "attributes": .texts, "paused": .bool,
    ])

  private static let schedule = ApplySchema(
    kind: .schedules,
    fields: [
      "user": .reference(.users), "eventType": .text, "definition": .object, "queue": .reference(.queues),
      "timeZone": .text, "gap": .choice(prefix: "GAP_RULE_", ["shift-forward", "before", "skip"]),
      "fold": .choice(prefix: "FOLD_RULE_", ["first", "second", "both"]),
      "catchUp": .fields([
        "mode": .choice(prefix: "MODE_", ["all", "latest", "skip", "merge"]), "window": .duration,
      ]), "state": .choice(prefix: "STATE_", ["active", "paused"]),
    ])

  private static let sink = ApplySchema(
    kind: .sinks,
    fields: [
      "plugin": .text, "configuration": .object, "addressKind": .text, "maxInFlight": .integer,
      "onUnknown": .choice(prefix: "ON_UNKNOWN_", ["resend", "park"]), "disabledReason": .text,
      "limits": .fields([
        "maxWaiting": .integer, "ratePerSecond": .number, "breaker": breaker, "disableAfter": .integer,
        "endpoint": .fields([
          "maxInFlight": .integer, "maxWaiting": .integer, "ratePerSecond": .number, "breaker": breaker,
        ]),
      ]),
    ])

  private static let breaker = Form.fields([
    "window": .duration, "minCalls": .integer, "failurePercent": .integer, "firstWait": .duration,
    "longestWait": .duration,
  ])

  private static let subscription = ApplySchema(
    kind: .subscriptions,
    fields: [
      "eventType": .text, "sink": .reference(.sinks), "filter": .texts, "condition": .text,
      "quietHours": .fields(["from": .text, "until": .text]),
      "digest": .fields(["window": .duration, "maxEvents": .integer]),
    ])

  private static let template = ApplySchema(
    kind: .templates,
    fields: [
      "eventType": .text, "locale": .text, "sink": .reference(.sinks), "title": .text, "text": .text, "html": .text,
    ])

  private static let queue = ApplySchema(
    kind: .queues,
    fields: [
      "priority": .integer, "reserve": .integer, "weight": .integer, "batch": .integer, "ratePerSecond": .number,
      "sendDeadline": .duration, "retry": .parts(["attempts": .integer, "base": .duration, "cap": .duration]),
      "expiresAfter": .duration, "paused": .bool, "allowedSinks": .references(.sinks),
    ])
}
