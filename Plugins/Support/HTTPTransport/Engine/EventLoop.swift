import CCurl

/// What the I/O thread does: takes requests in, starts them as there is room, lets libcurl work on what epoll reports,
/// and hands out what ended.
final class EventLoop {
  private static let sweepMilliseconds: Int64 = 100
  private static let nanosecondsPerMillisecond: Int64 = 1_000_000
  private static let forever: Int64 = .max

  private let multi: UnsafeMutableRawPointer
  private let inbox: Inbox
  private let poller: Poller
  private let limits: HTTPTransport.Limits
  private var admission: Admission<Submission>
  private var active: [Exchange] = []
  private var spare: [Exchange] = []
  private var outbox = Outbox()
  /// When libcurl wants to be called without an event; on the monotonic clock.
  private var timerNanoseconds = EventLoop.forever
  private var sweepNanoseconds: Int64 = 0

  init(inbox: Inbox, limits: HTTPTransport.Limits) throws(HTTPTransportError) {
    let poller = try Poller()
    guard let multi = curl_multi_init() else { throw HTTPTransportError(.system, "libcurl has no multi handle") }
    self.multi = multi
    self.inbox = inbox
    self.poller = poller
    self.limits = limits
    admission = Admission(maximumActive: limits.maximumActive)
    let context = Unmanaged.passUnretained(self).toOpaque()
    let results = [
      ccurl_multi_set_socket(multi, onSocket, context), ccurl_multi_set_timer(multi, onTimer, context),
      ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limits.maximumConnections),
      ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, limits.maximumConnections),
      ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, HTTPSessionSettings.perOriginRange.upperBound),
    ]
    guard results.allSatisfy({ $0 == CURLM_OK }) else {
      throw HTTPTransportError(.system, "libcurl refuses an option of its multi handle")
    }
    poller.want(EPOLLIN.rawValue, on: inbox.wakeDescriptor)
  }

  deinit {
    // The handles before the multi handle, as libcurl wants it; that closes the connections, through `poller`. Nothing
    // calls back into an object that is going away.
    ccurl_multi_set_socket(multi, nil, nil)
    ccurl_multi_set_timer(multi, nil, nil)
    spare = []
    active = []
    curl_multi_cleanup(multi)
  }

  /// Runs until the inbox is closed; then completes all that is open.
  func run() {
    while takeCommands() {
      let now = MonotonicClock.nanoseconds
      sweep(now)
      start(now)
      runTimer(now)
      reap()
      deliver()
      wait()
      reap()
      deliver()
    }
    cancel(sparingSent: false) { _ in true }
    deliver()
  }

  /// False when the inbox is closed and empty.
  private func takeCommands() -> Bool {
    let (commands, isClosed) = inbox.take()
    for command in commands {
      switch command {
      case .submit(let submissions):
        for submission in submissions {
          admission.enqueue(
            submission, key: .init(session: submission.session.id, origin: submission.request.url.origin),
            limit: submission.session.settings.maximumPerOrigin)
        }
      case .cancel(let cancellation): cancel(sparingSent: cancellation.sparesSent, cancellation.matches)
      }
    }
    return !isClosed
  }

  private func cancel(sparingSent: Bool, _ matches: (Submission) -> Bool) {
    for submission in admission.remove(where: matches) {
      outbox.add(submission, .failure(HTTPFailure(.cancelled)))
    }
    let cancelled = active.filter { $0.submission.map(matches) ?? false }
    for exchange in cancelled where !(sparingSent && exchange.isRequestSent) {
      end(exchange, ExchangeResult.ofCancelled(exchange))
    }
  }

  /// Ends those whose time ran out while they waited.
  private func sweep(_ now: Int64) {
    guard admission.waiting > 0, now >= sweepNanoseconds else { return }
    sweepNanoseconds = now &+ Self.sweepMilliseconds * Self.nanosecondsPerMillisecond
    let late = admission.remove { $0.request.deadlineNanoseconds.map { $0 <= now } ?? false }
    for submission in late { outbox.add(submission, .failure(HTTPFailure(.deadline))) }
  }

  private func start(_ now: Int64) {
    while let (submission, lane) = admission.next() {
      let left = Self.millisecondsLeft(submission, now)
      guard left > 0 else {
        outbox.add(submission, .failure(HTTPFailure(.deadline)))
        admission.release(lane)
        continue
      }
      start(submission, lane, timeoutMilliseconds: left)
    }
  }

  private func start(_ submission: Submission, _ lane: Int, timeoutMilliseconds: Int) {
    guard let exchange = spare.popLast() ?? Exchange(poller: poller) else {
      outbox.add(submission, .failure(HTTPFailure(.internal, detail: ExchangeResult.text(CURLE_OUT_OF_MEMORY))))
      admission.release(lane)
      return
    }
    exchange.position = active.count
    active.append(exchange)
    let code = exchange.prepare(submission, lane: lane, timeoutMilliseconds: timeoutMilliseconds)
    guard code == CURLE_OK else {
      return end(exchange, .failure(HTTPFailure(.internal, detail: ExchangeResult.text(code))))
    }
    guard curl_multi_add_handle(multi, exchange.easy) == CURLM_OK else {
      return end(exchange, .failure(HTTPFailure(.internal, detail: "libcurl does not take the request")))
    }
  }

  private static func millisecondsLeft(_ submission: Submission, _ now: Int64) -> Int {
    let timeout = submission.session.settings.timeoutMilliseconds
    guard let deadline = submission.request.deadlineNanoseconds else { return timeout }
    let (left, overflow) = deadline.subtractingReportingOverflow(now)
    return overflow ? (deadline > 0 ? timeout : 0) : min(timeout, Int(left / nanosecondsPerMillisecond))
  }

  private func runTimer(_ now: Int64) {
    guard timerNanoseconds <= now else { return }
    timerNanoseconds = Self.forever
    act(CURL_SOCKET_TIMEOUT, 0)
  }

  private func wait() {
    var due = timerNanoseconds
    if admission.waiting > 0 { due = min(due, sweepNanoseconds) }
    var milliseconds: Int32 = -1
    if due != Self.forever {
      // Rounded up, so that an early wake-up does not spin.
      let left = max(0, due &- MonotonicClock.nanoseconds) &+ (Self.nanosecondsPerMillisecond - 1)
      milliseconds = Int32(clamping: left / Self.nanosecondsPerMillisecond)
    }
    poller.wait(milliseconds: milliseconds) { socket, events in
      if socket == inbox.wakeDescriptor {
        inbox.drainWake()
      } else {
        act(socket, Self.actions(events))
      }
    }
  }

  private func act(_ socket: curl_socket_t, _ actions: Int32) {
    var running: Int32 = 0
    curl_multi_socket_action(multi, socket, actions, &running)
  }

  private static func actions(_ events: UInt32) -> Int32 {
    var actions: Int32 = 0
    if events & EPOLLIN.rawValue != 0 { actions |= CURL_CSELECT_IN }
    if events & EPOLLOUT.rawValue != 0 { actions |= CURL_CSELECT_OUT }
    if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { actions |= CURL_CSELECT_ERR }
    return actions
  }

  private func reap() {
    var easy: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while ccurl_multi_next_done(multi, &easy, &code) {
      guard let easy, let context = ccurl_get_private(easy) else { continue }
      let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      end(exchange, ExchangeResult.of(exchange, code))
    }
  }

  private func end(_ exchange: Exchange, _ result: HTTPResult) {
    curl_multi_remove_handle(multi, exchange.easy)
    if let submission = exchange.submission { outbox.add(submission, result) }
    exchange.finish()
    admission.release(exchange.lane)
    let last = active.count - 1
    active.swapAt(exchange.position, last)
    active[exchange.position].position = exchange.position
    active.removeLast()
    if spare.count < limits.maximumSpareHandles { spare.append(exchange) }
  }

  private func deliver() {
    let count = outbox.deliver()
    if count > 0 { inbox.release(count) }
  }

  fileprivate func setTimer(milliseconds: Int) {
    guard milliseconds >= 0 else {
      timerNanoseconds = Self.forever
      return
    }
    let delay = Int64(min(milliseconds, Int(Int32.max))) * Self.nanosecondsPerMillisecond
    timerNanoseconds = delay == 0 ? 0 : MonotonicClock.nanoseconds &+ delay
  }

  fileprivate func setInterest(_ socket: curl_socket_t, _ what: Int32) {
    switch what {
    case CURL_POLL_IN: poller.want(EPOLLIN.rawValue, on: socket)
    case CURL_POLL_OUT: poller.want(EPOLLOUT.rawValue, on: socket)
    case CURL_POLL_INOUT: poller.want(EPOLLIN.rawValue | EPOLLOUT.rawValue, on: socket)
    default: poller.want(0, on: socket)
    }
  }
}

// What libcurl calls on the I/O thread; the loop outlives its multi handle.

private func onTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
  -> Int32
{
  guard let context else { return -1 }
  Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds: milliseconds)
  return 0
}

private func onSocket(
  _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
  _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
  guard let context else { return -1 }
  Unmanaged<EventLoop>.fromOpaque(context).takeUnretainedValue().setInterest(socket, what)
  return 0
}
