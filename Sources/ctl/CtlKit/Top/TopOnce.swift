/// `ctl top --once`: two looks a second apart, for the rates, then the state as text or JSON.
struct TopOnce {
  let looks: TopLooks

  func run() async throws {
    var model = TopModel(
      agents: looks.connection.endpoints.map(\.name), context: looks.title, namespace: looks.connection.namespace)
    await lookAtAgents(&model)
    try await ContinuousClock().sleep(for: TopLooks.pause)
    let failures = await lookAtAgents(&model)
    if failures.count < looks.connection.endpoints.count { try await lookAtStore(&model) }
    let snapshot = model.snapshot(now: looks.around.now())
    try show(snapshot)
    try end(failures)
  }

  @discardableResult
  private func lookAtAgents(_ model: inout TopModel) async -> [CtlError] {
    let looks = looks
    let outcomes = await FanOut.ask(looks.connection.endpoints) { endpoint throws(CtlError) in
      try await looks.connect(endpoint) { try await TopLooks.status($0) }
    }
    var failures: [CtlError] = []
    for outcome in outcomes {
      model.take(.status(agent: outcome.agent, outcome.result), now: looks.around.now())
      if case .failure(var failure) = outcome.result {
        failure.agent = looks.connection.isFleet ? outcome.agent : nil
        failures.append(failure)
      }
    }
    return failures
  }

  private func lookAtStore(_ model: inout TopModel) async throws {
    let endpoint = try await FirstAnswer.choose(looks.connection)
    let namespace = looks.connection.namespace
    let news = try await looks.connect(endpoint) { session in
      var news: [TopModel.News] = [.agents(try await TopLooks.agents(session))]
      news.append(.sinks(try await TopLooks.sinks(session, namespace)))
      if let statistics = try await TopLooks.ifAllowed({ () throws(CtlError) in
        try await StatsCommand.fetch(session, TopModel.statisticsMilliseconds)
      }) {
        news.append(.statistics(statistics))
      }
      if let findings = try await TopLooks.ifAllowed({ () throws(CtlError) in try await TopLooks.findings(session) }) {
        news.append(.findings(findings))
      }
      news.append(.queues(try await TopLooks.queues(session)))
      return news
    }
    for item in news { model.take(item, now: looks.around.now()) }
  }

  private func show(_ snapshot: TopSnapshot) throws(CtlError) {
    let printer = looks.printer
    let layout = TopLayout(snapshot: snapshot, view: TopView(), columns: .max, rows: .max)
    try printer.document(TopJSON.of(snapshot), names: snapshot.queues.map(\.name)) {
      layout.plain().map { line in line.map { printer.paint($0.text, $0.style) }.joined() }
    }
    printer.sink.flush()
  }

  private func end(_ failures: [CtlError]) throws(CtlError) {
    guard looks.connection.isFleet else {
      if let failure = failures.first { throw failure }
      return
    }
    try FanOut.end(failures, of: looks.connection.endpoints.count, "agents", looks.printer.format, looks.around)
  }
}

/// A snapshot, for programs.
enum TopJSON {
  static func of(_ snapshot: TopSnapshot) -> JSONValue {
    .object([
      ("time", .string(Timestamps.rfc3339(milliseconds: snapshot.time))), ("namespace", .string(snapshot.namespace)),
      ("agents", .array(snapshot.agents.map(agent))), ("queues", .array(snapshot.queues.map(queue))),
      ("sinks", .array(snapshot.sinks.map(sink))),
      ("problems", .array(snapshot.problems.map { .string($0.text) })),
    ])
  }

  private static func agent(_ agent: TopSnapshot.Agent) -> JSONValue {
    .object([
      ("name", .string(agent.name)), ("state", .string(agent.state)), ("loaded", .integer(agent.loaded)),
      ("inFlight", .integer(agent.inFlight)), ("unrecorded", .integer(agent.unrecorded)),
      ("problem", .string(agent.problem)),
    ])
  }

  private static func queue(_ queue: TopSnapshot.Queue) -> JSONValue {
    .object([
      ("name", .string(queue.name)), ("paused", .bool(queue.isPaused)), ("due", .integer(queue.due)),
      ("open", .integer(queue.open)), ("inFlight", .integer(queue.inFlight)),
      ("oldestAgeSeconds", queue.oldestAge.map { .integer($0 / 1_000) } ?? .null),
      ("ratePerSecond", queue.rate.map { .number("\($0)") } ?? .null),
      ("latenessP99Seconds", queue.lateness.map { .number("\(Double($0) / 1_000)") } ?? .null),
    ])
  }

  private static func sink(_ sink: TopSnapshot.Sink) -> JSONValue {
    .object([
      ("name", .string(sink.name)), ("circuit", .string(sink.circuit)),
      ("disabledReason", .string(sink.disabledReason)), ("inFlight", .integer(sink.inFlight)),
      ("waiting", .integer(sink.waiting)), ("delivered", .integer(sink.delivered)), ("failed", .integer(sink.failed)),
    ])
  }
}
