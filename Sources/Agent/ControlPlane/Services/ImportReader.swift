import ControlAPI
import EventModel
import Store

/// One item of an import that can be committed: its user first, if it has one, then the schedules.
struct ImportDraft: Sendable {
  let changes: [Change]
  let hasUser: Bool

  /// What became of the item as a whole: of its user, and then of its schedules.
  func effect(of effects: [ChangeResult.Effect]) -> Carillon_V1_Effect {
    if effects.allSatisfy({ $0 == .unchanged }) { return .unchanged }
    let isNew = hasUser ? effects.first == .created : effects.allSatisfy { $0 == .created }
    return isNew ? .created : .updated
  }

  /// What to tell of a store's error, if it is about the item and not about the store.
  func fault(_ error: StoreError) -> ModelError? {
    switch error.code {
    case .invalid where !error.violations.isEmpty: ModelError(violations: error.violations)
    case .conflict: ModelError(field: "user.etag", "the user was changed meanwhile: get it again")
    case .invalid, .notFound, .alreadyExists, .failedPrecondition: ModelError(field: "", error.message)
    case .fenced, .locked, .full, .unavailable, .corrupt, .unknown: nil
    }
  }
}

/// Reads items of an import. Made for one message: what exists is looked up once, and an event type is asked once about a
/// definition that many have.
struct ImportReader {
  private struct Definition: Hashable {
    var eventType: String
    var json: String
  }

  /// Where the fields of an item's user stand.
  private static let userPath = FieldPath("user", renamed: ["id": "user.name"])

  let environment: Environment
  let namespace: String
  /// Those that their event types have taken.
  private var taken: Set<Definition> = []
  private let userPrefix: String
  private let schedulePrefix: String
  private let queues: Set<String>
  private let eventTypes: [String]

  init(environment: Environment, namespace: String) async throws {
    self.environment = environment
    self.namespace = namespace
    userPrefix = ResourceName(kind: .user, namespace: namespace, id: "").text
    schedulePrefix = ResourceName(kind: .schedule, namespace: namespace, id: "").text
    queues = Set(try await environment.store.queues().map(\.name))
    eventTypes = await environment.plugins.eventTypes()
  }

  /// What to commit for an item, or all that is wrong with it.
  mutating func draft(_ item: Carillon_V1_ImportItem) async -> Result<ImportDraft, ModelError> {
    do {
      return .success(try await read(item))
    } catch let error as ModelError {
      return .failure(error)
    } catch {
      return .failure(ModelError(field: "", "could not be read: the store did not answer"))
    }
  }

  private mutating func read(_ item: Carillon_V1_ImportItem) async throws -> ImportDraft {
    var violations = Violations()
    var changes: [Change] = []
    var userID: String?
    if item.hasUser {
      let id = try id(item.user.name, .user, field: "user.name")
      userID = id
      let user = readUser(item.user, id: id, &violations)
      changes.append(.importUser(user, try importCondition(item.user.etag)))
    } else if item.schedules.isEmpty {
      violations.add("user", "is required, unless there are schedules")
    }
    let most = environment.limits.maximumImportSchedules
    if item.schedules.count > most { violations.add("schedules", "must be at most \(most)") }
    for (index, message) in item.schedules.prefix(most).enumerated() {
      let owner = try await readOwner(message, index: index, of: userID, &violations)
      guard let schedule = try await readSchedule(message, index: index, user: owner, &violations) else { continue }
      if !item.hasUser { try await checkSame(schedule, index: index, &violations) }
      changes.append(.putSchedule(schedule, .none))
    }
    try violations.check()
    return ImportDraft(changes: changes, hasUser: item.hasUser)
  }

  /// The id that a name of the namespace ends with. Nearly all are right, which is quickly seen; of the others
  /// ``ResourceName`` says what is wrong.
  private func id(_ name: String, _ kind: ResourceKind, field: String) throws(ModelError) -> String {
    let prefix = kind == .user ? userPrefix : schedulePrefix
    guard name.utf8.count <= ResourceName.maximumBytes, name.utf8.starts(with: prefix.utf8) else {
      return try ResourceName.id(name, kind: kind, in: namespace, field: field)
    }
    let id = String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    if id.utf8.contains(UInt8(ascii: "/")) {
      return try ResourceName.id(name, kind: kind, in: namespace, field: field)
    }
    try Names.checkID(id, field: field)
    return id
  }

