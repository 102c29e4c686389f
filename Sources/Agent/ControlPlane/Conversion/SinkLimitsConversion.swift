import ControlAPI
import EventModel
import SwiftProtobuf

extension Carillon_V1_Sink.Limits {
  /// All of them, the usual ones too.
  init(_ limits: SinkLimits) {
    self.init()
    maxWaiting = limits.maximumWaiting
    if let rate = limits.ratePerSecond { ratePerSecond = rate }
    breaker = .init(limits.breaker)
    endpoint = .with {
      $0.maxInFlight = limits.endpoint.maximumInFlight
      $0.maxWaiting = limits.endpoint.maximumWaiting
      if let rate = limits.endpoint.ratePerSecond { $0.ratePerSecond = rate }
      $0.breaker = .init(limits.endpoint.breaker)
    }
    disableAfter = limits.disableAfter
  }

  private static let breakerFields = ["window", "min_calls", "failure_percent", "first_wait", "longest_wait"]

  /// The paths that an update can name, below `limits`.
  static let maskFields =
    ["max_waiting", "rate_per_second", "disable_after"] + breakerFields.map { "breaker.\($0)" }
    + ["endpoint.max_in_flight", "endpoint.max_waiting", "endpoint.rate_per_second"]
    + breakerFields.map { "endpoint.breaker.\($0)" }
}

extension Carillon_V1_Sink.Breaker {
  fileprivate init(_ rules: BreakerRules) {
    self.init()
    window = Google_Protobuf_Duration(rules.window)
    minCalls = rules.fewestCalls
    failurePercent = rules.failurePercent
    firstWait = Google_Protobuf_Duration(rules.firstWait)
    longestWait = Google_Protobuf_Duration(rules.longestWait)
  }
}

extension SinkLimits {
  /// Those of a message; what it leaves out is as usual.
  init(_ message: Carillon_V1_Sink.Limits) throws(ModelError) {
    self.init()
    for field in Carillon_V1_Sink.Limits.maskFields { try take(field, from: message) }
  }

  /// Takes one field, by its path below `limits`.
  mutating func take(_ path: String, from message: Carillon_V1_Sink.Limits) throws(ModelError) {
    let usual = SinkLimits()
    switch path {
    case "max_waiting": maximumWaiting = message.maxWaiting == 0 ? usual.maximumWaiting : message.maxWaiting
    case "rate_per_second": ratePerSecond = message.hasRatePerSecond ? message.ratePerSecond : nil
    case "disable_after": disableAfter = message.hasDisableAfter ? message.disableAfter : usual.disableAfter
    case "endpoint.max_in_flight":
      let wanted = message.endpoint.maxInFlight
      endpoint.maximumInFlight = wanted == 0 ? usual.endpoint.maximumInFlight : wanted
    case "endpoint.max_waiting":
      let wanted = message.endpoint.maxWaiting
      endpoint.maximumWaiting = wanted == 0 ? usual.endpoint.maximumWaiting : wanted
    case "endpoint.rate_per_second":
      endpoint.ratePerSecond = message.endpoint.hasRatePerSecond ? message.endpoint.ratePerSecond : nil
    case _ where path.hasPrefix("endpoint.breaker."):
      try endpoint.breaker.take(path, from: message.endpoint.breaker)
    case _ where path.hasPrefix("breaker."): try breaker.take(path, from: message.breaker)
    default: break
    }
  }
}

extension BreakerRules {
  fileprivate mutating func take(_ path: String, from message: Carillon_V1_Sink.Breaker) throws(ModelError) {
    let usual = BreakerRules()
    let field = "limits.\(path)"
    switch path.split(separator: ".").last {
    case "window": window = message.hasWindow ? try TimeSpan(message.window, field: field) : usual.window
    case "min_calls": fewestCalls = message.minCalls == 0 ? usual.fewestCalls : message.minCalls
    case "failure_percent":
      failurePercent = message.hasFailurePercent ? message.failurePercent : usual.failurePercent
    case "first_wait":
      firstWait = message.hasFirstWait ? try TimeSpan(message.firstWait, field: field) : usual.firstWait
    case "longest_wait":
      longestWait = message.hasLongestWait ? try TimeSpan(message.longestWait, field: field) : usual.longestWait
    default: break
    }
  }
}
