import EventModel
import Store

/// What the audit keeps of each kind of thing, field by field. Hidden is what tells who a person is, what is said to people,
/// and what may be or lead to a secret; open is what an administrator set. A token's digest is not kept at all.
extension AuditFields {
  init(_ user: User) throws {
    self.init([
      "display_name": .hidden(user.displayName),
      "given_name": .hidden(user.givenName),
      "family_name": .hidden(user.familyName),
      "nickname": .hidden(user.nickname),
      "locale": .hidden(user.locale),
      "time_zone": .hidden(user.timeZone),
      "dates": .hidden(try Self.map(user.dates)),
      "addresses": .hidden(try Self.map(user.addresses)),
      "attributes": .hidden(try Self.map(user.attributes)),
      "paused": .flag(user.paused),
    ])
  }

  init(_ schedule: Schedule) {
    self.init([
      "user": .hidden(schedule.userID ?? ""),
      "event_type": .text(schedule.eventType),
      "definition": .hidden(schedule.definitionJSON),
      "queue": .optional(schedule.queue),
      "time_zone": .optional(schedule.timeZone),
      "gap": .text("\(schedule.gap)"),
      "fold": .text("\(schedule.fold)"),
      "catch_up": .text(schedule.catchUp.map { "\($0.mode)" } ?? ""),
      "state": .text("\(schedule.state)"),
    ])
    if let window = schedule.catchUp?.window { self["catch_up_window_microseconds"] = .number(window.microseconds) }
  }

  init(_ exception: OccurrenceException) {
    self.init(["reason": .hidden(exception.reason)])
    switch exception.action {
    case .skip: self["action"] = .text("skip")
    case .move(let civil):
      self["action"] = .text("move")
      self["to"] = .text(
        "\(civil.year)-\(civil.month)-\(civil.day) \(civil.hour):\(civil.minute):\(civil.second), fold \(civil.fold)")
    }
  }

  /// Every configuration value is hidden: the store does not know which of them a plugin takes for a secret.
  init(_ sink: Sink) throws {
    self.init([
      "plugin": .text(sink.plugin),
      "configuration": .hidden(sink.configurationJSON),
      "address_kind": .optional(sink.addressKind),
      "max_in_flight": .number(Int64(sink.maximumInFlight)),
      "on_unknown": .text("\(sink.onUnknown)"),
      "disabled_reason": .optional(sink.disabledReason),
      "limits": .text(sink.limits == SinkLimits() ? "" : try JSONText.text(sink.limits)),
    ])
  }

  /// A filter or a condition may name a person.
  init(_ subscription: Subscription) throws {
    self.init([
      "event_type": .text(subscription.eventType),
      "sink": .text(subscription.sink),
      "filter": .hidden(try Self.map(subscription.filter)),
      "condition": .hidden(subscription.condition?.text ?? ""),
      "quiet_hours": .text(try subscription.quietHours.map { try JSONText.text($0) } ?? ""),
      "digest": .text(try subscription.digest.map { try JSONText.text($0) } ?? ""),
    ])
  }

  init(_ queue: Queue) {
    self.init([
      "priority": .number(Int64(queue.priority)),
      "reserve": .number(Int64(queue.reserve)),
      "weight": .number(Int64(queue.weight)),
      "batch": .number(Int64(queue.batch)),
      "send_deadline_microseconds": .number(queue.sendDeadline.microseconds),
      "retry_attempts": .number(Int64(queue.retry.attempts)),
      "retry_base_microseconds": .number(queue.retry.base.microseconds),
      "retry_cap_microseconds": .number(queue.retry.cap.microseconds),
      "expires_after_microseconds": .number(queue.expiresAfter.microseconds),
      "paused": .flag(queue.paused),
      "allowed_sinks": .texts(queue.allowedSinks),
    ])
    if let rate = queue.ratePerSecond { self["rate_per_second"] = .real(rate) }
  }

  init(_ template: MessageTemplate) {
    self.init([
      "event_type": .text(template.eventType),
      "locale": .text(template.locale),
      "sink": .text(template.sink),
      "title": .hidden(template.title),
      "text": .hidden(template.text),
      "html": .hidden(template.html),
    ])
  }

  init(_ token: AccessToken) {
    self.init([
      "role": .text(token.role.rawValue),
      "namespace": .optional(token.namespace),
      "expire_time": .text(token.expiresAt.text),
      "description": .text(token.description),
      "revoke_time": .text(token.revokedAt?.text ?? ""),
    ])
  }

  init(_ grant: Grant) {
    self.init([
      "identity": .text(grant.identity),
      "role": .text(grant.role.rawValue),
      "namespace": .optional(grant.namespace),
    ])
  }

  init(_ denial: Denial) {
    self.init(["reason": .text(denial.reason)])
    switch denial.subject {
    case .certificate(let digest): self["certificate_sha256"] = .text(digest.hexadecimal)
    case .identity(let identity): self["identity"] = .text(identity)
    }
  }

  init(_ plugin: PluginRecord.State) {
    self.init([
      "version": .text(plugin.version),
      "sha256": .text(plugin.sha256),
      "isolation": .text(plugin.isolation),
      "state": .text(plugin.state),
      "configuration": .hidden(plugin.configurationJSON),
    ])
  }

  private static func map(_ map: [String: String]) throws -> String { map.isEmpty ? "" : try JSONText.map(map) }
}
