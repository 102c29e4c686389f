import Synchronization

/// Looks again and again, and goes on when a connection breaks.
struct TopWatch: Sendable {
  let looks: TopLooks

  /// An agent's own state, until the task is cancelled.
  func agent(_ endpoint: Endpoint, _ tell: @Sendable @escaping (TopModel.News) -> Void) async {
    while !Task.isCancelled {
      do throws(CtlError) {
        try await looks.connect(endpoint) { session in
          while true {
            tell(.status(agent: endpoint.name, .success(try await TopLooks.status(session))))
            try await ContinuousClock().sleep(for: TopLooks.pause)
          }
        }
      } catch {
        if !Task.isCancelled { tell(.status(agent: endpoint.name, .failure(error))) }
      }
      await rest()
    }
  }

  /// The store's state, by the first agent that answers, until the task is cancelled.
  func store(_ place: Place, _ tell: @Sendable @escaping (TopModel.News) -> Void) async {
    await byFirst(tell) { session in
      while true {
        tell(.sinks(try await TopLooks.sinks(session, place.namespace)))
        tell(.agents(try await TopLooks.agents(session)))
        tell(.queues(try await TopLooks.queues(session)))
        try await ContinuousClock().sleep(for: TopLooks.pause)
      }
    }
  }

  /// What takes longer, and must not hold up the rest: sums over the ledger, and the check-up.
  func sums(_ tell: @Sendable @escaping (TopModel.News) -> Void) async {
    await byFirst(tell) { session in
      let clock = ContinuousClock()
      var nextFindings = clock.now
      while true {
        if let sums = try await TopLooks.ifAllowed({ () throws(CtlError) in
          try await StatsCommand.fetch(session, TopModel.statisticsMilliseconds)
        }) {
          tell(.statistics(sums))
        }
        if clock.now >= nextFindings {
          nextFindings = clock.now.advanced(by: TopLooks.findingsPause)
          let findings = try await TopLooks.ifAllowed { () throws(CtlError) in try await TopLooks.findings(session) }
          if let findings { tell(.findings(findings)) }
        }
        try await clock.sleep(for: TopLooks.statisticsPause)
      }
    }
  }

  private func byFirst(
    _ tell: @Sendable @escaping (TopModel.News) -> Void, _ body: (Session) async throws -> Void
  ) async {
    while !Task.isCancelled {
      do throws(CtlError) {
        let endpoint = try await FirstAnswer.choose(looks.connection)
        try await looks.connect(endpoint, body)
      } catch {
        if !Task.isCancelled { tell(.storeFailure(error)) }
      }
      await rest()
    }
  }

  /// A second, or less when the task is cancelled.
  private func rest() async { try? await ContinuousClock().sleep(for: TopLooks.pause) }
}

/// The namespace that the person looks at.
final class Place: Sendable {
  private let content: Mutex<String>

  init(_ namespace: String) { content = Mutex(namespace) }

  var namespace: String {
    get { content.withLock { $0 } }
    set { content.withLock { $0 = newValue } }
  }
}
