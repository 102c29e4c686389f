/// Runs the cases, each in a child process, and gathers what they tell.
public final class CheckRun: Sendable {
  private struct State {
    var plugin = ""
    var kinds: Set<CheckCase.Kind>?
    var queue: CaseQueue
  }

  private let options: CheckOptions
  private let state: Gate<State>
  private let told: @Sendable (CaseResult) -> Void

  /// - Parameter told: called with each result as it comes, in no particular order.
  public init(_ options: CheckOptions, told: @escaping @Sendable (CaseResult) -> Void = { _ in }) {
    self.options = options
    self.told = told
    let isWanted = { (name: String) in options.cases.isEmpty || options.cases.contains(name) }
    state = Gate(State(queue: CaseQueue(CheckCase.all.filter { isWanted($0.name) })))
  }

  /// Runs them all. Blocks; not for Swift's cooperative threads.
  public func run() -> CheckReport {
    let listener = Listener()
    defer { listener?.end() }
    readKinds()
    let workers = (0..<max(1, options.jobs)).map { _ in Worker.run { self.work(listener?.port ?? 9) } }
    for worker in workers { worker.join() }
    return state.with { state in
      CheckReport(
        file: options.file, plugin: state.plugin, seed: options.seed,
        results: CheckCase.all.compactMap { state.queue.results[$0.name] })
    }
  }

  /// What kind of plugin it is decides which cases there are.
  private func readKinds() {
    let outcome = child(options.caseLimitMilliseconds).run(options.request("manifest", port: 9, folder: ""))
    let lines = outcome.lines.map(Self.parts)
    guard lines.contains(where: { $0.kind == "plugin" }) else { return }
    state.with { state in
      state.plugin = lines.first { $0.kind == "plugin" }?.text ?? ""
      state.kinds = Set(lines.filter { $0.kind == "kind" }.compactMap { CheckCase.Kind(rawValue: $0.text) })
    }
  }

  private func work(_ port: Int) {
    while let turn = take() {
      var result = result(of: turn.one, port)
      if result.isLate, state.with({ $0.queue.hadCompany(turn) }) { result = alone(turn.one, port, after: result) }
      told(result)
      state.with { $0.queue.end(turn, result) }
    }
  }

  /// Waits for a case whose turn it is; nil when there is none any more.
  private func take() -> CaseQueue.Turn? {
    guard case .turn(let turn) = state.when({ $0.queue.take() }) else { return nil }
    return turn
  }

  /// Runs a case again with nothing beside it: a bound that was missed while others ran does not count.
  private func alone(_ one: CheckCase, _ port: Int, after first: CaseResult) -> CaseResult {
    state.with { $0.queue.wantSolitude() }
    state.when { $0.queue.takeSolitude() ? () : nil }
    defer { state.with { $0.queue.endSolitude() } }
    var result = run(one, port)
    result.milliseconds += first.milliseconds
    if result.status == .ok {
      result.notes.append("beside other cases it missed a bound, which it keeps alone: \(first.faults[0])")
    }
    return result
  }

  private func result(of one: CheckCase, _ port: Int) -> CaseResult {
    var result = CaseResult(name: one.name, status: .skipped)
    let (kinds, results) = state.with { ($0.kinds, $0.queue.results) }
    if one.kind != .plugin, !(kinds ?? []).contains(one.kind) {
      result.reason =
        kinds == nil ? "since the manifest cannot be read" : "only for a plugin that provides \(one.kind.interface)"
      return result
    }
    // Named by the author, it is tried in any case.
    if options.cases.isEmpty, let fault = one.needs.compactMap({ results[$0] }).first(where: { $0.blocks }) {
      result.reason = fault.isMissing ? "as \(fault.name) was skipped" : "since \(fault.name) failed"
      result.isMissing = fault.isMissing
      return result
    }
    return run(one, port)
  }

  private func run(_ one: CheckCase, _ port: Int) -> CaseResult {
    guard let folder = Folders.make() else {
      var result = CaseResult(name: one.name, status: .skipped)
      (result.reason, result.isMissing) = ("no folder can be made in the system's folder for temporary files", true)
      return result
    }
    defer { Folders.remove(folder) }
    let request = options.request(one.name, port: port, folder: folder)
    let child = child(options.caseLimitMilliseconds)
    let first = child.run(request)
    var result = Self.result(one, first)
    guard one.isComparedBetweenProcesses, result.status == .ok else { return result }
    let second = child.run(request)
    let answers = { (outcome: ChildProcess.Outcome) in outcome.lines.filter { $0.hasPrefix("value\t") } }
    result.milliseconds += second.milliseconds
    if second.accident == nil, answers(first) == answers(second) { return result }
    result.status = .failed
    result.faults.append(second.accident ?? "another process gives other answers to the same requests")
    result.isLate = second.isLate
    return result
  }

  private func child(_ limit: Int64) -> ChildProcess { ChildProcess(program: options.program, limit: limit) }
}

extension CheckCase.Kind {
  var interface: String { self == .sink ? "carillon.sink/1" : "carillon.event-type/1" }
}

extension CaseResult {
  /// Whether what needs it makes no sense: it failed, or could not be tried. One of the other kind of plugin does not count.
  fileprivate var blocks: Bool {
    status == .failed || isMissing || (status == .skipped && !reason.hasPrefix("only for"))
  }
}