  /// Where the fields of an item's first schedule stand.
  private static let firstPlace = makePlace(0)

  private static func place(_ index: Int) -> (prefix: String, path: FieldPath) {
    index == 0 ? firstPlace : makePlace(index)
  }

  private static func makePlace(_ index: Int) -> (prefix: String, path: FieldPath) {
    let prefix = "schedules[\(index)]"
    return (prefix, FieldPath(prefix, renamed: ["id": prefix + ".name", "user_id": prefix + ".user"]))
  }

  private func importCondition(_ etag: String) throws(ModelError) -> Precondition {
    guard !etag.isEmpty else { return .none }
    guard let revision = Int64(etag), revision > 0 else { throw ModelError(field: "user.etag", "is no etag") }
    return .revision(revision)
  }

  private func readUser(_ message: Carillon_V1_User, id: String, _ violations: inout Violations) -> User {
    let user = User(message, namespace: namespace, id: id)
    violations.collect(under: Self.userPath) { () throws(ModelError) in try user.check() }
    environment.checkZone(user.timeZone, field: "user.time_zone", &violations)
    return user
  }

  /// Whose a schedule is: the item's user, else the one that it names, who exists, else nobody's.
  private func readOwner(
    _ message: Carillon_V1_Schedule, index: Int, of userID: String?, _ violations: inout Violations
  ) async throws -> String? {
    let field = "schedules[\(index)].user"
    let named =
      violations.collect { () throws(ModelError) in
        message.user.isEmpty ? nil : try id(message.user, .user, field: field)
      } ?? nil
    guard let userID else {
      return try await environment.user(named, namespace: namespace, field: field, &violations)?.id
    }
    if let named, named != userID { violations.add(field, "must be left out, or this item's user") }
    return userID
  }

  /// A schedule that exists stays whose and what it is: left out, its user would make a broadcast of it.
  private func checkSame(_ schedule: Schedule, index: Int, _ violations: inout Violations) async throws {
    let old = try await ifFound { () throws(StoreError) in
      try await environment.store.schedule(namespace: namespace, id: schedule.id)
    }
    guard let old else { return }
    if old.userID != schedule.userID {
      violations.add("schedules[\(index)].user", "cannot be changed; make another schedule")
    }
    if old.eventType != schedule.eventType {
      violations.add("schedules[\(index)].event_type", "cannot be changed; make another schedule")
    }
  }

  private mutating func readSchedule(
    _ message: Carillon_V1_Schedule, index: Int, user: String?, _ violations: inout Violations
  ) async throws -> Schedule? {
    let (prefix, path) = Self.place(index)
    let before = violations.found.count
    let id = violations.collect { () throws(ModelError) in
      try self.id(message.name, .schedule, field: prefix + ".name")
    }
    let schedule = Schedule(
      message, namespace: namespace, id: id ?? "unknown", userID: user, startAt: environment.now(), path: path,
      violations: &violations)
    violations.collect(under: path) { () throws(ModelError) in try schedule.check() }
    environment.checkZone(schedule.timeZone, field: prefix + ".time_zone", &violations)
    if let queue = schedule.queue, !queues.contains(queue) {
      violations.add(prefix + ".queue", Environment.unknown("queue", queue, known: queues.sorted()))
    }
    if !eventTypes.contains(schedule.eventType) {
      violations.add(
        prefix + ".event_type", Environment.unknown("event type", schedule.eventType, known: eventTypes))
    } else if violations.found.count == before {
      try await checkDefinition(of: schedule, path: FieldPath(prefix + ".definition"), &violations)
    }
    return violations.found.count == before ? schedule : nil
  }

  private mutating func checkDefinition(
    of schedule: Schedule, path: FieldPath, _ violations: inout Violations
  ) async throws {
    let definition = Definition(eventType: schedule.eventType, json: schedule.definitionJSON)
    guard !taken.contains(definition) else { return }
    let before = violations.found.count
    try await environment.checkDefinition(definition.json, eventType: definition.eventType, path: path, &violations)
    if violations.found.count == before { taken.insert(definition) }
  }
}
