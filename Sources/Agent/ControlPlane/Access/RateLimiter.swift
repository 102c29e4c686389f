import Synchronization

/// How many calls a client may make: so many at once, and as many again over the time.
public struct RequestLimit: Hashable, Sendable {
  /// The most at once.
  public var count: Int
  /// The time in which as many may be made again.
  public var per: Duration

  /// Makes it.
  public init(count: Int, per: Duration) {
    self.count = count
    self.per = per
  }
}

/// A bucket of tokens for each client. The table is bounded: clients beyond it share one bucket, so that nobody gets a new
/// one by making the table forget.
final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var at: Duration
  }

  private struct State {
    var buckets: [String: Bucket] = [:]
    var others: Bucket?
    var sweptAt: Duration?
  }

  private let limit: RequestLimit
  private let maximumClients: Int
  private let uptime: @Sendable () -> Duration
  private let state = Mutex(State())

  init(_ limit: RequestLimit, maximumClients: Int, uptime: @escaping @Sendable () -> Duration) {
    self.limit = limit
    self.maximumClients = maximumClients
    self.uptime = uptime
  }

  /// How many clients have a bucket of their own.
  var clients: Int { state.withLock { $0.buckets.count } }

  /// Takes one call; nil: it may be made, else how long to wait.
  func take(_ client: String) -> Duration? {
    let time = uptime()
    return state.withLock { state in
      var bucket: Bucket
      let isOwn = state.buckets[client] != nil || room(for: client, &state, time)
      bucket = (isOwn ? state.buckets[client] : state.others) ?? Bucket(tokens: Double(limit.count), at: time)
      refill(&bucket, time)
      let wait = bucket.tokens < 1 ? Duration.seconds((1 - bucket.tokens) / rate) : nil
      if wait == nil { bucket.tokens -= 1 }
      if isOwn { state.buckets[client] = bucket } else { state.others = bucket }
      return wait
    }
  }

  /// Calls in a second.
  private var rate: Double { Double(limit.count) / max(limit.per / .seconds(1), .leastNonzeroMagnitude) }

  private func refill(_ bucket: inout Bucket, _ time: Duration) {
    bucket.tokens = min(Double(limit.count), bucket.tokens + (time - bucket.at) / .seconds(1) * rate)
    bucket.at = time
  }

  private static let pauseOfSweeps = Duration.seconds(1)

  /// Whether there is room for one more, after those were dropped whose bucket is full again: a new one is as good.
  private func room(for client: String, _ state: inout State, _ time: Duration) -> Bool {
    if state.buckets.count < maximumClients { return true }
    if let last = state.sweptAt, time - last < Self.pauseOfSweeps { return false }
    state.sweptAt = time
    state.buckets = state.buckets.filter { _, bucket in
      var bucket = bucket
      refill(&bucket, time)
      return bucket.tokens < Double(limit.count)
    }
    return state.buckets.count < maximumClients
  }
}

/// Time that never goes back.
enum Uptime {
  private static let start = ContinuousClock.now

  /// Since the first call.
  static let now: @Sendable () -> Duration = { ContinuousClock.now - start }
}
