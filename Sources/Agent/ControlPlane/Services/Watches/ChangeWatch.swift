import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// One open watch of domain events, with a heartbeat when there are none.
struct ChangeWatch {
  /// What the store is told to begin at the end.
  private static let latest = "latest"
  let environment: Environment
  let namespace: String
  let kinds: Set<DomainEvent.Kind>
  let cancellation: ServerContext.RPCCancellationHandle

  /// Reads the kinds that are asked for.
  /// - Throws: when one is none; says which there are.
  static func kinds(_ names: [String]) throws -> Set<DomainEvent.Kind> {
    var violations = Violations()
    var kinds: Set<DomainEvent.Kind> = []
    // A kind named twice is no fault, but a request has an end.
    for (index, name) in names.prefix(Self.maximumKinds).enumerated() {
      if let kind = DomainEvent.Kind(rawValue: name) {
        kinds.insert(kind)
      } else {
        violations.add("kinds[\(index)]", "must be one of \(DomainEvent.Kind.list), not \"\(Failure.cut(name, 40))\"")
      }
    }
    if names.count > Self.maximumKinds { violations.add("kinds", "must be at most \(Self.maximumKinds)") }
    try violations.check()
    return kinds
  }

  private static let maximumKinds = 16

  /// Goes on until the client ends it, or the server stops.
  func run(
    from cursor: String, into response: RPCWriter<Carillon_V1_WatchChangesResponse>
  ) async throws {
    guard cursor.utf8.count <= Environment.maximumCursorBytes else { throw Failure.invalid("cursor", "is no cursor") }
    var cursor = cursor.isEmpty ? Self.latest : cursor == ReceiptWatch.oldest ? "" : cursor
    let limits = environment.limits
    var heartbeat = Heartbeat(every: limits.watchHeartbeat)
    while environment.goesOn(cancellation) {
      let page = try await next(cursor)
      let hasMoved = page.next != cursor
      cursor = page.next
      if !page.items.isEmpty || heartbeat.isDue {
        try await response.write(
          .with {
            $0.changes = page.items.map { Carillon_V1_DomainEvent($0) }
            $0.cursor = cursor
          })
        heartbeat.spoke()
      }
      // Of a page that is short, or empty, there may be more behind what others wrote.
      if !hasMoved || page.items.isEmpty {
        try await environment.clock.sleep(for: limits.watchPause)
        heartbeat.waited(limits.watchPause)
      }
    }
    throw environment.endOfWatch
  }

  private func next(_ cursor: String) async throws -> Page<DomainEvent> {
    do throws(StoreError) {
      return try await environment.store.changes(
        namespace: namespace, kinds: kinds, after: cursor, limit: environment.limits.watchBatch)
    } catch {
      throw error.code == .invalid ? Failure.invalid("cursor", "is no cursor of this store") : error as any Error
    }
  }
}

extension Carillon_V1_DomainEvent {
  /// What happened.
  init(_ event: DomainEvent) {
    func name(_ kind: ResourceKind, _ id: String) -> String {
      ResourceName(kind: kind, namespace: event.namespace, id: id).text
    }
    self.init()
    id = event.id
    kind = event.kind.rawValue
    time = Google_Protobuf_Timestamp(event.at)
    user = event.userID.map { name(.user, $0) } ?? ""
    sink = event.sink.map { name(.sink, $0) } ?? ""
    detail = event.detail
    guard let subject = event.subject else { return }
    self.event = name(.event, subject.identity.text)
    schedule = name(.schedule, subject.scheduleID)
    eventType = subject.eventType
    dueTime = Google_Protobuf_Timestamp(subject.dueAt)
    test = subject.isTest
  }
}
