import HTTPTransport
import PluginKit0

/// How a message ended, as far as its events are concerned.
struct DiscordVerdict: Sendable {
  let outcome: DiscordOutcome
  let code: String
  let detail: String
  /// The message's id, when there is one.
  var message = ""
  /// The wait that the other side named, in milliseconds.
  var wait: Int64?
  /// Discord's words for each embed that it refused, by its place.
  var refusals: [Int: String] = [:]

  init(_ outcome: DiscordOutcome, code: String, detail: String, wait: Int64? = nil) {
    self.outcome = outcome
    self.code = code
    self.detail = detail
    self.wait = wait
  }

  init(_ answer: DiscordAnswer) {
    let outcome = DiscordOutcome(answer)
    self.init(outcome, code: outcome.code(answer), detail: outcome.detail(answer), wait: answer.retryAfter)
    if answer.status == 429 { wait = answer.rates.wait }
    message = answer.message ?? ""
    for fault in answer.faults {
      if let place = fault.embed, refusals[place] == nil { refusals[place] = fault.shown }
    }
  }

  init(_ failure: HTTPFailure) {
    let outcome = DiscordOutcome(failure)
    self.init(outcome, code: outcome.code(failure), detail: failure.detail)
  }
}
