import ControlAPI

/// Finds the first agent of a fleet that answers. They are asked in their order, the next one a little after the one before
/// it, so that an agent that hangs holds nobody up for long.
enum FirstAnswer {
  static let headStart = Duration.milliseconds(300)
  /// How long all of them together may take.
  static let limit = Duration.seconds(10)

  static func choose(_ connection: Connection) async throws(CtlError) -> Endpoint {
    if !connection.isFleet, let only = connection.endpoints.first { return only }
    return try await reached(connection)
  }

  /// The same, where the only agent is asked, too.
  static func reached(_ connection: Connection) async throws(CtlError) -> Endpoint {
    let attempts = await attempts(connection)
    if let place = attempts.first(where: { $0.failure == nil })?.index { return connection.endpoints[place] }
    let told = attempts.sorted { $0.index < $1.index }.compactMap(\.failure)
    let failure = told.first ?? CtlError(.unreachable, "no agent answered")
    guard connection.isFleet else { throw failure }
    throw CtlError(
      failure.code, "none of the \(connection.endpoints.count) agents of the context answers: \(failure.message)",
      violations: attempts.sorted { $0.index < $1.index }.map {
        .init(field: connection.endpoints[$0.index].name, reason: $0.failure?.message ?? "")
      }, hint: failure.hint)
  }

  private struct Attempt: Sendable {
    var index: Int
    var failure: CtlError?
  }

  /// Up to the first that answered.
  private static func attempts(_ connection: Connection) async -> [Attempt] {
    await withTaskGroup(of: Attempt.self) { group in
      for (index, endpoint) in connection.endpoints.enumerated() {
        group.addTask {
          // Ends early only when another one has answered.
          try? await ContinuousClock().sleep(for: headStart * index)
          return Attempt(index: index, failure: await failure(endpoint, connection))
        }
      }
      var attempts: [Attempt] = []
      for await attempt in group {
        attempts.append(attempt)
        if attempt.failure == nil { break }
      }
      group.cancelAll()
      return attempts
    }
  }

  /// Nil when the agent answers, be it that it refuses.
  private static func failure(_ endpoint: Endpoint, _ connection: Connection) async -> CtlError? {
    do throws(CtlError) {
      try await Client.connect(to: endpoint.address, connection.credentials, timeout: limit) { client in
        _ = try await client.call { try await client.agents.getStatus(.init(), options: $0) }
      }
      return nil
    } catch {
      return [.unreachable, .timeout].contains(error.code) || error.reason == "TLS" ? error : nil
    }
  }
}
