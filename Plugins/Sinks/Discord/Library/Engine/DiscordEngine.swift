import HTTPTransport
import PluginKit0
import Synchronization

/// Runs a ``DiscordGatherer``: tells it the time, hands its messages to HTTPTransport, and reports. Any thread may call it.
final class DiscordEngine: Sendable {
  private struct State {
    var gatherer: DiscordGatherer
    var nextTurn: Int64?
    /// Threads that have results in hand which the host was not told yet.
    var reporting = 0
  }

  /// What does not change while it runs.
  struct Setting: Sendable {
    let host: Host
    let payload: DiscordPayload
    let rates: DiscordRates
    /// The same for every request.
    let headers: [HTTPHeader]
  }

  private let setting: Setting
  private let monitor: DiscordMonitor<State>
  private let transport: HTTPTransport
  private let session = Mutex<HTTPSession?>(nil)
  private let clockwork = Mutex<DiscordClockwork?>(nil)

  /// Starts the I/O thread and the one that keeps time.
  ///
  /// - Throws: `failed` when the system does not give what it needs.
  init(_ setting: Setting, _ gatherer: DiscordGatherer, _ settings: HTTPSessionSettings) throws(PluginError) {
    self.setting = setting
    monitor = DiscordMonitor(State(gatherer: gatherer))
    do {
      var limits = HTTPTransport.Limits()
      limits.maximumActive = 64
      limits.maximumConnections = 64
      transport = try HTTPTransport(limits: limits)
      let made = try transport.session(settings) { [weak self] completions in self?.report(completions) }
      session.withLock { $0 = made }
    } catch {
      throw PluginError(.failed, error.message)
    }
    let made = try DiscordClockwork { [monitor, weak self] in Self.keepTime(monitor) { self?.turn() } }
    clockwork.withLock { $0 = made }
  }

  /// Takes events.
  ///
  /// - Throws: `failed` when it is shut; then none was taken.
  func offer(_ offers: [DiscordGatherer.Offer], ended: [Completion]) throws(PluginError) {
    let isTaken = act { gatherer, book, now in
      guard !gatherer.isClosed else { return nil }
      var actions = gatherer.offer(offers, &book, now: now)
      actions.ended += ended
      return actions
    }
    guard isTaken else { throw PluginError(.failed, "the sink is not active") }
  }

  /// Gives these up, where they were not sent.
  func cancel(_ tickets: [Ticket]) {
    act { gatherer, _, _ in gatherer.cancel(Set(tickets)) }
  }

  /// Lets nothing wait for companions any more, and waits until all is reported.
  func drain(timeout: Duration) -> Bool {
    act { gatherer, book, now in
      var actions = DiscordGatherer.Actions()
      gatherer.turn(&actions, &book, now: now, isHurried: true)
      return actions
    }
    let parts = timeout.components
    let patience = min(max(parts.seconds, 0), 86_400) * 1_000 + parts.attoseconds / 1_000_000_000_000_000
    let end = SteadyClock.milliseconds + patience
    return monitor.wait { state in
      if state.gatherer.openCount == 0, state.reporting == 0 { return .done(true) }
      return SteadyClock.milliseconds >= end ? .done(false) : .until(end)
    }
  }

  /// Gives up what waits, reports what is under way, and ends the threads. Again: does nothing.
  func shutDown() {
    let ended = monitor.change { state in state.gatherer.close() }
    setting.host.complete(ended)
    let session = self.session.withLock { session in
      defer { session = nil }
      return session
    }
    session?.close()
    transport.shutdown()
    let clockwork = self.clockwork.withLock { clockwork in
      defer { clockwork = nil }
      return clockwork
    }
    clockwork?.join()
  }

  private static func keepTime(_ monitor: DiscordMonitor<State>, _ turn: () -> Void) {
    while true {
      let goesOn = monitor.wait { state -> DiscordWait<Bool> in
        if state.gatherer.isClosed { return .done(false) }
        guard let next = state.nextTurn, next <= SteadyClock.milliseconds else { return .until(state.nextTurn) }
        return .done(true)
      }
      guard goesOn else { return }
      turn()
    }
  }

  private func turn() {
    act { gatherer, book, now in
      var actions = DiscordGatherer.Actions()
      gatherer.turn(&actions, &book, now: now)
      return actions
    }
  }

  /// On the I/O thread.
  private func report(_ completions: [HTTPCompletion]) {
    act { gatherer, book, now in
      var actions = DiscordGatherer.Actions()
      for completion in completions {
        actions.ended += Self.end(completion, &gatherer, &book, now)
      }
      gatherer.turn(&actions, &book, now: now)
      return actions
    }
  }

  private static func end(
    _ completion: HTTPCompletion, _ gatherer: inout DiscordGatherer, _ book: inout DiscordRateBook, _ now: Int64
  ) -> [Completion] {
    if let key = gatherer.flights[completion.token]?.key.rate { book.end(key, now: now) }
    switch completion.result {
    case .failure(let failure):
      return gatherer.answer(completion.token, DiscordVerdict(failure), &book, now: now)
    case .answer(let answer):
      let answer = DiscordAnswer(answer)
      if let key = gatherer.flights[completion.token]?.key.rate { book.learn(key, answer.rates, now: now) }
      return gatherer.answer(completion.token, DiscordVerdict(answer), &book, now: now)
    }
  }

  /// Takes a step under the locks, then does outside of them what it asks for.
  ///
  /// - Returns: false when the body does nothing.
  @discardableResult
  private func act(
    _ body: (inout DiscordGatherer, inout DiscordRateBook, Int64) -> DiscordGatherer.Actions?
  ) -> Bool {
    let actions = monitor.change { state in
      setting.rates.withLock { book in
        let now = SteadyClock.milliseconds
        let actions = body(&state.gatherer, &book, now)
        state.nextTurn = state.gatherer.nextTurn(book, now: now)
        if actions != nil { state.reporting += 1 }
        return actions
      }
    }
    guard let actions else { return false }
    let session = self.session.withLock { $0 }
    if !actions.cancels.isEmpty { session?.cancel(actions.cancels) }
    if !actions.sends.isEmpty { submit(actions.sends, session) }
    setting.host.complete(actions.ended)
    monitor.change { $0.reporting -= 1 }
    return true
  }

  private func submit(_ sends: [DiscordDispatch], _ session: HTTPSession?) {
    let requests = sends.map { send in
      HTTPRequest(
        token: send.id, url: send.key.address.target, headers: setting.headers,
        body: setting.payload.body(send.items.map(\.part)), deadlineNanoseconds: send.deadline * 1_000_000)
    }
    var failure = HTTPFailure(.cancelled, detail: "the sink stops")
    do {
      if let session { return try session.submit(requests) }
    } catch {
      if error.code == .full { failure = HTTPFailure(.internal, detail: error.message) }
    }
    report(requests.map { HTTPCompletion(token: $0.token, result: .failure(failure)) })
  }
}
