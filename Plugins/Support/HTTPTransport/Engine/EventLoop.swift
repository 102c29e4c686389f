import CCurl

/// What the I/O thread does: takes requests in, starts them as there is room, lets libcurl work on what epoll reports,
/// and hands out what ended.
final class EventLoop {
  private static let sweepMilliseconds: Int64 = 100
  private static let nanosecondsPerMillisecond: Int64 = 1_000_000
  /// So many are started before answers are looked for again.
  private static let startsPerTurn = 32
  /// A request that servers refuse unread is started again so often.
  private static let maximumRefusals = 8

  private let inbox: Inbox
  private let poller: Poller
  private let limits: HTTPTransport.Limits
  private var admission: Admission<Submission>
  /// By session; made when a session first sends.
  private var channels: [Int: Channel] = [:]
  private var active: [Exchange] = []
  private var spare: SpareExchanges
  private var outbox = Outbox()
  private var sweepNanoseconds: Int64 = 0

  init(inbox: Inbox, limits: HTTPTransport.Limits) throws(HTTPTransportError) {
    self.inbox = inbox
    self.limits = limits
    poller = try Poller()
    admission = Admission(maximumActive: limits.maximumActive)
    spare = SpareExchanges(maximum: limits.maximumSpareHandles)
    poller.want(EPOLLIN.rawValue, on: inbox.wakeDescriptor, for: nil)
  }

  /// Runs until the inbox is closed; then completes all that is open.
  func run() {
    while takeCommands() {
      let now = MonotonicClock.nanoseconds
      sweep(now)
      start(now)
      for channel in channels.values { channel.runTimer(now) }
      reap()
      deliver()
      wait()
      reap()
      deliver()
    }
    cancel(sparingSent: false) { _ in true }
    deliver()
    // The easy handles before their multi handles, as libcurl wants it.
    spare.removeAll()
    channels = [:]
  }

  /// False when the inbox is closed and empty.
  private func takeCommands() -> Bool {
    let (commands, isClosed) = inbox.take()
    for command in commands {
      switch command {
      case .submit(let submissions):
        for submission in submissions { enqueue(submission) }
      case .forget(let session):
        // The easy handles before their multi handle, as libcurl wants it.
        spare.forget(session: session)
        channels[session] = nil
      case .cancel(let cancellation): cancel(sparingSent: cancellation.sparesSent, cancellation.matches)
      }
    }
    return !isClosed
  }

