import CPostgreSQL
import Store

/// Statements that go to the server together and are answered together: one round trip for all of them.
struct Pipeline {
  /// Statements in one pipeline.
  static let maximumStatements = 1_000

  struct Item {
    let sql: String
    let parameters: ParameterList
    /// The cache's entry, where it is known already.
    var entry: StatementCache.Entry?
  }

  private(set) var items: [Item] = []

  /// Adds a statement. Results come in the order of adding.
  mutating func add(_ sql: String, _ parameters: [PostgresValue] = []) throws(StoreError) {
    guard items.count < Self.maximumStatements else {
      throw StoreError(.invalid, "a pipeline has more than \(Self.maximumStatements) statements")
    }
    items.append(Item(sql: sql, parameters: try ParameterList(parameters)))
  }
}

extension PostgresSession {
  /// Runs the statements that `fill` adds, in one round trip. Outside a transaction they are one of their own. When one
  /// fails, those after it are not run, and the error says which it was.
  @discardableResult
  func pipeline(_ fill: (inout Pipeline) throws(StoreError) -> Void) throws(StoreError) -> [PostgresResult] {
    var pipeline = Pipeline()
    try fill(&pipeline)
    guard !pipeline.items.isEmpty else { return [] }
    try beginIfPending()
    let isAlone = transactionStatus == PQTRANS_IDLE
    do throws(StoreError) {
      return try run(pipeline.items)
    } catch {
      throw isAlone && !onlyReads && !isUsable ? Self.inDoubt(error) : error
    }
  }

  /// Runs statements in one round trip.
  func run(_ items: [Pipeline.Item]) throws(StoreError) -> [PostgresResult] {
    let raw = try connected()
    startClock()
    guard PQenterPipelineMode(raw) == 1 else { throw lose() }
    let steps = try queue(items, raw)
    guard PQpipelineSync(raw) == 1 else { throw lose() }
    try flush()
    let answers = try collect(steps)
    guard PQexitPipelineMode(raw) == 1 else { throw lose() }
    return try results(steps, answers)
  }

  /// One request on the wire: a preparation, or the running of the statement with that index.
  private struct Step {
    let statement: Int
    /// The entry that this step prepares.
    var prepares: StatementCache.Entry?
  }

  private func queue(_ items: [Pipeline.Item], _ raw: OpaquePointer) throws(StoreError) -> [Step] {
    var steps: [Step] = []
    for (index, item) in items.enumerated() {
      let entry = item.entry ?? cache.entry(item.sql)
      let types: [Oid]
      do throws(StoreError) {
        types = try self.types(of: item.parameters, for: entry)
      } catch {
        // What is queued already cannot be taken back.
        giveUp()
        throw error
      }
      if configuration.prepare == .auto, cache.shouldPrepare(entry, for: types), let name = entry.name {
        guard PQsendPrepare(raw, name, entry.sql, Int32(types.count), types) == 1 else { throw lose() }
        steps.append(Step(statement: index, prepares: entry))
      }
      guard Self.send(entry, item.parameters, types, raw) else { throw lose() }
      steps.append(Step(statement: index))
    }
    return steps
  }

  /// An answer to each step; those that are missing were not reached because the connection ended.
  private func collect(_ steps: [Step]) throws(StoreError) -> [Answer] {
    var answers: [Answer] = []
    while true {
      guard let result = try nextResult() else {
        // Between two statements there is a nil; a second one means that nothing more will come.
        guard let raw, PQstatus(raw) == CONNECTION_OK else { throw lose() }
        continue
      }
      let answer = Self.answer(result)
      if case .synchronised = answer { return answers }
      answers.append(answer)
      if let failure = Self.end(of: answer) {
        for case .rows(let raw) in answers { PQclear(raw) }
        giveUp()
        throw failure
      }
    }
  }

  /// Why nothing more is to be read after an answer; nil when there is more.
  private static func end(of answer: Answer) -> StoreError? {
    switch answer {
    case .failed(let error) where error.state.isEmpty: lostConnection
    case .failed(let error) where error.isLost: StoreError(postgres: error)
    case .copyIn, .copyOut: StoreError(.invalid, "a COPY was put into a pipeline")
    default: nil
    }
  }

  private func results(_ steps: [Step], _ answers: [Answer]) throws(StoreError) -> [PostgresResult] {
    var results: [PostgresResult] = []
    var failure: (PostgresError, Int)?
    for (step, answer) in zip(steps, answers) {
      switch answer {
      case .rows(let raw):
        let result = PostgresResult(raw) { [unowned self] in note(misread: $0) }
        if step.prepares == nil { results.append(result) }
      case .failed(let error):
        failure = failure ?? (error, step.statement)
        fallthrough
      default:
        if let entry = step.prepares { cache.forget(entry) }
      }
    }
    if var failure {
      failure.0.statement = failure.1
      throw fail(failure.0)
    }
    guard answers.count == steps.count else { throw lose() }
    return results
  }
}
