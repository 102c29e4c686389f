package import EventModel
package import Store

/// What one-offs refer to and may meet, looked up for a whole batch before any of them is made.
package struct OneOffLookup: Sendable {
  /// A name of a namespace, as callers write it.
  package struct Name: Hashable, Sendable {
    package var namespace: String
    package var id: String

    package init(_ namespace: String, _ id: String) {
      self.namespace = namespace
      self.id = id
    }
  }

  /// What makes a repeated call the same call.
  package struct Key: Hashable, Sendable {
    package var namespace: String
    package var eventType: String
    package var key: String

    package init(_ oneOff: OneOff) {
      namespace = oneOff.schedule.namespace
      eventType = oneOff.schedule.eventType
      key = oneOff.idempotencyKey
    }
  }

  /// Namespaces that there are.
  package var namespaces: [String: Int64] = [:]
  /// Events that were made with the same keys before.
  package var identities: [Key: EventIdentity] = [:]
  /// Users that there are.
  package var users: [Name: Int64] = [:]
  /// Sinks that there are.
  package var sinks: [Name: SinkNumber] = [:]
  /// Schedules that have the names already.
  package var schedules: Set<Name> = []

  package init() {}
}

/// A one-off that is to be made: everything it names exists.
package struct NewOneOff: Sendable {
  package var oneOff: OneOff
  package var namespace: Int64
  package var user: Int64?
}

extension SQLDialect {
  /// What one-offs refer to, row by row.
  package func lookUp(_ oneOffs: [OneOff], in session: Session) throws -> OneOffLookup {
    var found = OneOffLookup()
    for oneOff in oneOffs {
      let (name, schedule) = (oneOff.schedule.namespace, oneOff.schedule)
      guard let namespace = try found.namespaces[name] ?? session.namespace(name) else { continue }
      found.namespaces[name] = namespace
      found.identities[.init(oneOff)] = try session.query(
        "SELECT schedule, occurrence FROM idempotency WHERE namespace = ? AND event_type = ? AND key = ?"
      ).first(namespace, schedule.eventType, oneOff.idempotencyKey) {
        EventIdentity(schedule: ScheduleNumber(rawValue: $0.int64(0)), key: $0.text(1))
      }
      if let user = schedule.userID { found.users[.init(name, user)] = try session.userNumber(namespace, user) }
      if let sink = oneOff.sink {
        found.sinks[.init(name, sink)] = try session.findSink(namespace, name, sink)?.number
      }
      if try session.scheduleNumber(namespace, schedule.id) != nil { found.schedules.insert(.init(name, schedule.id)) }
    }
    return found
  }

  /// Makes their schedules, which have ended already, row by row; answers the numbers, in order.
  package func make(_ oneOffs: [NewOneOff], now: Timestamp, in session: Session) throws -> [ScheduleNumber] {
    try oneOffs.map { new in
      var ended = new.oneOff.schedule
      ended.state = .ended
      let number = try session.insertSchedule(
        ended, namespace: new.namespace, user: new.user, isOneOff: true, lookAt: nil, now: now)
      try session.query(
        "INSERT INTO idempotency (namespace, event_type, key, schedule, occurrence) VALUES (?, ?, ?, ?, ?)"
      ).run(new.namespace, ended.eventType, new.oneOff.idempotencyKey, number, new.oneOff.event.key)
      return number
    }
  }
}
