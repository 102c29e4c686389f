import HTTPTransport
import PluginKit0
import Synchronization

/// A lane whose requests carry an access token. Those that need one wait while it is fetched, one fetch at a time; one
/// that is refused (401) is sent once more, with a new token.
final class TokenLane: RequestLane {
  private struct Sessions {
    let main: HTTPSession
    let tokens: HTTPSession
  }

  private let tokenRequest: HTTPRequest
  private let report: @Sendable ([Completion]) -> Void
  private let book: Mutex<TokenBook>
  private let open = OpenCount()
  private let sessions = Mutex<Sessions?>(nil)

  /// - Parameters:
  ///   - tokenRequest: asks for a token; its number is set for each fetch.
  ///   - secrets: what must not be shown of answers.
  ///   - report: called with what ended, on the I/O thread or within a call here.
  init(
    _ transport: HTTPTransport, _ settings: HTTPSessionSettings, tokenRequest: HTTPRequest, secrets: [String],
    report: @escaping @Sendable ([Completion]) -> Void
  ) throws(HTTPTransportError) {
    self.tokenRequest = tokenRequest
    self.report = report
    book = Mutex(TokenBook(secrets: secrets))
    var tokenSettings = settings
    tokenSettings.maximumPerOrigin = 1
    let main = try transport.session(settings) { [weak self] in self?.ended($0) }
    let tokens = try transport.session(tokenSettings) { [weak self] in self?.tokenEnded($0) }
    sessions.withLock { $0 = Sessions(main: main, tokens: tokens) }
  }

  func submit(_ requests: [HTTPRequest]) throws(HTTPTransportError) {
    guard !requests.isEmpty else { return }
    guard open.add(requests.count) else { throw HTTPTransportError(.closed, "the sink is not active") }
    guard let work = book.withLock({ $0.take(requests, SteadyClock.milliseconds) }) else {
      open.remove(requests.count)
      throw HTTPTransportError(.full, "at most \(TokenBook.maximumOpen) requests may be open")
    }
    perform(work)
  }

  func cancel(_ tokens: [UInt64]) {
    finish(book.withLock { $0.cancel(Set(tokens)) })
    sessions.withLock { $0 }?.main.cancel(tokens)
  }

  func waitUntilIdle(timeout: Duration) -> Bool { open.waitUntilZero(timeout: timeout) }

  func close() {
    open.close()
    book.withLock { $0.close() }
    let sessions = sessions.withLock { $0 }
    // The tokens first: what waits for one then ends as cancelled, and nothing new is sent.
    sessions?.tokens.close()
    sessions?.main.close()
    open.waitUntilZero()
    self.sessions.withLock { $0 = nil }
  }

  private func perform(_ work: TokenBook.Work) {
    finish(work.completions)
    send(work.requests)
    guard let number = work.fetch else { return }
    var fetch = tokenRequest
    fetch.token = number
    do {
      guard let sessions = sessions.withLock({ $0 }) else { return noToken(Self.closed) }
      try sessions.tokens.submit([fetch])
    } catch {
      noToken(error.code == .closed ? Self.closed : TokenFault(code: "token-no-room", detail: error.message))
    }
  }

  /// What cannot be sent now ends here: it was taken.
  private func send(_ requests: [HTTPRequest]) {
    guard !requests.isEmpty else { return }
    do {
      guard let sessions = sessions.withLock({ $0 }) else {
        throw HTTPTransportError(.closed, "the sink is not active")
      }
      try sessions.main.submit(requests)
    } catch {
      let isFull = (error as? HTTPTransportError)?.code == .full
      let result = isFull ? DeliveryResult(.retry, code: "no-room", detail: "\(error)") : TokenBook.cancelled
      finish(book.withLock { $0.unsent(requests, result) })
    }
  }

  /// On the I/O thread.
  private func ended(_ ended: [HTTPCompletion]) {
    perform(
      book.withLock { $0.ended(ended, SteadyClock.milliseconds, wallMilliseconds: WallClock.milliseconds) })
  }

  /// On the I/O thread.
  private func tokenEnded(_ ended: [HTTPCompletion]) {
    for completion in ended {
      switch TokenAnswer.read(completion.result, nowMilliseconds: WallClock.milliseconds) {
      case .success(let token): send(book.withLock { $0.fetched(token, SteadyClock.milliseconds) })
      case .failure(let fault): noToken(fault)
      }
    }
  }

  private func noToken(_ fault: TokenFault) {
    finish(book.withLock { $0.failed(fault, SteadyClock.milliseconds) })
  }

  private func finish(_ completions: [Completion]) {
    guard !completions.isEmpty else { return }
    report(completions)
    open.remove(completions.count)
  }

  private static let closed = TokenFault(code: "token-cancelled", detail: "the sink is being ended")
}
