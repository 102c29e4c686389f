import HTTPTransport
import PluginKit0
import Synchronization

/// A lane whose requests carry an access token. Those that need one wait here while it is fetched, one fetch at a time;
/// one that is refused (401) is sent once more, with a new token.
final class TokenLane: RequestLane {
  /// At most so many requests are kept here.
  private static let maximumOpen = 65_536

  private struct Kept {
    let request: HTTPRequest
    /// Whether it was refused with another token before.
    var isSecond = false
    var generation = 0
  }

  private struct State {
    var cache = TokenCache()
    var waiting: [Kept] = []
    var sent: [UInt64: Kept] = [:]
    /// The texts of the present token and of the one before: some request may still have that.
    var recent: [String] = []
    var isClosed = false
    var fetches: UInt64 = 0
  }

  /// What is to be done once the lock is free.
  private struct Work {
    var requests: [HTTPRequest] = []
    var completions: [Completion] = []
    var fetch: HTTPRequest?
  }

  private let tokenRequest: HTTPRequest
  /// What must not be shown, beside the tokens.
  private let secrets: [String]
  private let report: @Sendable ([Completion]) -> Void
  private let state = Mutex(State())
  private let open = OpenCount()
  private let sessions = Mutex<(main: HTTPSession, tokens: HTTPSession)?>(nil)

  /// - Parameter report: called on the I/O thread with what ended.
  init(
    _ transport: HTTPTransport, _ settings: HTTPSessionSettings, tokenRequest: HTTPRequest,
    secrets: [String], report: @escaping @Sendable ([Completion]) -> Void
  ) throws(HTTPTransportError) {
    self.tokenRequest = tokenRequest
    self.secrets = secrets
    self.report = report
    var tokenSettings = settings
    tokenSettings.maximumPerOrigin = 1
    let main = try transport.session(settings) { [weak self] in self?.ended($0) }
    let tokens = try transport.session(tokenSettings) { [weak self] in self?.tokenEnded($0) }
    sessions.withLock { $0 = (main, tokens) }
  }

  func submit(_ requests: [HTTPRequest]) throws(HTTPTransportError) {
    guard !requests.isEmpty else { return }
    guard open.add(requests.count) else { throw HTTPTransportError(.closed, "the sink is not active") }
    let work = state.withLock { state -> Work? in
      guard requests.count <= Self.maximumOpen - state.sent.count - state.waiting.count else { return nil }
      var work = Work()
      for request in requests { place(Kept(request: request), &state, &work) }
      return work
    }
    guard let work else {
      open.remove(requests.count)
      throw HTTPTransportError(.full, "at most \(Self.maximumOpen) requests may be open")
    }
    perform(work)
  }

  func cancel(_ tokens: [UInt64]) {
    let given = Set(tokens)
    let cancelled = state.withLock { state -> [Kept] in
      let cancelled = state.waiting.filter { given.contains($0.request.token) }
      state.waiting.removeAll { given.contains($0.request.token) }
      return cancelled
    }
    finish(cancelled.map { Self.completion($0, DeliveryResult(.cancelled, code: "cancelled")) })
    main?.cancel(tokens)
  }

  func waitUntilIdle(timeout: Duration) -> Bool { open.waitUntilZero(timeout: timeout) }

  func close() {
    open.close()
    state.withLock { $0.isClosed = true }
    // The tokens first: what waits for one then ends as cancelled, and nothing new is sent.
    sessions.withLock { $0 }?.tokens.close()
    main?.close()
    open.waitUntilZero()
    sessions.withLock { $0 = nil }
  }

  private var main: HTTPSession? { sessions.withLock { $0?.main } }

  /// Decides what becomes of one request; the lock is held.
  private func place(_ kept: Kept, _ state: inout State, _ work: inout Work) {
    switch state.cache.need(SteadyClock.milliseconds) {
    case .use(let token, let generation):
      work.requests.append(Self.send(kept, token, generation, &state))
    case .fetch:
      state.waiting.append(kept)
      state.fetches += 1
      work.fetch = tokenRequest
      work.fetch?.token = state.fetches
    case .wait: state.waiting.append(kept)
    case .none(let fault, let milliseconds):
      work.completions.append(Self.completion(kept, Self.result(fault, UInt64(milliseconds))))
    }
  }

