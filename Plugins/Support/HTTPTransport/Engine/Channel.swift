import CCurl

/// One session's connections: a multi handle of its own, so that no session gets another's connection. An address or
/// a certificate that one session may use says nothing about another, and an exchange that libcurl breaks off on a
/// shared HTTP/2 connection would take the others on it along.
final class Channel {
  /// A session keeps so many connections open for later, or as many as one origin may have.
  private static let leastIdleConnections = 256
  private static let nanosecondsPerMillisecond: Int64 = 1_000_000
  static let never: Int64 = .max

  private let multi: UnsafeMutableRawPointer
  private let poller: Poller
  private let idleConnections: Int
  private let maximumConnections: Int
  private var active = 0
  /// When libcurl wants to be called without an event, on the monotonic clock.
  private(set) var timerNanoseconds = Channel.never
  /// Origins that answered over HTTP/2.
  private var http2Origins: Set<String> = []
  /// At most so many are remembered.
  private static let maximumOrigins = 4_096
  /// Whether libcurl was called since the finished ones were last looked for.
  private var isTouched = false

  init?(poller: Poller, maximumPerOrigin: Int, maximumConnections: Int) {
    guard let multi = curl_multi_init() else { return nil }
    self.multi = multi
    self.poller = poller
    self.maximumConnections = maximumConnections
    idleConnections = max(Self.leastIdleConnections, maximumPerOrigin)
    let context = Unmanaged.passUnretained(self).toOpaque()
    let results = [
      ccurl_multi_set_socket(multi, onSocket, context), ccurl_multi_set_timer(multi, onTimer, context),
      ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, maximumConnections),
      ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, maximumPerOrigin),
    ]
    guard results.allSatisfy({ $0 == CURLM_OK }) else { return nil }
  }

  deinit {
    // Nothing calls back into an object that is going away.
    ccurl_multi_set_socket(multi, nil, nil)
    ccurl_multi_set_timer(multi, nil, nil)
    curl_multi_cleanup(multi)
  }

  func add(_ exchange: Exchange) -> Bool {
    exchange.channel = self
    isTouched = true
    active += 1
    boundConnections()
    return curl_multi_add_handle(multi, exchange.easy) == CURLM_OK
  }

  func remove(_ exchange: Exchange) {
    curl_multi_remove_handle(multi, exchange.easy)
    exchange.channel = nil
    active -= 1
    boundConnections()
  }

  /// libcurl's bound counts connections in use too: were it fixed, many that hang would leave no room for idle ones, and
  /// everybody else would connect for each request anew.
  private func boundConnections() {
    ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, min(maximumConnections, active + idleConnections))
  }

  func answeredHTTP2(_ origin: String) {
    if http2Origins.count < Self.maximumOrigins { http2Origins.insert(origin) }
  }

  /// Whether an origin answered over HTTP/2 before.
  func hasHTTP2(_ origin: String) -> Bool { http2Origins.contains(origin) }

  func runTimer(_ now: Int64) {
    guard timerNanoseconds <= now else { return }
    timerNanoseconds = Self.never
    act(CURL_SOCKET_TIMEOUT, 0)
  }

  func handle(_ socket: curl_socket_t, events: UInt32) {
    var actions: Int32 = 0
    if events & EPOLLIN.rawValue != 0 { actions |= CURL_CSELECT_IN }
    if events & EPOLLOUT.rawValue != 0 { actions |= CURL_CSELECT_OUT }
    if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { actions |= CURL_CSELECT_ERR }
    act(socket, actions)
  }

  /// The next that ended.
  func nextDone() -> (exchange: Exchange, code: CURLcode)? {
    guard isTouched else { return nil }
    var easy: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while ccurl_multi_next_done(multi, &easy, &code) {
      guard let easy, let context = ccurl_get_private(easy) else { continue }
      return (Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue(), code)
    }
    isTouched = false
    return nil
  }

  private func act(_ socket: curl_socket_t, _ actions: Int32) {
    var running: Int32 = 0
    isTouched = true
    curl_multi_socket_action(multi, socket, actions, &running)
  }

  fileprivate func setTimer(milliseconds: Int) {
    guard milliseconds >= 0 else {
      timerNanoseconds = Self.never
      return
    }
    let delay = Int64(min(milliseconds, Int(Int32.max))) * Self.nanosecondsPerMillisecond
    timerNanoseconds = delay == 0 ? 0 : MonotonicClock.nanoseconds &+ delay
  }

  fileprivate func setInterest(_ socket: curl_socket_t, _ what: Int32) {
    switch what {
    case CURL_POLL_IN: poller.want(EPOLLIN.rawValue, on: socket, for: self)
    case CURL_POLL_OUT: poller.want(EPOLLOUT.rawValue, on: socket, for: self)
    case CURL_POLL_INOUT: poller.want(EPOLLIN.rawValue | EPOLLOUT.rawValue, on: socket, for: self)
    default: poller.want(0, on: socket, for: nil)
    }
  }
}

// What libcurl calls on the I/O thread, within a call of the channel's.

private func onTimer(
  _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return -1 }
  Unmanaged<Channel>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds: milliseconds)
  return 0
}

private func onSocket(
  _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
  _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return -1 }
  Unmanaged<Channel>.fromOpaque(context).takeUnretainedValue().setInterest(socket, what)
  return 0
}
