import HTTPTransport
import PluginKit0

/// Which requests wait for a token and which are on their way with one; says what is to be done, and does none of it.
/// Times are milliseconds of a clock that only goes on, unless they say otherwise.
struct TokenBook {
  /// At most so many requests are kept.
  static let maximumOpen = 65_536

  /// What is to be done.
  struct Work {
    /// To be sent.
    var requests: [HTTPRequest] = []
    /// To be reported.
    var completions: [Completion] = []
    /// The number of the token request that is to be sent; nil: none.
    var fetch: UInt64?
  }

  private struct Kept {
    let request: HTTPRequest
    /// Whether it was refused with another token before.
    var isSecond = false
    var generation = 0
  }

  /// What must not be shown, beside the tokens.
  private let secrets: [String]
  private var cache = TokenCache()
  private var waiting: [Kept] = []
  private var sent: [UInt64: Kept] = [:]
  /// The texts of the present token and of the one before: some request may still have that.
  private var recentTokens: [String] = []
  private var isClosed = false
  private var fetches: UInt64 = 0

  init(secrets: [String]) { self.secrets = secrets }

  /// Takes requests; nil when there is no room for all of them.
  mutating func take(_ requests: [HTTPRequest], _ now: Int64) -> Work? {
    guard requests.count <= Self.maximumOpen - sent.count - waiting.count else { return nil }
    var work = Work()
    for request in requests { place(Kept(request: request), now, &work) }
    return work
  }

  /// Gives up those that wait.
  mutating func cancel(_ tokens: Set<UInt64>) -> [Completion] {
    let cancelled = waiting.filter { tokens.contains($0.request.token) }
    waiting.removeAll { tokens.contains($0.request.token) }
    return cancelled.map { Self.completion($0, Self.cancelled) }
  }

  /// Nothing is sent or fetched from now on.
  mutating func close() { isClosed = true }

  /// Requests ended: they are reported, or sent once more with a new token after a 401.
  mutating func ended(_ ended: [HTTPCompletion], _ now: Int64, wallMilliseconds: Int64) -> Work {
    var work = Work()
    for completion in ended {
      guard var kept = sent.removeValue(forKey: completion.token) else { continue }
      if isWorthAnother(kept, completion.result, now) {
        kept.isSecond = true
        place(kept, now, &work)
      } else {
        let result = WebhookOutcome.result(
          completion.result, nowMilliseconds: wallMilliseconds, secrets: secrets + recentTokens)
        work.completions.append(Self.completion(kept, result))
      }
    }
    return work
  }

  /// A token came: all that waited goes.
  mutating func fetched(_ token: AccessToken, _ now: Int64) -> [HTTPRequest] {
    cache.fetched(token, now)
    recentTokens = [token.text] + recentTokens.prefix(1)
    defer { waiting = [] }
    return waiting.map { send($0, token, cache.generation) }
  }

  /// None came: all that waited is tried again later.
  mutating func failed(_ fault: TokenFault, _ now: Int64) -> [Completion] {
    let wait = cache.failed(fault, now)
    let result = isClosed ? Self.cancelled : Self.result(fault, wait)
    defer { waiting = [] }
    return waiting.map { Self.completion($0, result) }
  }

  /// These could not be handed on.
  mutating func unsent(_ requests: [HTTPRequest], _ result: DeliveryResult) -> [Completion] {
    for request in requests { sent[request.token] = nil }
    return requests.map { Completion(Ticket(rawValue: $0.token), result) }
  }

  private mutating func isWorthAnother(_ kept: Kept, _ result: HTTPResult, _ now: Int64) -> Bool {
    guard case .answer(let answer) = result else { return false }
    guard answer.status == 401 else {
      cache.accepted(kept.generation)
      return false
    }
    return !kept.isSecond && cache.refused(kept.generation, now)
  }

  private mutating func place(_ kept: Kept, _ now: Int64, _ work: inout Work) {
    guard !isClosed else {
      work.completions.append(Self.completion(kept, Self.cancelled))
      return
    }
    switch cache.need(now) {
    case .use(let token, let generation): work.requests.append(send(kept, token, generation))
    case .fetch:
      waiting.append(kept)
      fetches += 1
      work.fetch = fetches
    case .wait: waiting.append(kept)
    case .none(let fault, let milliseconds):
      work.completions.append(Self.completion(kept, Self.result(fault, milliseconds)))
    }
  }

  private mutating func send(_ kept: Kept, _ token: AccessToken, _ generation: Int) -> HTTPRequest {
    var kept = kept
    kept.generation = generation
    sent[kept.request.token] = kept
    var request = kept.request
    request.headers.append(token.header)
    return request
  }

  static let cancelled = DeliveryResult(.cancelled, code: HTTPFailure.Reason.cancelled.rawValue)

  private static func result(_ fault: TokenFault, _ wait: Int64) -> DeliveryResult {
    DeliveryResult(.retry, retryAfterMilliseconds: UInt64(max(0, wait)), code: fault.code, detail: fault.detail)
  }

  private static func completion(_ kept: Kept, _ result: DeliveryResult) -> Completion {
    Completion(Ticket(rawValue: kept.request.token), result)
  }
}