  private static func send(
    _ kept: Kept, _ token: AccessToken, _ generation: Int, _ state: inout State
  ) -> HTTPRequest {
    var kept = kept
    kept.generation = generation
    state.sent[kept.request.token] = kept
    var request = kept.request
    request.headers.append(token.header)
    return request
  }

  private func perform(_ work: Work) {
    finish(work.completions)
    submitNow(work.requests)
    guard let fetch = work.fetch else { return }
    do {
      guard let tokens = sessions.withLock({ $0?.tokens }) else { return noToken(Self.closedFault) }
      try tokens.submit([fetch])
    } catch {
      noToken(error.code == .closed ? Self.closedFault : TokenFault(code: "token-no-room", detail: error.message))
    }
  }

  /// What cannot be sent now ends here: it was taken.
  private func submitNow(_ requests: [HTTPRequest]) {
    do {
      try main?.submit(requests)
    } catch {
      state.withLock { state in for request in requests { state.sent[request.token] = nil } }
      let result =
        error.code == .full
        ? DeliveryResult(.retry, code: "no-room", detail: error.message) : DeliveryResult(.cancelled, code: "cancelled")
      finish(requests.map { Completion(Ticket(rawValue: $0.token), result) })
    }
  }

  /// On the I/O thread.
  private func ended(_ ended: [HTTPCompletion]) {
    let now = WallClock.milliseconds
    let work = state.withLock { state -> Work in
      var work = Work()
      for completion in ended {
        guard var kept = state.sent.removeValue(forKey: completion.token) else { continue }
        if case .answer(let answer) = completion.result {
          if answer.status != 401 {
            state.cache.accepted(kept.generation)
          } else if !kept.isSecond, state.cache.refused(kept.generation, SteadyClock.milliseconds) {
            guard !state.isClosed else {
              work.completions.append(Self.completion(kept, DeliveryResult(.cancelled, code: "cancelled")))
              continue
            }
            kept.isSecond = true
            place(kept, &state, &work)
            continue
          }
        }
        work.completions.append(
          Self.completion(
            kept, WebhookOutcome.result(completion.result, nowMilliseconds: now, secrets: secrets + state.recent)))
      }
      return work
    }
    perform(work)
  }

  /// On the I/O thread.
  private func tokenEnded(_ ended: [HTTPCompletion]) {
    for completion in ended {
      switch TokenAnswer.read(completion.result, nowMilliseconds: WallClock.milliseconds) {
      case .success(let token): take(token)
      case .failure(let fault): noToken(fault)
      }
    }
  }

  private func take(_ token: AccessToken) {
    let requests = state.withLock { state -> [HTTPRequest] in
      let now = SteadyClock.milliseconds
      state.cache.fetched(token, now)
      state.recent = [token.text] + state.recent.prefix(1)
      let waiting = state.waiting
      state.waiting = []
      let generation = state.cache.generation
      return waiting.map { Self.send($0, token, generation, &state) }
    }
    submitNow(requests)
  }

  private func noToken(_ fault: TokenFault) {
    let (waiting, wait, isClosed) = state.withLock { state in
      let wait = state.cache.failed(fault, SteadyClock.milliseconds)
      defer { state.waiting = [] }
      return (state.waiting, wait, state.isClosed)
    }
    let result = isClosed ? DeliveryResult(.cancelled, code: "cancelled") : Self.result(fault, UInt64(wait))
    finish(waiting.map { Self.completion($0, result) })
  }

  private func finish(_ completions: [Completion]) {
    guard !completions.isEmpty else { return }
    report(completions)
    open.remove(completions.count)
  }

  private static let closedFault = TokenFault(code: "token-cancelled", detail: "the sink is being ended")

  private static func result(_ fault: TokenFault, _ wait: UInt64) -> DeliveryResult {
    DeliveryResult(.retry, retryAfterMilliseconds: wait, code: fault.code, detail: fault.detail)
  }

  private static func completion(_ kept: Kept, _ result: DeliveryResult) -> Completion {
    Completion(Ticket(rawValue: kept.request.token), result)
  }
}
