/// The life of an access token, as a pure state machine: who has it, when it is fetched, when it is thrown away.
/// Times are milliseconds of a clock that only goes on.
struct TokenCache {
  /// A token is not used in the last part of its life: a fifth of it, at most this.
  static let maximumMargin: Int64 = 30_000
  /// How long a token counts whose life nobody told.
  static let untoldLifetime: Int64 = 3_600_000
  /// The waits after failures in a row: 1 s, doubled each time, up to this.
  static let maximumHold: Int64 = 60_000
  private static let firstHold: Int64 = 1_000
  /// A new token that was got because of a 401, and is refused itself, is no reason for another for so long.
  static let refusedRest: Int64 = 30_000

  /// What a request is to do.
  enum Need {
    /// Go, with this token.
    case use(AccessToken, generation: Int)
    /// Fetch a token, and wait for it.
    case fetch
    /// Wait: a token is being fetched.
    case wait
    /// None for so many milliseconds: the last fetch failed, for this reason.
    case none(TokenFault, milliseconds: Int64)
  }

  private struct Held {
    let token: AccessToken
    let generation: Int
    let since: Int64
    let end: Int64
    /// Whether it came in place of one that was refused, and no endpoint has taken it yet.
    var isOnTrial: Bool
  }

  private enum State {
    case empty
    case fetching
    case held(Held)
    case failed(TokenFault, until: Int64)
  }

  private var state = State.empty
  /// The number of the last token.
  private(set) var generation = 0
  private var failures = 0
  private var isReplacing = false

  mutating func need(_ now: Int64) -> Need {
    switch state {
    case .fetching: return .wait
    case .held(let held) where now < held.end: return .use(held.token, generation: held.generation)
    case .failed(let fault, let until) where now < until: return .none(fault, milliseconds: until - now)
    case .empty, .held, .failed:
      state = .fetching
      return .fetch
    }
  }

  /// The token that was fetched.
  mutating func fetched(_ token: AccessToken, _ now: Int64) {
    generation += 1
    failures = 0
    let lifetime = token.lifetimeMilliseconds ?? Self.untoldLifetime
    // One that is dead on arrival is used for what waits for it.
    let end = now + max(1, lifetime - min(lifetime / 5, Self.maximumMargin))
    state = .held(Held(token: token, generation: generation, since: now, end: end, isOnTrial: isReplacing))
    isReplacing = false
  }

  /// None came. Answers how long none will be fetched.
  mutating func failed(_ fault: TokenFault, _ now: Int64) -> Int64 {
    let hold = min(Self.firstHold << Int64(min(failures, 6)), Self.maximumHold)
    failures += 1
    isReplacing = false
    let wait = max(hold, Int64(clamping: fault.waitMilliseconds))
    state = .failed(fault, until: now + wait)
    return wait
  }

  /// An endpoint took a request with this token.
  mutating func accepted(_ generation: Int) {
    guard case .held(var held) = state, held.generation == generation, held.isOnTrial else { return }
    held.isOnTrial = false
    state = .held(held)
  }

  /// An endpoint refused a request with this token (401). Answers whether the request is worth another try: with a new
  /// token, or with one that came meanwhile.
  mutating func refused(_ generation: Int, _ now: Int64) -> Bool {
    switch state {
    case .held(let held) where held.generation == generation:
      if held.isOnTrial, now - held.since < Self.refusedRest { return false }
      state = .empty
      isReplacing = true
      return true
    case .held, .fetching, .empty, .failed: return true
    }
  }
}
