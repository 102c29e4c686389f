import EventModel
import GRPCProtobuf
import Store

typealias GoogleStatus = GoogleRPCStatus

/// Checks that need to ask somebody: the zones, the plugins, the store.
extension Environment {
  /// The zone can be used. An empty one stands for "not said".
  func checkZone(_ zone: String?, field: String, _ violations: inout Violations) {
    guard let zone, !zone.isEmpty, let problem = zones.problem(withZone: zone) else { return }
    violations.add(field, problem)
  }

  /// The event type is one that a plugin provides; else tells which there are. Answers whether it is.
  @discardableResult
  func checkEventType(_ name: String, field: String, _ violations: inout Violations) async -> Bool {
    let known = await plugins.eventTypes()
    if known.contains(name) { return true }
    violations.add(field, Self.unknown("event type", name, known: known))
    return false
  }

  /// The same for what can be subscribed to: an event type, or a kind of domain events. Unlike an event type, a topic is
  /// listed whole: people cannot look it up among the plugins.
  func checkTopic(_ name: String, field: String, _ violations: inout Violations) async {
    guard !DomainEvent.Kind.isTopic(name) else { return }
    let known = await plugins.eventTypes()
    if known.contains(name) { return }
    violations.add(
      field, Self.unknown("event type", name, known: known) + "; and the topics \(DomainEvent.Kind.list)")
  }

  /// The definition is what its event type asks for.
  /// - Throws: when the event type cannot be asked.
  func checkDefinition(
    _ json: String, eventType: String, path: FieldPath, _ violations: inout Violations
  ) async throws(PluginOperationError) {
    do throws(PluginOperationError) {
      try await plugins.validateDefinition(eventType: eventType, definitionJSON: json)
    } catch {
      guard error.code == .invalid else { throw error }
      violations.keep(ModelError(violations: error.violations), under: path)
    }
  }

  /// The queue exists; else tells which there are.
  func checkQueue(_ name: String?, field: String, _ violations: inout Violations) async throws {
    guard let name else { return }
    let known = try await store.queues().map(\.name)
    if !known.contains(name) { violations.add(field, Self.unknown("queue", name, known: known)) }
  }

  /// The sink exists; else tells some that do.
  func checkSink(_ name: String, namespace: String, field: String, _ violations: inout Violations) async throws {
    let sink = try await ifFound { () throws(StoreError) in
      try await store.sink(namespace: namespace, name: name)
    }
    guard sink == nil else { return }
    let known = try await store.sinks(namespace: namespace, page: PageRequest(size: Self.shownNames + 1))
    violations.add(field, Self.unknown("sink", name, known: known.items.map(\.name)))
  }

  /// The sink, if one is named: the name can be read, and the sink exists.
  func checkOptionalSink(
    _ name: String, namespace: String, field: String, _ violations: inout Violations
  ) async throws {
    let id = violations.collect { () throws(ModelError) in
      try ResourceName.optionalID(name, kind: .sink, in: namespace, field: field)
    }
    if case .some(.some(let id)) = id {
      try await checkSink(id, namespace: namespace, field: field, &violations)
    }
  }

  /// The user, if one is named; a fault when it does not exist.
  func user(
    _ id: String?, namespace: String, field: String, _ violations: inout Violations
  ) async throws -> User? {
    guard let id else { return nil }
    let user = try await ifFound { () throws(StoreError) in try await store.user(namespace: namespace, id: id) }
    if user == nil {
      violations.add(field, "there is no user \(ResourceName(kind: .user, namespace: namespace, id: id).text)")
    }
    return user
  }

  /// The most names that an error lists.
  static let shownNames = 10

  /// `there is no queue "hihg"; there are: critical, high, low, normal`.
  static func unknown(_ noun: String, _ name: String, known: [String]) -> String {
    let shown = known.prefix(shownNames).joined(separator: ", ") + (known.count > shownNames ? ", ..." : "")
    let there = known.isEmpty ? "there are none" : "there are: \(shown)"
    return (name.isEmpty ? "is required" : "there is no \(noun) \"\(Failure.cut(name, 63))\"") + "; " + there
  }
}
