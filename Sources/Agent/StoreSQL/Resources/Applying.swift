package import EventModel
package import Store

extension Session {
  /// Makes one change. Answers what became of it, and what the audit says.
  /// - Parameter isAlone: whether it is the only one of its call; then the audit says what changed about people too.
  package func apply(_ change: Change, isAlone: Bool = false, actor: Actor, now: Timestamp) throws -> Applied {
    do {
      guard isAlone || !change.isOfPeople else { return try make(change, actor: actor, now: now) }
      let before = try auditState(of: change)
      var applied = try make(change, actor: actor, now: now)
      try tell(&applied, from: before, to: try auditState(of: change))
      return applied
    } catch let error as ModelError {
      throw StoreError(error)
    }
  }

  private func make(_ change: Change, actor: Actor, now: Timestamp) throws -> Applied {
    switch change {
    case .putUser(let user, let precondition):
      try ofUser("user.put", user.namespace, put(user, precondition, now: now))
    case .importUser(let user, let precondition):
      try ofUser("user.put", user.namespace, put(user, precondition, keepsPause: true, now: now))
    case .deleteUser(let namespace, let id, let precondition):
      try ofUser("user.delete", namespace, deleteUser(namespace, id, precondition, now: now))
    case .putSchedule(let schedule, let precondition):
      try ofSchedule("schedule.put", schedule.namespace, put(schedule, precondition, now: now))
    case .deleteSchedule(let namespace, let id, let precondition):
      try ofSchedule("schedule.delete", namespace, deleteSchedule(namespace, id, precondition, now: now))
    case .putException(let namespace, let schedule, let draft):
      try ofSchedule("exception.put", namespace, put(draft, namespace, schedule, now: now), key: draft.key)
    case .deleteException(let namespace, let schedule, let key):
      try ofSchedule(
        "exception.delete", namespace, deleteException(namespace, schedule, key: key, now: now), key: key)
    case .putSink(let sink, let precondition):
      try Applied(put(sink, precondition), AuditRecord("sink.put", "\(sink.namespace)/\(sink.name)"))
    case .deleteSink(let namespace, let name, let precondition):
      try Applied(deleteSink(namespace, name, precondition), AuditRecord("sink.delete", "\(namespace)/\(name)"))
    case .enableEndpoint(let namespace, let sink, let user):
      try ofEndpoint(namespace, sink, enableEndpoint(namespace, sink: sink, user: user))
    case .putSubscription(let draft, let precondition):
      try Applied(put(draft, precondition), AuditRecord("subscription.put", "\(draft.namespace)/\(draft.id)"))
    case .deleteSubscription(let namespace, let id, let precondition):
      try Applied(
        deleteSubscription(namespace, id, precondition), AuditRecord("subscription.delete", "\(namespace)/\(id)"))
    case .putTemplate(let draft, let precondition):
      try Applied(put(draft, precondition), AuditRecord("template.put", "\(draft.namespace)/\(draft.id)"))
    case .deleteTemplate(let namespace, let id, let precondition):
      try Applied(deleteTemplate(namespace, id, precondition), AuditRecord("template.delete", "\(namespace)/\(id)"))
    case .putQueue(let queue, let precondition):
      try Applied(put(queue, precondition), AuditRecord("queue.put", queue.name))
    case .deleteQueue(let name, let target, let precondition):
      try Applied(deleteQueue(name, moveTo: target, precondition, now: now), AuditRecord("queue.delete", name))
    case .createToken(let draft):
      try Applied(create(draft, actor: actor, now: now), AuditRecord("token.create", draft.id))
    case .revokeToken(let id): try Applied(revokeToken(id, now: now), AuditRecord("token.revoke", id))
    case .createGrant(let draft):
      try Applied(create(draft, actor: actor, now: now), AuditRecord("grant.create", draft.id))
    case .deleteGrant(let id): try Applied(deleteGrant(id), AuditRecord("grant.delete", id))
    case .createDenial(let draft):
      try Applied(
        create(draft, actor: actor, now: now), AuditRecord("denial.create", draft.id, reason: draft.reason))
    case .deleteDenial(let id): try Applied(deleteDenial(id), AuditRecord("denial.delete", id))
    case .recordCertificate(let sha256, let identity, let expiresAt):
      try ofCertificate(sha256, identity, expiresAt)
    case .recordPlugin(let record): try ofPlugin(record)
    case .stopAll(let reason):
      try Applied(stopAll(reason: reason, actor: actor, now: now), AuditRecord("stop-all", "", reason: reason))
    case .resumeAll: try Applied(resumeAll(), AuditRecord("resume-all", ""))
    case .replayDeadLetter(let namespace, let id):
      try ofLetter("dead-letter.replay", namespace, id, replayDeadLetter(namespace, id, now: now))
    case .discardDeadLetter(let namespace, let id, let reason):
      try ofLetter(
        "dead-letter.discard", namespace, id, discardDeadLetter(namespace, id, reason: reason), reason: reason)
    }
  }

  private func ofUser(_ action: String, _ namespace: String, _ done: (result: ChangeResult, number: Int64)) -> Applied {
    Applied(done.result, AuditRecord(action, AuditRecord.user(namespace, done.number), person: done.number))
  }

  private func ofEndpoint(
    _ namespace: String, _ sink: String, _ done: (result: ChangeResult, number: Int64)
  ) -> Applied {
    Applied(
      done.result,
      AuditRecord("endpoint.enable", "\(namespace)/\(sink)/user#\(done.number)", person: done.number))
  }

  private func ofCertificate(_ sha256: String, _ identity: String, _ expiresAt: Timestamp) throws -> Applied {
    var record = AuditRecord("certificate.issue", sha256)
    record.after = try auditText(AuditFields(["identity": .text(identity), "expire_time": .text(expiresAt.text)]))
    return Applied(ChangeResult(effect: .created, revision: 0), record)
  }

  private func ofPlugin(_ done: PluginRecord) throws -> Applied {
    var record = AuditRecord("plugin.\(done.action.rawValue)", done.plugin, reason: done.reason)
    let before = done.before.map(AuditFields.init)
    let after = AuditFields(done.after)
    if let before { record.before = try auditText(before.differing(from: after)) }
    record.after = try auditText(after.differing(from: before))
    return Applied(ChangeResult(effect: done.before == nil ? .created : .updated, revision: 0), record)
  }

  private func ofSchedule(
    _ action: String, _ namespace: String, _ done: (result: ChangeResult, number: ScheduleNumber), key: String? = nil
  ) -> Applied {
    let schedule = AuditRecord.schedule(namespace, done.number)
    let resource = key.map { "\(schedule)/\($0)" } ?? schedule
    return Applied(done.result, AuditRecord(action, resource, schedule: done.number))
  }

  private func ofLetter(
    _ action: String, _ namespace: String, _ id: Int64, _ done: (result: ChangeResult, schedule: ScheduleNumber),
    reason: String = ""
  ) -> Applied {
    let resource = "\(namespace)/dead-letter#\(id)"
    return Applied(done.result, AuditRecord(action, resource, reason: reason, schedule: done.schedule))
  }
}
