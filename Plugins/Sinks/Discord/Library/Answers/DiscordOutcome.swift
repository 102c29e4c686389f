import HTTPTransport
import PluginKit0

/// What an answer, or the lack of one, means for a message and the events in it. Pure: the table of the delivery rules.
///
/// `docs/sinks/discord.md` has the same table for people; a test holds them together.
enum DiscordOutcome: String, Sendable, CaseIterable {
  /// 2xx: the message stands in the channel.
  case delivered
  /// 400 that names embeds: those are refused, the others are sent again without them.
  case refusedEmbeds = "refused-embeds"
  /// 400 or 413 that names none: with several events in the message each half is sent alone, until the one is found.
  case refused
  /// 401, 403.
  case denied
  /// 404, codes 10015 and 50027.
  case gone
  /// 408, 425, 5xx.
  case failing
  /// 429.
  case limited
  /// 429 for everything that this address sends.
  case limitedOverall = "limited-overall"
  /// 3xx.
  case redirected
  /// Any other 4xx.
  case other
  /// No answer, and not all of the message was sent.
  case unsent
  /// No answer to a message that was sent.
  case unanswered
  /// The address is one that may not be reached.
  case addressRefused = "address-refused"
  /// The host asked to cancel before it was sent.
  case cancelled

  /// Codes that say that a webhook is gone: Unknown Webhook, Invalid Webhook Token.
  private static let goneCodes: Set<Int64> = [10_015, 50_027]

  /// What an answer is.
  init(_ answer: DiscordAnswer) {
    if !(200...299).contains(answer.status), answer.code.map(Self.goneCodes.contains) ?? false {
      self = .gone
      return
    }
    self =
      switch answer.status {
      case 200...299: .delivered
      case 400: answer.faults.contains { $0.embed != nil } ? .refusedEmbeds : .refused
      case 413: .refused
      case 401, 403: .denied
      case 404: .gone
      case 429: answer.rates.scope == .everything ? .limitedOverall : .limited
      case 408, 425, 500...: .failing
      case 300...399: .redirected
      default: .other
      }
  }

  /// What a failure is. A message that was sent in full may stand in the channel.
  init(_ failure: HTTPFailure) {
    self =
      switch failure.reason {
      case .addressRefused: .addressRefused
      case _ where failure.requestSent: .unanswered
      case .cancelled: .cancelled
      default: .unsent
      }
  }

  /// How it ends an event's attempt.
  ///
  /// - Parameter isOwnAddress: whether the address is the configuration's, so that its end is the sink's end.
  func outcome(isOwnAddress: Bool) -> Outcome {
    switch self {
    case .delivered: .delivered
    case .refusedEmbeds, .refused, .denied, .other, .addressRefused: .permanent
    case .gone: isOwnAddress ? .sinkDisabled : .endpointDisabled
    case .failing, .redirected, .unsent: .retry
    case .limited, .limitedOverall: .throttled
    case .unanswered: .unknown
    case .cancelled: .cancelled
    }
  }

  /// Whether the message may stand in the channel all the same: then what was in it comes back as the same message.
  var isAmbiguous: Bool { self == .failing || self == .unanswered }

  /// The result's code.
  func code(_ answer: DiscordAnswer) -> String {
    switch self {
    case .limitedOverall: "http-429-global"
    case .denied: "endpoint-fault-\(answer.status)"
    case .refused, .refusedEmbeds, .other, .gone:
      answer.code.map { $0 > 0 ? "discord-\($0)" : "http-\(answer.status)" } ?? "http-\(answer.status)"
    default: "http-\(answer.status)"
    }
  }

  /// The result's code without an answer.
  func code(_ failure: HTTPFailure) -> String {
    self == .unanswered ? "no-answer-\(failure.reason.rawValue)" : failure.reason.rawValue
  }

  /// For people, when Discord has no words of its own.
  func detail(_ answer: DiscordAnswer) -> String {
    switch self {
    case .gone: "Discord says that this webhook is gone"
    case .limited, .limitedOverall: "Discord asks to wait"
    case .redirected: "redirects are not followed"
    default: answer.faults.first { $0.embed == nil }?.shown ?? answer.words
    }
  }
}
