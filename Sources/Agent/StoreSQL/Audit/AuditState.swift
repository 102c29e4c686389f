import EventModel
import Store

/// What a change is about, as it stands before or after it.
struct AuditState {
  var fields: AuditFields
  /// The person whom it is about.
  var person: Int64?
}

extension Session {
  /// What a change is about, as it stands now; nil when it does not exist, or nothing is kept of it.
  func auditState(of change: Change) throws -> AuditState? {
    switch change {
    case .putUser(let user, _), .importUser(let user, _): try userState(user.namespace, user.id)
    case .deleteUser(let namespace, let id, _): try userState(namespace, id)
    case .putSchedule(let schedule, _): try scheduleState(schedule.namespace, schedule.id)
    case .deleteSchedule(let namespace, let id, _): try scheduleState(namespace, id)
    case .putException(let namespace, let schedule, let draft):
      try exceptionState(namespace, schedule, key: draft.key)
    case .deleteException(let namespace, let schedule, let key): try exceptionState(namespace, schedule, key: key)
    case .putSink(let sink, _): try state { try AuditFields(self.sink(sink.namespace, sink.name)) }
    case .deleteSink(let namespace, let name, _): try state { try AuditFields(self.sink(namespace, name)) }
    case .putSubscription(let draft, _):
      try state { try AuditFields(self.subscription(draft.namespace, draft.id)) }
    case .deleteSubscription(let namespace, let id, _):
      try state { try AuditFields(self.subscription(namespace, id)) }
    case .putQueue(let queue, _): try findQueue(queue.name).map { AuditState(fields: AuditFields($0)) }
    case .deleteQueue(let name, _, _): try findQueue(name).map { AuditState(fields: AuditFields($0)) }
    case .putTemplate(let draft, _): try state { try AuditFields(self.template(draft.namespace, draft.id)) }
    case .deleteTemplate(let namespace, let id, _): try state { try AuditFields(self.template(namespace, id)) }
    case .createToken(let token): try state { try AuditFields(self.token(token.id)) }
    case .revokeToken(let id): try state { try AuditFields(self.token(id)) }
    case .createGrant(let grant): try state { try AuditFields(self.grant(grant.id)) }
    case .deleteGrant(let id): try state { try AuditFields(self.grant(id)) }
    case .createDenial(let denial): try state { try AuditFields(self.denial(denial.id)) }
    case .deleteDenial(let id): try state { try AuditFields(self.denial(id)) }
    case .enableEndpoint, .stopAll, .resumeAll, .replayDeadLetter, .discardDeadLetter: nil
    case .recordCertificate, .recordPlugin: nil
    }
  }

  private func state(_ read: () throws -> AuditFields) throws -> AuditState? {
    try present(read).map { AuditState(fields: $0) }
  }

  private func userState(_ namespace: String, _ id: String) throws -> AuditState? {
    guard let user = try present({ try self.user(namespace, id) }), let home = try self.namespace(namespace) else {
      return nil
    }
    return AuditState(fields: try AuditFields(user), person: try userNumber(home, id))
  }

  private func scheduleState(_ namespace: String, _ id: String) throws -> AuditState? {
    guard let schedule = try present({ try self.schedule(namespace, id) }) else { return nil }
    return AuditState(fields: AuditFields(schedule), person: try person(of: schedule.number))
  }

  private func exceptionState(_ namespace: String, _ id: String, key: String) throws -> AuditState? {
    guard let schedule = try present({ try self.schedule(namespace, id) }),
      let exception = schedule.exceptions.first(where: { $0.key == key })
    else { return nil }
    return AuditState(fields: AuditFields(exception), person: try person(of: schedule.number))
  }

  private func present<Value>(_ read: () throws -> Value) throws -> Value? {
    do {
      return try read()
    } catch let error as StoreError where error.code == .notFound {
      return nil
    }
  }

  /// Puts into a record what changed between two states.
  func tell(_ applied: inout Applied, from before: AuditState?, to after: AuditState?) throws {
    applied.record.person = applied.record.person ?? after?.person ?? before?.person
    guard applied.result.effect != .unchanged else { return }
    if let before { applied.record.before = try auditText(before.fields.differing(from: after?.fields)) }
    if let after { applied.record.after = try auditText(after.fields.differing(from: before?.fields)) }
  }
}
