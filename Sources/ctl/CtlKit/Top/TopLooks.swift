import ControlAPI
import SwiftProtobuf

/// Looks at the agents and the store for `ctl top`.
struct TopLooks: Sendable {
  /// Between two looks at the same thing.
  static let pause = Duration.seconds(1)
  /// Between two looks at what costs more: sums over the ledger, and a check-up.
  static let statisticsPause = Duration.seconds(10)
  static let findingsPause = Duration.seconds(60)
  /// Resources of a kind that are shown; who has more uses lists.
  static let maxRows = 1_000

  let global: GlobalOptions
  let connection: Connection
  let printer: Printer
  let around: Surroundings

  var title: String { connection.context ?? connection.endpoints.map(\.name).joined(separator: ", ") }

  /// Connects to an agent; calls to it fail after a few seconds.
  func connect<Result: Sendable>(
    _ endpoint: Endpoint, _ body: (Session) async throws -> Result
  ) async throws(CtlError) -> Result {
    try await global.connect(endpoint, connection, printer, around, timeout: .seconds(10), body)
  }

  static func status(_ session: Session) async throws(CtlError) -> Carillon_V1_AgentStatus {
    try await session.client.call { try await session.client.agents.getStatus(.init(), options: $0) }
  }

  static func queues(_ session: Session) async throws(CtlError) -> [Carillon_V1_Queue] {
    try await all { size, token throws(CtlError) in
      try await Queues.page(session.client, .init(parent: "", size: size, token: token))
    }
  }

  static func sinks(_ session: Session, _ namespace: String) async throws(CtlError) -> [Carillon_V1_Sink] {
    try await all { size, token throws(CtlError) in
      try await Sinks.page(
        session.client, .init(parent: ResourceKind.sinks.parent(namespace: namespace), size: size, token: token))
    }
  }

  static func agents(_ session: Session) async throws(CtlError) -> [Carillon_V1_Agent] {
    try await all { size, token throws(CtlError) in
      let request = Carillon_V1_ListAgentsRequest.with {
        $0.pageSize = size
        $0.pageToken = token
      }
      let answer = try await session.client.call { try await session.client.agents.listAgents(request, options: $0) }
      return Page(items: answer.agents, next: answer.nextPageToken)
    }
  }

  static func findings(_ session: Session) async throws(CtlError) -> [Carillon_V1_Finding] {
    try await session.client.call { try await session.client.agents.diagnose(.init(), options: $0) }.findings
  }

  private static func all<Resource: Sendable>(
    _ fetch: (_ size: Int32, _ token: String) async throws(CtlError) -> Page<Resource>
  ) async throws(CtlError) -> [Resource] {
    var items: [Resource] = []
    try await Paging.each(limit: maxRows, fetch: fetch) { items += $0 }
    return items
  }

  /// What a role may not see, or an older agent does not know, is left out of the screen; the rest is worth showing.
  static func ifAllowed<Value>(_ body: () async throws(CtlError) -> Value) async throws(CtlError) -> Value? {
    do throws(CtlError) { return try await body() } catch {
      if error.code == .notAllowed || error.code == .unsupported { return nil }
      throw error
    }
  }
}
