import NIOHTTP1
import Synchronization

/// What all connections of a receiver share: checks, tells and counts each request.
final class ReceiverCore: Sendable {
  struct Counts: Sendable, Equatable {
    var received = 0
    var answered = 0
    var verified = 0
    var refused = 0
  }

  private let verifier: WebhookVerifier
  private let plan: AnswerPlan
  private let clock: @Sendable () -> Int64
  private let tell: @Sendable (any Received) -> Void
  private let flushTold: @Sendable () -> Void
  private let discord = DiscordEmulator()
  private let counts = Mutex(Counts())
  private let limit: Int?
  private let onLimit: @Sendable () -> Void

  /// - Parameters:
  ///   - clock: milliseconds since 1970.
  ///   - tell: called for each request before it is answered, on any thread.
  ///   - flush: called when a connection has no more to read for now.
  ///   - limit: after so many answers `onLimit` is called, once.
  init(
    verifier: WebhookVerifier, plan: AnswerPlan, clock: @escaping @Sendable () -> Int64,
    tell: @escaping @Sendable (any Received) -> Void, flush: @escaping @Sendable () -> Void = {},
    limit: Int? = nil, onLimit: @escaping @Sendable () -> Void = {}
  ) {
    self.verifier = verifier
    self.plan = plan
    self.clock = clock
    self.tell = tell
    self.flushTold = flush
    self.limit = limit
    self.onLimit = onLimit
  }

  var total: Counts { counts.withLock { $0 } }

  func flush() { flushTold() }

  func receive(_ head: HTTPRequestHead, _ body: [UInt8]) -> AnswerPlan.Answer {
    let now = clock()
    if head.method == .POST, let path = DiscordPath(head.uri) { return receiveDiscord(path, body, now) }
    let headers = head.headers
    let verdict = verifier.verify(
      id: headers.first(name: "webhook-id"), timestamp: headers.first(name: "webhook-timestamp"),
      signature: headers.first(name: "webhook-signature"), body: body, now: now / 1_000)
    let answer = plan.next(verdict: verdict)
    tell(
      ReceivedWebhook(
        timeMilliseconds: now, method: head.method.rawValue, path: head.uri,
        id: headers.first(name: "webhook-id"), attempt: headers.first(name: "carillon-attempt"),
        lateMilliseconds: headers.first(name: "carillon-late-ms"), verdict: verdict, status: answer.status, body: body,
        document: try? JSONValue(parsing: body)))
    count(verdict)
    return answer
  }

  private func receiveDiscord(_ path: DiscordPath, _ body: [UInt8], _ now: Int64) -> AnswerPlan.Answer {
    let failure = plan.nextFailure()
    var (message, answer) = discord.receive(
      path, body: body, document: try? JSONValue(parsing: body), failure: failure, now: now)
    answer.delayMilliseconds = plan.delayMilliseconds
    tell(message)
    counts.withLock { counts in
      counts.received += 1
      if answer.status >= 300 { counts.refused += 1 }
    }
    return answer
  }

  /// Takes a mail, or refuses it for now when the plan says so; answers whether it was taken.
  func receive(_ mail: ReceivedMail) -> Bool {
    var mail = mail
    mail.timeMilliseconds = clock()
    mail.isRefused = plan.nextFailure() != nil
    tell(mail)
    counts.withLock { counts in
      counts.received += 1
      if mail.isRefused { counts.refused += 1 }
    }
    flush()
    return !mail.isRefused
  }

  /// An answer has left, or its connection is gone.
  func answered() {
    let answered = counts.withLock { counts in
      counts.answered += 1
      return counts.answered
    }
    if answered == limit { onLimit() }
  }

  private func count(_ verdict: WebhookVerifier.Verdict) {
    counts.withLock { counts in
      counts.received += 1
      if verdict == .verified { counts.verified += 1 }
      if !verdict.isAcceptable { counts.refused += 1 }
    }
  }
}