  private func enqueue(_ submission: Submission) {
    admission.enqueue(
      submission, key: .init(session: submission.session.id, origin: submission.request.url.origin),
      limit: submission.session.settings.maximumPerOrigin)
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

  /// Ends those whose time ran out while they waited, and those whose answer came but whose body does not end.
  private func sweep(_ now: Int64) {
    guard now >= sweepNanoseconds else { return }
    sweepNanoseconds = now &+ Self.sweepMilliseconds * Self.nanosecondsPerMillisecond
    let late = admission.remove { $0.request.deadlineNanoseconds.map { $0 <= now } ?? false }
    for submission in late { outbox.add(submission, .failure(HTTPFailure(.deadline))) }
    // Ending one moves another to its place, so the finished ones are picked first.
    let ends = active.compactMap { exchange in exchange.overdue(now).map { (exchange, $0) } }
    for (exchange, code) in ends { end(exchange, ExchangeResult.of(exchange, code)) }
  }

  private func start(_ now: Int64) {
    for _ in 0..<Self.startsPerTurn {
      guard let (submission, lane) = admission.next() else { return }
      let left = Self.millisecondsLeft(submission, now)
      guard left > 0 else {
        outbox.add(submission, .failure(HTTPFailure(.deadline)))
        admission.release(lane, answered: false)
        continue
      }
      start(submission, lane, timeoutMilliseconds: left)
    }
  }

  private func start(_ submission: Submission, _ lane: Int, timeoutMilliseconds: Int) {
    guard let exchange = spare.take(session: submission.session.id) ?? Exchange(poller: poller) else {
      outbox.add(submission, .failure(HTTPFailure(.internal, detail: ExchangeResult.text(CURLE_OUT_OF_MEMORY))))
      admission.release(lane, answered: false)
      return
    }
    exchange.position = active.count
    active.append(exchange)
    let code = exchange.prepare(submission, lane: lane, timeoutMilliseconds: timeoutMilliseconds)
    guard code == CURLE_OK else {
      return end(exchange, .failure(HTTPFailure(.internal, detail: ExchangeResult.text(code))))
    }
    guard let channel = channel(submission.session), channel.add(exchange) else {
      return end(exchange, .failure(HTTPFailure(.internal, detail: "libcurl does not take the request")))
    }
  }

  private static func millisecondsLeft(_ submission: Submission, _ now: Int64) -> Int {
    let timeout = submission.session.settings.timeoutMilliseconds
    guard let deadline = submission.request.deadlineNanoseconds else { return timeout }
    let (left, overflow) = deadline.subtractingReportingOverflow(now)
    return overflow ? (deadline > 0 ? timeout : 0) : min(timeout, Int(left / nanosecondsPerMillisecond))
  }

  private func channel(_ session: HTTPSession) -> Channel? {
    if let channel = channels[session.id] { return channel }
    let channel = Channel(
      poller: poller, maximumPerOrigin: session.settings.maximumPerOrigin,
      maximumConnections: limits.maximumConnections)
    channels[session.id] = channel
    return channel
  }

  private func wait() {
    // An exchange may end within the call that starts it, and leave a place that nothing else would tell of.
    if admission.canStart { return poll(milliseconds: 0) }
    var due = channels.values.reduce(Channel.never) { min($0, $1.timerNanoseconds) }
    if admission.waiting > 0 || !active.isEmpty { due = min(due, sweepNanoseconds) }
    var milliseconds: Int32 = -1
    if due != Channel.never {
      // Rounded up, so that an early wake-up does not spin.
      let left = max(0, due &- MonotonicClock.nanoseconds) &+ (Self.nanosecondsPerMillisecond - 1)
      milliseconds = Int32(clamping: left / Self.nanosecondsPerMillisecond)
    }
    poll(milliseconds: milliseconds)
  }

  private func poll(milliseconds: Int32) {
    poller.wait(milliseconds: milliseconds) { socket, events, channel in
      if let channel {
        channel.handle(socket, events: events)
      } else {
        inbox.drainWake()
      }
    }
  }

  private func reap() {
    for channel in channels.values {
      while let (exchange, code) = channel.nextDone() { end(exchange, code) }
    }
  }

  private func end(_ exchange: Exchange, _ code: CURLcode) {
    let result = ExchangeResult.of(exchange, code)
    if case .answer(let answer) = result, answer.isHTTP2, let submission = exchange.submission {
      exchange.channel?.answeredHTTP2(submission.request.url.origin)
    }
    guard exchange.isRefusedUnread(code), var submission = exchange.submission,
      submission.refusals < Self.maximumRefusals
    else { return end(exchange, result) }
    submission.refusals += 1
    exchange.finish()
    end(exchange, result)
    enqueue(submission)
  }

  private func end(_ exchange: Exchange, _ result: HTTPResult) {
    exchange.channel?.remove(exchange)
    if let submission = exchange.submission { outbox.add(submission, result) }
    exchange.finish()
    let hasAnswer = if case .answer = result { true } else { false }
    admission.release(exchange.lane, answered: hasAnswer)
    let last = active.count - 1
    active.swapAt(exchange.position, last)
    active[exchange.position].position = exchange.position
    active.removeLast()
    if hasAnswer { spare.put(exchange, session: exchange.configuredSession) }
  }

  private func deliver() {
    let count = outbox.deliver()
    if count > 0 { inbox.release(count) }
  }
}
