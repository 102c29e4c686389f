import ControlAPI
import SwiftProtobuf

/// Makes an import item of one line's object.
struct RecordReader: Sendable {
  /// Why a line gives none.
  struct Refusal: Error {
    var kind = ImportNote.Kind.itemRefused
    var reason: String
  }

  let namespace: String

  /// What a line says.
  func item(_ bytes: [UInt8]) throws(Refusal) -> (item: Carillon_V1_ImportItem, label: String) {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw Refusal(reason: "is no JSON: \(error.reason) at byte \(error.offset + 1)")
    }
    let members = try object(value, path: "")
    if members.count == 1, let (key, inner) = members.first {
      if key == "schedule" { return try schedule(inner) }
      if key == "user" { return try user(try object(inner, path: "user."), path: "user.") }
      if RecordSchema.exported.contains(ApplyDecoder.camelCase(key)) {
        throw Refusal(kind: .itemSkipped, reason: "a record \(Excerpt.of(key)) of an export is not taken")
      }
    }
    return try user(members, path: "")
  }

  private func schedule(_ value: JSONValue) throws(Refusal) -> (item: Carillon_V1_ImportItem, label: String) {
    let schedule = try schedule(value, path: "schedule.", user: nil)
    var item = Carillon_V1_ImportItem()
    item.schedules = [schedule]
    return (item, ResourceName.id(schedule.name))
  }

  private func user(
    _ members: [(String, JSONValue)], path: String
  ) throws(Refusal) -> (item: Carillon_V1_ImportItem, label: String) {
    var fields = try fields(members, .user, path: path, wrappers: path.isEmpty ? RecordSchema.wrappers : [])
    let name = try name(&fields, .users, path: path)
    var schedules: [JSONValue] = []
    if let index = fields.firstIndex(where: { $0.0 == "schedules" }) {
      guard case .array(let items) = fields.remove(at: index).1 else {
        throw Refusal(reason: "\(path)schedules: must be a list")
      }
      schedules = items
    }
    guard schedules.count <= JSONLinesLimits.maxSchedules else {
      throw Refusal(reason: "\(path)schedules: must be at most \(JSONLinesLimits.maxSchedules)")
    }
    var item = Carillon_V1_ImportItem()
    item.user = try decode(fields, Carillon_V1_User.self, path: path)
    item.user.name = name
    for (index, value) in schedules.enumerated() {
      item.schedules.append(try schedule(value, path: "\(path)schedules[\(index)].", user: name))
    }
    return (item, item.user.displayName.isEmpty ? ResourceName.id(name) : item.user.displayName)
  }

  /// - Parameter user: whose it must be; nil: whose it says, or a broadcast.
  private func schedule(_ value: JSONValue, path: String, user: String?) throws(Refusal) -> Carillon_V1_Schedule {
    var fields = try fields(try object(value, path: path), .schedule, path: path)
    let name = try name(&fields, .schedules, path: path)
    var schedule = try decode(fields, Carillon_V1_Schedule.self, path: path)
    schedule.name = name
    do { schedule.user = try ResourceKind.users.optionalName(schedule.user, namespace: namespace) } catch {
      throw Refusal(reason: "\(path)\(error.message)")
    }
    if let user {
      guard schedule.user.isEmpty || schedule.user == user else {
        throw Refusal(reason: "\(path)user: must be left out, or the user of the line")
      }
      schedule.user = user
    }
    return schedule
  }

  // MARK: members

  private func object(_ value: JSONValue, path: String) throws(Refusal) -> [(String, JSONValue)] {
    guard case .object(let members) = value else {
      throw Refusal(reason: path.isEmpty ? "must be a JSON object" : "\(path.dropLast()): must be an object")
    }
    guard members.count <= JSONLinesLimits.maxMembers else {
      throw Refusal(
        reason: "\(path.isEmpty ? "" : "\(path.dropLast()): ")more than \(JSONLinesLimits.maxMembers) members")
    }
    return members
  }

  /// The members that are taken, under the API's names.
  private func fields(
    _ members: [(String, JSONValue)], _ schema: RecordSchema, path: String, wrappers: [String] = []
  ) throws(Refusal) -> [(String, JSONValue)] {
    var seen: Set<String> = []
    var result: [(String, JSONValue)] = []
    for (key, value) in members {
      let name = ApplyDecoder.camelCase(key)
      guard schema.members.contains(name) || schema.outputOnly.contains(name) else {
        let known = (schema.members.sorted() + wrappers)
        throw Refusal(
          reason:
            "\(path)\(Printable.escaped(String(key.prefix(64)))): is not known\(NearestName.suggestion(key, in: known))"
        )
      }
      guard seen.insert(name).inserted else { throw Refusal(reason: "\(path)\(name): is there twice") }
      if schema.members.contains(name) { result.append((name, value)) }
    }
    return result
  }

  /// The full name that `id` or `name` gives; both are taken out.
  private func name(
    _ fields: inout [(String, JSONValue)], _ kind: ResourceKind, path: String
  ) throws(Refusal) -> String {
    let given = fields.filter { $0.0 == "id" || $0.0 == "name" }
    fields.removeAll { $0.0 == "id" || $0.0 == "name" }
    guard given.count == 1, let (key, value) = given.first else {
      throw Refusal(reason: "\(path)id: \(given.isEmpty ? "is missing" : "and name say the same; write one of them")")
    }
    guard let text = value.text else { throw Refusal(reason: "\(path)\(key): must be a text") }
    do { return try kind.name(text, namespace: namespace) } catch {
      // The error names the kind of resource; the member says more.
      let reason = error.message.drop { $0 != ":" }
      throw Refusal(reason: "\(path)\(key)\(reason)")
    }
  }

  private func decode<M: Message>(
    _ fields: [(String, JSONValue)], _ type: M.Type, path: String
  ) throws(Refusal) -> M {
    if let message = Self.message(fields, type) { return message }
    // One of them is at fault; which one, each by itself tells.
    let fault = fields.first { Self.message([$0], type) == nil }
    throw Refusal(
      reason: "\(path)\(fault?.0 ?? ""): is not what the API takes there: \(Excerpt.of(fault?.1.compact ?? ""))")
  }

  private static func message<M: Message>(_ fields: [(String, JSONValue)], _ type: M.Type) -> M? {
    try? M(jsonUTF8Bytes: Array(JSONValue.object(fields).compact.utf8))
  }
}
