import ControlAPI
import EventModel
import GRPCCore
import Store
import SwiftProtobuf

/// Deliveries that used up their attempts or failed for good.
struct DeadLettersService: Carillon_V1_DeadLetters.SimpleServiceProtocol {
  /// Longest code that a list can be asked for, in bytes.
  private static let maximumCodeBytes = 200

  let environment: Environment
  private var store: any Store { environment.store }

  func getDeadLetter(
    request: Carillon_V1_GetDeadLetterRequest, context: ServerContext
  ) async throws -> Carillon_V1_DeadLetter {
    let (name, number) = try Self.letter(request.name)
    return try await environment.naming(name) {
      let letter = try await store.deadLetter(namespace: name.namespace, id: number)
      return Carillon_V1_DeadLetter(letter, steps: try await environment.steps(of: letter))
    }
  }

  func listDeadLetters(
    request: Carillon_V1_ListDeadLettersRequest, context: ServerContext
  ) async throws -> Carillon_V1_ListDeadLettersResponse {
    let namespace = try ResourceName.namespace(request.parent)
    let filter = try Self.filter(request, namespace: namespace)
    let listing = [
      "deadLetters", namespace, request.sink, request.code, request.user,
      String(filter.diedFrom?.microseconds ?? 0), String(filter.diedBefore?.microseconds ?? 0),
    ]
    let page = try await store.deadLetters(
      namespace: namespace, filter: filter,
      page: PageToken.request(size: request.pageSize, token: request.pageToken, listing: listing))
    return .with {
      $0.deadLetters = page.items.map { Carillon_V1_DeadLetter(listed: $0) }
      $0.nextPageToken = PageToken.token(next: page.next, listing: listing)
    }
  }

  func replayDeadLetter(
    request: Carillon_V1_ReplayDeadLetterRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    let (name, number) = try Self.letter(request.name)
    return try await environment.naming(name) {
      let letter = try await store.deadLetter(namespace: name.namespace, id: number)
      // The new attempt is in the ledger now; an agent claims it within its next poll.
      _ = try await store.commit(
        [.replayDeadLetter(namespace: name.namespace, id: number)], actor: environment.actor(context), dryRun: false,
        now: environment.now())
      let event = try await store.event(namespace: name.namespace, identity: letter.identity)
      return Carillon_V1_Event(event, zones: environment.zones)
    }
  }

  func replayDeadLetters(
    request: Carillon_V1_ReplayDeadLettersRequest, response: RPCWriter<Carillon_V1_BulkProgress>,
    context: ServerContext
  ) async throws {
    let namespace = try ResourceName.namespace(request.parent)
    var violations = Violations()
    let rate = BulkReplay.rate(request.ratePerSecond, &violations)
    let filter = violations.collect { () throws(ModelError) in try Self.filter(request, namespace: namespace) }
    try violations.check()
    guard let filter else { throw Failure.invalid("parent", "cannot be read") }
    try await BulkReplay(
      environment: environment, namespace: namespace, filter: filter, ratePerSecond: rate,
      actor: environment.actor(context)
    ).run(context.cancellation, into: response)
  }

  func discardDeadLetter(
    request: Carillon_V1_DiscardDeadLetterRequest, context: ServerContext
  ) async throws -> Google_Protobuf_Empty {
    var violations = Violations()
    let letter = violations.collect { () throws(ModelError) in try Self.letter(request.name) }
    Environment.checkReason(request.reason, &violations)
    try violations.check()
    guard let (name, number) = letter else { throw Failure.invalid("name", "cannot be read") }
    _ = try await environment.commit(
      .discardDeadLetter(namespace: name.namespace, id: number, reason: request.reason), about: name, dryRun: false,
      context: context)
    return Google_Protobuf_Empty()
  }

  private static func letter(_ text: String) throws(ModelError) -> (ResourceName, Int64) {
    let name = try ResourceName(text, kind: .deadLetter, field: "name")
    guard let number = Int64(name.id) else { throw ModelError(field: "name", "is no dead letter's") }
    return (name, number)
  }

  private static func filter(
    _ request: some DeadLetterSelection, namespace: String
  ) throws(ModelError) -> DeadLetterFilter {
    var violations = Violations()
    var filter = DeadLetterFilter(code: request.code.isEmpty ? nil : request.code)
    filter.sink =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.sink, kind: .sink, in: namespace, field: "sink")
      } ?? nil
    filter.userID =
      violations.collect { () throws(ModelError) in
        try ResourceName.optionalID(request.user, kind: .user, in: namespace, field: "user")
      } ?? nil
    if request.code.utf8.count > maximumCodeBytes {
      violations.add("code", "must be at most \(maximumCodeBytes) bytes")
    }
    if request.hasDiedFrom {
      filter.diedFrom = violations.collect { () throws(ModelError) in
        try Timestamp(request.diedFrom, field: "died_from")
      }
    }
    if request.hasDiedBefore {
      filter.diedBefore = violations.collect { () throws(ModelError) in
        try Timestamp(request.diedBefore, field: "died_before")
      }
    }
    try violations.check()
    return filter
  }
}

/// How requests name dead letters.
private protocol DeadLetterSelection {
  var sink: String { get }
  var code: String { get }
  var user: String { get }
  var hasDiedFrom: Bool { get }
  var diedFrom: Google_Protobuf_Timestamp { get }
  var hasDiedBefore: Bool { get }
  var diedBefore: Google_Protobuf_Timestamp { get }
}

extension Carillon_V1_ListDeadLettersRequest: DeadLetterSelection {}
extension Carillon_V1_ReplayDeadLettersRequest: DeadLetterSelection {}

extension Environment {
  /// The history of a dead letter's event; empty when the ledger has dropped it.
  func steps(of letter: DeadLetter) async throws(StoreError) -> [Carillon_V1_Step] {
    let steps = try await ifFound { () throws(StoreError) in
      try await store.history(namespace: letter.namespace, identity: letter.identity)
    }
    return History.steps(steps ?? [])
  }

  /// A reason for the audit record.
  static func checkReason(_ reason: String, _ violations: inout Violations) {
    guard reason.utf8.count > OccurrenceException.maximumReasonBytes else { return }
    violations.add("reason", "must be at most \(OccurrenceException.maximumReasonBytes) bytes")
  }
}
