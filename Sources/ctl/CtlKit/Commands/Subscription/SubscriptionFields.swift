import ArgumentParser
import ControlAPI
import SwiftProtobuf

/// The fields of a subscription on the command line.
struct SubscriptionFields: ParsableArguments {
  @Option(name: [.customLong("event-type"), .customLong("type")], help: "Event type, or * for all.") var type: String?
  @Option(help: "The sink that gets them.") var sink: String?
  @Option(help: "user=ID, schedule=ID, queue=ID or attributes.NAME=value; repeatable, all must match.")
  var filter: [PairArgument] = []
  @Option(help: "What must hold as well, such as 'user.locale == \"de\"'; empty: nothing.") var condition: String?
  @Option(help: "Hold deliveries back in these hours where the user lives: 22:00-07:30.") var quiet: String?
  @Option(help: "Gather the events of a user for so long into one message: 1h.") var digest: TimeSpan?
  @Option(help: "Send a digest at once when it has so many events.") var digestMax: Int32?

  func apply(to subscription: inout Carillon_V1_Subscription, _ session: Session) throws(CtlError) -> FieldPaths {
    var fields = FieldPaths()
    try fields.set("event_type", type) { subscription.eventType = $0 }
    try fields.set("sink", sink) { id throws(CtlError) in subscription.sink = try session.name(.sinks, id) }
    let pairs = filter.isEmpty ? nil : filter
    try fields.set("filter", pairs) { pairs in for pair in pairs { subscription.filter[pair.name] = pair.value } }
    try fields.set("condition", condition) { subscription.condition = $0 }
    try fields.set("quiet_hours", quiet) { text throws(CtlError) in
      let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else {
        throw CtlError(.invalidArgument, "--quiet: must be two times such as 22:00-07:30, not \"\(text)\"")
      }
      (subscription.quietHours.from, subscription.quietHours.until) = (parts[0], parts[1])
    }
    try fields.set("digest", digest) { subscription.digest.window = Google_Protobuf_Duration($0) }
    if let digestMax {
      guard digest != nil else { throw CtlError(.invalidArgument, "--digest-max: needs --digest") }
      subscription.digest.maxEvents = digestMax
    }
    return fields
  }
}
