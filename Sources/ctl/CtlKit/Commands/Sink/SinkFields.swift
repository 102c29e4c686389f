import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// The fields of a sink on the command line.
struct SinkFields: ParsableArguments {
  @Option(help: "The plugin's configuration, as JSON or @FILE; replaces it as a whole.") var config: String?
  @Option(help: "path=value in the configuration, a text unless it is JSON; repeatable.") var set: [PairArgument] = []
  @Option(help: "Send to each user's address of this kind, such as webhook.") var addressKind: String?
  @Option(help: "Sends at a time from one agent.") var maxInFlight: Int32?
  @Option(help: "When no answer came: resend or park.") var onUnknown: String?
  @OptionGroup(title: "Limits") var limits: SinkLimitFields

  func apply(to sink: inout Carillon_V1_Sink) throws(CtlError) -> FieldPaths {
    var fields = FieldPaths()
    if config != nil || !set.isEmpty {
      let value = try ObjectArgument.read(config, set, field: "--config")
      try fields.set("configuration", value) { sink.configuration = $0 }
    }
    try fields.set("address_kind", addressKind) { sink.addressKind = $0 }
    try fields.set("max_in_flight", maxInFlight) { sink.maxInFlight = $0 }
    try fields.set("on_unknown", onUnknown) { text throws(CtlError) in
      sink.onUnknown = try EnumText.value(text, "--on-unknown")
    }
    try limits.apply(to: &sink, &fields)
    return fields
  }
}

/// The limits of a sink and of its endpoints.
struct SinkLimitFields: ParsableArguments {
  @Option(help: "Sends a second, of the fleet; 0: unlimited.") var rate: Double?
  @Option(help: "Deliveries that wait for it in memory; the rest is deferred.") var maxWaiting: Int32?
  @Option(help: "So many 401, 403 or 404 in a row disable it; 0: none do.") var disableAfter: Int32?
  @Option(help: "Failures of a hundred calls that open its circuit; 0: it never opens.") var breakerPercent: Int32?
  @Option(help: "How long the circuit stays open at first.") var breakerWait: TimeSpan?
  @Option(help: "Sends at a time to one user's address.") var endpointMaxInFlight: Int32?
  @Option(help: "Sends a second to one user's address; 0: unlimited.") var endpointRate: Double?
  @Option(help: "As --breaker-percent, of one user's address.") var endpointBreakerPercent: Int32?

  func apply(to sink: inout Carillon_V1_Sink, _ fields: inout FieldPaths) throws(CtlError) {
    try fields.set("limits.rate_per_second", rate) { if $0 > 0 { sink.limits.ratePerSecond = $0 } }
    try fields.set("limits.max_waiting", maxWaiting) { sink.limits.maxWaiting = $0 }
    try fields.set("limits.disable_after", disableAfter) { sink.limits.disableAfter = $0 }
    try fields.set("limits.breaker.failure_percent", breakerPercent) { sink.limits.breaker.failurePercent = $0 }
    try fields.set("limits.breaker.first_wait", breakerWait) {
      sink.limits.breaker.firstWait = Google_Protobuf_Duration($0)
    }
    try fields.set("limits.endpoint.max_in_flight", endpointMaxInFlight) { sink.limits.endpoint.maxInFlight = $0 }
    try fields.set("limits.endpoint.rate_per_second", endpointRate) {
      if $0 > 0 { sink.limits.endpoint.ratePerSecond = $0 }
    }
    try fields.set("limits.endpoint.breaker.failure_percent", endpointBreakerPercent) {
      sink.limits.endpoint.breaker.failurePercent = $0
    }
  }
}
