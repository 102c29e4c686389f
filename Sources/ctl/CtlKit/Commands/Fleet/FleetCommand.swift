import ArgumentParser

/// A command about agents: it goes to all of a fleet at the same time. Rows carry the agent; who does not answer is told on
/// standard error, and the exit status is 8 when only some failed.
protocol FleetCommand: AsyncParsableCommand, Sendable {
  associatedtype Answer: Sendable

  var global: GlobalOptions { get }
  /// How long one agent may take unless `--timeout` says otherwise.
  var patience: Duration { get }
  /// Before anybody is asked: checks, and questions to the person.
  func prepare(_ fleet: Fleet) throws
  func ask(_ session: Session) async throws -> Answer
  /// Shows the answer of the only agent.
  func show(_ answer: Answer, _ printer: Printer) throws
  /// Shows the answers of a fleet, in its order.
  func show(_ answers: [FleetAnswer<Answer>], _ printer: Printer) throws
  /// What is wrong with an answer that was shown.
  func judge(_ answer: Answer) throws
}

/// What one agent answered.
struct FleetAnswer<Answer: Sendable>: Sendable {
  var agent: String
  var answer: Answer
}

/// Whom a fleet command goes to.
struct Fleet: Sendable {
  let connection: Connection
  let around: Surroundings

  var agents: [String] { connection.endpoints.map(\.name) }
}

extension FleetCommand {
  /// An agent that is well answers far sooner; one that is not must not hold up the others' answers for long.
  var patience: Duration { .seconds(10) }

  func prepare(_ fleet: Fleet) throws {}
  func judge(_ answer: Answer) throws {}

  mutating func run() async throws { try await runFleet() }

  /// Asks every agent, and shows what they answer.
  func runFleet() async throws {
    let command = self
    let around = Surroundings.current
    let printer = try command.global.printer(around)
    let connection = try command.global.find(around)
    try command.prepare(Fleet(connection: connection, around: around))
    if connection.isFleet {
      try await command.askAll(connection, printer, around)
    } else if let endpoint = connection.endpoints.first {
      let answer = try await command.global.connect(endpoint, connection, printer, around) { try await command.ask($0) }
      try command.show(answer, printer)
      try command.judge(answer)
    }
    around.output.flush()
  }

  private func askAll(_ connection: Connection, _ printer: Printer, _ around: Surroundings) async throws {
    let outcomes = await FanOut.ask(connection.endpoints) { endpoint throws(CtlError) in
      try await global.connect(endpoint, connection, printer, around, timeout: patience) { try await ask($0) }
    }
    let answers = outcomes.compactMap { outcome -> FleetAnswer<Answer>? in
      guard case .success(let answer) = outcome.result else { return nil }
      return FleetAnswer(agent: outcome.agent, answer: answer)
    }
    try show(answers, printer)
    var failures: [CtlError] = []
    for outcome in outcomes {
      if let failure = failure(outcome) { failures.append(failure) }
    }
    try FanOut.end(failures, of: outcomes.count, "agents", global.output, around)
  }

  private func failure(_ outcome: FanOut.Outcome<Answer>) -> CtlError? {
    do {
      try judge(try outcome.result.get())
      return nil
    } catch {
      var failure = RPCFailure.error(error)
      failure.agent = outcome.agent
      return failure
    }
  }
}

/// Asks several agents at the same time.
enum FanOut {
  struct Outcome<Answer: Sendable>: Sendable {
    var agent: String
    var result: Result<Answer, CtlError>
  }

  /// What each one answered, in their order.
  static func ask<Answer: Sendable>(
    _ endpoints: [Endpoint], _ body: @Sendable @escaping (Endpoint) async throws(CtlError) -> Answer
  ) async -> [Outcome<Answer>] {
    await withTaskGroup(of: (Int, Outcome<Answer>).self) { group in
      for (index, endpoint) in endpoints.enumerated() {
        group.addTask {
          do throws(CtlError) {
            return (index, Outcome(agent: endpoint.name, result: .success(try await body(endpoint))))
          } catch {
            return (index, Outcome(agent: endpoint.name, result: .failure(error)))
          }
        }
      }
      var outcomes: [(Int, Outcome<Answer>)] = []
      for await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// The end of what was shown as it came; without a fleet, the only agent's failure is the error.
  static func end<Answer: Sendable>(
    _ outcomes: [Outcome<Answer>], isFleet: Bool, _ format: OutputFormat, _ around: Surroundings
  ) throws(CtlError) {
    let failures = outcomes.compactMap { outcome -> CtlError? in
      guard case .failure(var failure) = outcome.result else { return nil }
      if isFleet { failure.agent = outcome.agent }
      return failure
    }
    if !isFleet, let failure = failures.first { throw failure }
    try end(failures, of: outcomes.count, "agents", format, around)
  }

  /// Tells each failure on standard error, and throws how it ended: exit 8 when some did well.
  static func end(
    _ failures: [CtlError], of count: Int, _ things: String = "agents", _ format: OutputFormat, _ around: Surroundings
  ) throws(CtlError) {
    guard let first = failures.first else { return }
    around.output.flush()
    let isColoured = ColourChoice.auto.isOn(isTerminal: around.isErrorTerminal, environment: around.environment)
    for failure in failures {
      around.errors.line(ErrorText.text(failure, format: format, paint: Paint(isOn: isColoured)))
    }
    guard failures.count == count else { throw CtlError(.partial, "\(failures.count) of \(count) \(things) failed") }
    let isSame = failures.allSatisfy { $0.code == first.code }
    throw CtlError(isSame ? first.code : .failed, "all \(count) \(things) failed")
  }
}
