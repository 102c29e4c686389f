import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// What coming occurrences will say, at each sink that will get them.
struct SchedulePreview {
  /// The most occurrences of one preview.
  static let maximumCount: Int32 = 20
  private static let scheduleID = "preview"

  let environment: Environment

  /// - Throws: all violations at once; FAILED_PRECONDITION when a stored schedule cannot be computed.
  func run(_ request: Carillon_V1_PreviewScheduleRequest) async throws -> [Carillon_V1_PreviewedOccurrence] {
    let namespace = try ResourceName.namespace(request.parent)
    var violations = Violations()
    try await checkFrame(request, namespace: namespace, &violations)
    var (schedule, user) = try await target(request, namespace: namespace, &violations)
    if let sample = sampleUser(request, id: schedule?.userID, namespace: namespace, &violations) {
      user = sample
      schedule?.userID = sample.id
    }
    takeLocale(request.locale, isBroadcast: schedule != nil && schedule?.userID == nil, &user, &violations)
    let template = try await template(request, schedule, &violations)
    try violations.check()
    guard let schedule else { throw Failure.invalid("name", "is required, unless schedule is set") }
    let sinks =
      request.sink.isEmpty
      ? try await environment.sinks(for: schedule, user: user)
      : [try ResourceName(request.sink, kind: .sink, field: "sink").id]
    let query = PreviewQuery(
      schedule: schedule, user: user, occurrenceKey: request.occurrenceKey.isEmpty ? nil : request.occurrenceKey,
      count: max(1, Int(request.count)), sinks: sinks, template: template)
    return try await ask(query, isStored: isStored(request)).map {
      Carillon_V1_PreviewedOccurrence($0, namespace: namespace, zones: environment.zones)
    }
  }

  private func checkFrame(
    _ request: Carillon_V1_PreviewScheduleRequest, namespace: String, _ violations: inout Violations
  ) async throws {
    if !(0...Self.maximumCount).contains(request.count) {
      violations.add("count", "must be 0 to \(Self.maximumCount)")
    }
    if !request.occurrenceKey.isEmpty {
      violations.collect { () throws(ModelError) in
        try Names.checkKey(request.occurrenceKey, field: "occurrence_key")
      }
    }
    try await environment.checkOptionalSink(request.sink, namespace: namespace, field: "sink", &violations)
  }

  private func isStored(_ request: Carillon_V1_PreviewScheduleRequest) -> Bool {
    if case .name? = request.target { return true }
    return false
  }

  private func ask(_ query: PreviewQuery, isStored: Bool) async throws -> [PreviewedOccurrence] {
    do throws(StoreError) {
      return try await environment.pipeline.preview(query, from: environment.now())
    } catch {
      switch error.code {
      case .notFound:
        throw try await environment.unknownKey(query.occurrenceKey ?? "", of: query.schedule, user: query.user)
      case .invalid where isStored:
        let schedule = query.schedule
        throw environment.cannotBeComputed(
          ResourceName(kind: .schedule, namespace: schedule.namespace, id: schedule.id), error)
      case .invalid: throw Failure.invalid("schedule", error.message)
      default: throw error
      }
    }
  }
}

extension SchedulePreview {
  /// The schedule, stored or not, and its person. A sample stands in for a person who does not exist.
  private func target(
    _ request: Carillon_V1_PreviewScheduleRequest, namespace: String, _ violations: inout Violations
  ) async throws -> (Schedule?, User?) {
    switch request.target {
    case .name(let text):
      let id = violations.collect { () throws(ModelError) in
        try ResourceName.id(text, kind: .schedule, in: namespace, field: "name")
      }
      guard let id else { return (nil, nil) }
      return try await environment.scheduleAndUser(ResourceName(kind: .schedule, namespace: namespace, id: id))
    case .schedule(let message):
      return try await inline(message, namespace: namespace, hasSample: request.hasSampleUser, &violations)
    case nil:
      violations.add("name", "is required, unless schedule is set")
      return (nil, nil)
    }
  }

