/// The members that an object of a line may have: those of the API's JSON, in either spelling of it.
struct RecordSchema: Sendable {
  let kind: ResourceKind
  /// Taken as they are.
  let members: Set<String>
  /// What the agent alone sets: passed over, so that the agent's own output can be read.
  let outputOnly: Set<String>

  static let user = RecordSchema(
    kind: .users,
    members: [
      "id", "name", "displayName", "givenName", "familyName", "nickname", "locale", "timeZone", "dates", "addresses",
      "attributes", "paused", "schedules",
    ], outputOnly: ["etag", "createTime", "updateTime"])

  static let schedule = RecordSchema(
    kind: .schedules,
    members: [
      "id", "name", "user", "eventType", "definition", "queue", "timeZone", "gap", "fold", "catchUp", "state",
    ], outputOnly: ["etag", "createTime", "updateTime", "nextDueTime", "planError", "exceptions"])

  /// What a line's object is made of: a record in itself, or one under its name.
  static let wrappers = ["user", "schedule"]
  /// What `ctl user export` writes besides; nothing that can be imported.
  static let exported = ["event", "deadLetter", "message"]
}
