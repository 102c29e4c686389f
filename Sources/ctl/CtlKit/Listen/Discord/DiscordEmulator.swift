import Synchronization

/// Answers as Discord answers a webhook: limits on sizes and rates, error bodies, the message when it is waited for.
final class DiscordEmulator: Sendable {
  /// Webhooks whose rate is remembered; beyond these one is forgotten.
  static let maxWebhooks = 1_000

  private struct State {
    var buckets: [String: DiscordBuckets] = [:]
    var messages: Int64 = 1_300_000_000_000_000_000
  }

  private let state = Mutex(State())

  /// The answer to one request; `failure` is what the plan wants instead of a good answer.
  func receive(
    _ path: DiscordPath, body: [UInt8], document: JSONValue?, failure: AnswerPlan.Answer?, now: Int64
  ) -> (message: ReceivedDiscord, answer: AnswerPlan.Answer) {
    let (rate, number) = state.withLock { state -> (DiscordBuckets.Rate, Int64) in
      if state.buckets.count >= Self.maxWebhooks, state.buckets[path.id] == nil { state.buckets.removeAll() }
      state.messages += 1
      return (state.buckets[path.id, default: DiscordBuckets()].take(now: now), state.messages)
    }
    let faults = document.map { DiscordRules($0).faults } ?? []
    var answer = failure ?? Self.answer(path, document, faults, rate, number, now)
    answer.headers += Self.headers(path, remaining: rate.remaining, resetAfter: rate.resetAfter)
    let message = ReceivedDiscord(
      timeMilliseconds: now, webhook: path.id, message: answer.status == 200 ? String(number) : nil,
      status: answer.status, problem: answer.status < 300 ? nil : Self.problem(answer, faults), body: body,
      document: document)
    return (message, answer)
  }

  private static func answer(
    _ path: DiscordPath, _ document: JSONValue?, _ faults: [DiscordRules.Fault],
    _ rate: DiscordBuckets.Rate, _ number: Int64, _ now: Int64
  ) -> AnswerPlan.Answer {
    if let wait = rate.wait { return limited(wait, isShared: rate.isShared) }
    guard let document else { return .json(400, #"{"message": "Cannot parse JSON", "code": 50109}"#) }
    guard faults.isEmpty else { return .json(400, refusal(faults).compact) }
    guard !DiscordRules.isEmpty(document) else {
      return .json(400, #"{"message": "Cannot send an empty message", "code": 50006}"#)
    }
    return path.waits
      ? .json(200, created(path, document, number, now).compact)
      : AnswerPlan.Answer(status: 204, retryAfterSeconds: nil, delayMilliseconds: 0)
  }

  /// Too many requests: the body has the wait in fractions of a second, the header in whole ones.
  private static func limited(_ wait: Int64, isShared: Bool) -> AnswerPlan.Answer {
    var answer = AnswerPlan.Answer.json(
      429, #"{"message": "You are being rate limited.", "retry_after": \#(seconds(wait)), "global": false}"#)
    answer.retryAfterSeconds = Int((wait + 999) / 1_000)
    answer.headers.append(.init("x-ratelimit-scope", isShared ? "shared" : "user"))
    return answer
  }

  private static func headers(_ path: DiscordPath, remaining: Int, resetAfter: Int64) -> [AnswerPlan.Header] {
    [
      .init("x-ratelimit-limit", String(DiscordBucket.webhook.limit)),
      .init("x-ratelimit-remaining", String(remaining)),
      .init("x-ratelimit-reset-after", seconds(resetAfter)), .init("x-ratelimit-bucket", "listen-\(path.id)"),
    ]
  }

  private static func seconds(_ milliseconds: Int64) -> String {
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }

  private static func created(
    _ path: DiscordPath, _ document: JSONValue, _ number: Int64, _ now: Int64
  ) -> JSONValue {
    .object([
      ("id", .string(String(number))), ("type", .integer(0)), ("webhook_id", .string(path.id)),
      ("channel_id", .string(path.id)), ("content", document["content"] ?? .string("")),
      ("embeds", document["embeds"] ?? .array([])), ("timestamp", .string(Timestamps.rfc3339(milliseconds: now))),
    ])
  }

  /// `{"code": 50035, "errors": {"embeds": {"0": {"title": {"_errors": […]}}}}}`
  private static func refusal(_ faults: [DiscordRules.Fault]) -> JSONValue {
    .object([
      ("message", .string("Invalid Form Body")), ("code", .integer(50_035)), ("errors", tree(faults, depth: 0)),
    ])
  }

  private static func tree(_ faults: [DiscordRules.Fault], depth: Int) -> JSONValue {
    var members: [(String, JSONValue)] = []
    let here = faults.filter { $0.path.count == depth }
    if !here.isEmpty {
      let errors = here.map { JSONValue.object([("code", .string($0.code)), ("message", .string($0.message))]) }
      members.append(("_errors", .array(errors)))
    }
    let deeper = faults.filter { $0.path.count > depth }
    var names: [String] = []
    for fault in deeper where !names.contains(fault.path[depth]) { names.append(fault.path[depth]) }
    for name in names { members.append((name, tree(deeper.filter { $0.path[depth] == name }, depth: depth + 1))) }
    return .object(members)
  }

  private static func problem(_ answer: AnswerPlan.Answer, _ faults: [DiscordRules.Fault]) -> String {
    if answer.status == 429 { return "rate limited" }
    guard let fault = faults.first else { return "answered \(answer.status)" }
    return "\(fault.path.joined(separator: ".")): \(fault.message)" + (faults.count > 1 ? " …" : "")
  }
}