  private func inline(
    _ message: Carillon_V1_Schedule, namespace: String, hasSample: Bool, _ violations: inout Violations
  ) async throws -> (Schedule?, User?) {
    let path = FieldPath("schedule", renamed: ["id": "schedule.name", "user_id": "schedule.user"])
    let id = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(message.name, kind: .schedule, in: namespace, field: "schedule.name")
    }
    let userID = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(message.user, kind: .user, in: namespace, field: "schedule.user")
    }
    let schedule = Schedule(
      message, namespace: namespace, id: (id ?? nil) ?? Self.scheduleID, userID: userID ?? nil,
      startAt: environment.now(), path: path, violations: &violations)
    var user: User?
    if !hasSample {
      user = try await environment.user(
        schedule.userID, namespace: namespace, field: "schedule.user", &violations)
    }
    try await environment.check(schedule, definition: true, path: path, &violations)
    return (schedule, user)
  }

  private func sampleUser(
    _ request: Carillon_V1_PreviewScheduleRequest, id: String?, namespace: String, _ violations: inout Violations
  ) -> User? {
    guard request.hasSampleUser else { return nil }
    let sample = request.sampleUser
    let user = User(
      namespace: namespace, id: id ?? "sample", displayName: sample.displayName, givenName: sample.givenName,
      locale: sample.locale, timeZone: sample.timeZone, dates: sample.dates, attributes: sample.attributes)
    violations.collect(under: FieldPath("sample_user")) { () throws(ModelError) in try user.check() }
    environment.checkZone(user.timeZone, field: "sample_user.time_zone", &violations)
    return user
  }

  private func takeLocale(_ locale: String, isBroadcast: Bool, _ user: inout User?, _ violations: inout Violations) {
    guard !locale.isEmpty else { return }
    if LanguageTag(locale) == nil {
      violations.add("locale", "must be a BCP 47 language tag such as de or pt-BR")
    } else if isBroadcast {
      violations.add("locale", "needs a person: the schedule has none, set sample_user")
    }
    user?.locale = locale
  }

  private func template(
    _ request: Carillon_V1_PreviewScheduleRequest, _ schedule: Schedule?, _ violations: inout Violations
  ) async throws -> MessageTemplate? {
    guard request.hasTemplate, let schedule else { return nil }
    let template = MessageTemplate(
      namespace: schedule.namespace, id: "preview", eventType: schedule.eventType, title: request.template.title,
      text: request.template.text, html: request.template.html)
    violations.collect(under: FieldPath("template")) { () throws(ModelError) in try template.check() }
    if violations.isEmpty {
      await environment.checkTakesTemplates(schedule.eventType, field: "template", &violations)
    }
    return template
  }
}

extension Environment {
  /// A schedule's values, and that what they name exists.
  func check(
    _ schedule: Schedule, definition: Bool, path: FieldPath, _ violations: inout Violations
  ) async throws {
    violations.collect(under: path) { () throws(ModelError) in try schedule.check() }
    checkZone(schedule.timeZone, field: path.field("time_zone"), &violations)
    try await checkQueue(schedule.queue, field: path.field("queue"), &violations)
    if definition, await checkEventType(schedule.eventType, field: path.field("event_type"), &violations) {
      try await checkDefinition(
        schedule.definitionJSON, eventType: schedule.eventType, path: FieldPath(path.field("definition")), &violations)
    }
  }

  /// Names of the sinks that events of a schedule would go to by the subscriptions in force, each once, in their order.
  func sinks(for schedule: Schedule, user: User?) async throws -> [String] {
    let queueName = schedule.queue ?? Queue.standardName(eventType: schedule.eventType)
    let allowed = try await store.queues().first { $0.name == queueName }?.allowedSinks ?? []
    var names: [String] = []
    let definition = try StructJSON.document(of: schedule.definitionJSON)
    for route in try await store.routing(revision: nil).routes
    where route.subscription.namespace == schedule.namespace {
      let subscription = route.subscription
      let isWanted = subscription.wants(eventType: schedule.eventType) { field in
        switch field {
        case .eventType: schedule.eventType
        case .schedule: schedule.id
        case .queue: queueName
        // Of which occurrence, is not asked here.
        case .key: nil
        case .test: "false"
        case .definition(let name): definition.fields[name].flatMap(StructJSON.scalar)
        default: user?.value(of: field)
        }
      }
      guard isWanted, allowed.isEmpty || allowed.contains(subscription.sink), !names.contains(subscription.sink)
      else { continue }
      names.append(subscription.sink)
    }
    return names
  }
}
