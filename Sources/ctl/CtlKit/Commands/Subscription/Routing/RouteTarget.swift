import ControlAPI
import EventModel

/// How a sink gets an event, or why it does not.
struct RouteTarget: Sendable {
  enum Delivery: String, Sendable {
    case sent
    /// Later, when what is in the way is over.
    case waits
    /// In one message with others.
    case merged
    /// Closed without a send.
    case skipped
  }

  var sink: String
  /// The subscription that decides how: the first that names the sink.
  var subscription: String
  var delivery: Delivery
  var detail = ""

  /// Whether the event is sent to it, now or later.
  var isReached: Bool { delivery != .skipped }
}

/// What is known of an event's surroundings.
struct RouteScene: Sendable {
  var event: TestedEvent
  var person: TestedPerson?
  var queue: Carillon_V1_Queue?
  /// Nil: nothing is known of the schedule.
  var isSchedulePaused: Bool?
  /// When it falls due; milliseconds since 1970.
  var due: Int64

  /// The zone whose night its person sleeps in.
  private var quietZone: String {
    if let zone = person?.timeZone, !zone.isEmpty { return zone }
    return event.timeZone.isEmpty ? "UTC" : event.timeZone
  }

  /// In the order in which the agent looks at these things.
  /// - Parameter isGone: whether it is known that there is no such sink.
  func target(_ subscription: Subscription, _ sink: Carillon_V1_Sink?, isGone: Bool) -> RouteTarget {
    let (delivery, detail) = fate(subscription, sink, isGone: isGone)
    return RouteTarget(sink: subscription.sink, subscription: subscription.id, delivery: delivery, detail: detail)
  }

  private func fate(
    _ subscription: Subscription, _ sink: Carillon_V1_Sink?, isGone: Bool
  ) -> (RouteTarget.Delivery, String) {
    if person?.isPaused == true { return (.skipped, "its user is paused") }
    if isSchedulePaused == true { return (.skipped, "its schedule is paused") }
    if isGone { return (.skipped, "there is no such sink") }
    if let digest = subscription.digest, !event.isTest {
      let window = DurationText.text(milliseconds: digest.window.microseconds / 1_000)
      return (.merged, "into a digest, sent after \(window) or with \(digest.maximumEvents) events")
    }
    if let quiet = subscription.quietHours, !event.isTest, let end = quietEnd(quiet) {
      return (.waits, "until \(end) in \(quietZone): quiet hours")
    }
    guard let sink else { return (.sent, "nothing is known of the sink") }
    if !sink.addressKind.isEmpty, person?.address(sink.addressKind)?.isEmpty ?? true {
      return (.skipped, "the user has no address of kind \(sink.addressKind)")
    }
    if !sink.disabledReason.isEmpty { return (.waits, "the sink is disabled: \(sink.disabledReason)") }
    if queue?.paused == true { return (.waits, "its queue is paused") }
    return (.sent, "")
  }

  /// `07:30`, when the event falls due within them. A zone that cannot be read has no night, as in the agent.
  private func quietEnd(_ quiet: QuietHours) -> String? {
    guard let clock = try? ZoneClock(named: quietZone) else { return nil }
    let seconds = due / 1_000 + clock.offsetSeconds(milliseconds: due)
    let minute = Int32((seconds % 86_400 + 86_400) % 86_400 / 60)
    return quiet.contains(minuteOfDay: minute) ? QuietHours.text(ofMinute: quiet.until) : nil
  }
}
