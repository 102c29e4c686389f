import EventModel
import Store

extension Change {
  /// What it does and to what; ids only, no personal data.
  fileprivate var label: (action: String, resource: String) {
    switch self {
    case .putUser(let user, _): ("user.put", "\(user.namespace)/\(user.id)")
    case .deleteUser(let namespace, let id, _): ("user.delete", "\(namespace)/\(id)")
    case .putSchedule(let schedule, _): ("schedule.put", "\(schedule.namespace)/\(schedule.id)")
    case .deleteSchedule(let namespace, let id, _): ("schedule.delete", "\(namespace)/\(id)")
    case .putSink(let sink, _): ("sink.put", "\(sink.namespace)/\(sink.name)")
    case .deleteSink(let namespace, let name, _): ("sink.delete", "\(namespace)/\(name)")
    case .putSubscription(let subscription, _): ("subscription.put", "\(subscription.namespace)/\(subscription.id)")
    case .deleteSubscription(let namespace, let id, _): ("subscription.delete", "\(namespace)/\(id)")
    case .putQueue(let queue, _): ("queue.put", queue.name)
    case .deleteQueue(let name, _, _): ("queue.delete", name)
    default: ("", "")
    }
  }
}

extension Session {
  /// One record for a call: of a single change its name, of a batch how many there were. The digest covers every
  /// change's action, resource, effect and new revision, in order.
  func audit(
    _ actor: Actor, _ changes: some Sequence<(Change, ChangeResult)>, now: Timestamp
  ) throws {
    let lines = changes.filter { $0.1.effect != .unchanged }.map { change, result in
      let label = change.label
      return (label, "\(label.action) \(label.resource) \(result.effect.rawValue) \(result.revision)\n")
    }
    guard let first = lines.first else { return }
    let label = lines.count == 1 ? first.0 : (action: "batch", resource: "")
    try insertAudit(
      actor, label.action, label.resource, count: lines.count, digest: Digest.fnv1a(lines.map(\.1)), now: now)
  }

  func audit(_ actor: Actor, action: String, resource: String, now: Timestamp) throws {
    try insertAudit(actor, action, resource, count: 1, digest: Digest.fnv1a(["\(action) \(resource)\n"]), now: now)
  }

  private func insertAudit(
    _ actor: Actor, _ action: String, _ resource: String, count: Int, digest: String, now: Timestamp
  ) throws {
    try query("INSERT INTO audit (at, actor, action, resource, count, digest) VALUES (?, ?, ?, ?, ?, ?)")
      .run(now, actor.name, action, resource, count, digest)
  }
}

/// A short sum of an audit record's lines: it finds an accident or a mix-up, not a forger.
private enum Digest {
  static func fnv1a(_ lines: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in lines.lazy.flatMap(\.utf8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return "fnv1a:" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}
