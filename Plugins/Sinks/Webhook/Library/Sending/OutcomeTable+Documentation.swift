import HTTPTransport
import PluginKit0

extension OutcomeTable {
  /// The tables as lines of Markdown, as they stand in the documentation.
  public static var documentation: [String] {
    statusRules.map(line) + failureRules.flatMap(lines)
  }

  /// What an outcome is called.
  static func words(_ outcome: Outcome) -> String {
    switch outcome {
    case .delivered: "delivered"
    case .retry: "tried again"
    case .permanent: "a dead letter"
    case .throttled: "tried again, no attempt used up"
    case .cancelled: "given back"
    case .endpointDisabled: "the endpoint is disabled"
    case .sinkDisabled: "the sink is disabled"
    case .unknown: "unknown"
    }
  }

  private static func line(_ rule: StatusRule) -> String {
    let statuses =
      rule.statuses == otherStatuses.statuses ? "any other 4xx" : rule.statuses.map(text).joined(separator: ", ")
    let outcome =
      switch rule.wait {
      case .ignored: words(rule.outcome)
      case .honoured: "\(words(rule.outcome)), not before `Retry-After`"
      case .throttles: "\(words(.throttled)), after `Retry-After`; without one as 503"
      }
    return "| \(statuses) | \(outcome) | `\(rule.codePrefix)STATUS` |"
  }

  private static func lines(_ rule: FailureRule) -> [String] {
    let code = rule.reason.rawValue
    guard rule.ifSent != rule.ifUnsent else { return ["| \(rule.words) | \(words(rule.ifUnsent)) | `\(code)` |"] }
    return [
      "| \(rule.words), before all was sent | \(words(rule.ifUnsent)) | `\(code)` |",
      "| \(rule.words), after that | \(words(rule.ifSent)) | `\(noAnswerPrefix)\(code)` |",
    ]
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    switch (range.lowerBound, range.upperBound) {
    case (let low, let high) where low == high: "\(low)"
    case (let low, 999): "\(low) and above"
    case (let low, let high) where low % 100 == 0 && high == low + 99: "\(low / 100)xx"
    case (let low, let high): "\(low), \(high)"
    }
  }
}
