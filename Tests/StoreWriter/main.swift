// Writes to a store as fast as it can, and prints a line for everything that the store acknowledged. The durability test
// kills it at a random moment and then looks for every line's event: `store-writer FILE FIRST`.

import EventModel
import Store
import StoreSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

let now = Timestamp(seconds: 1_800_000_000)

/// One `write` a line: what the other side reads was acknowledged before.
@Sendable func say(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}

@Sendable func oneOff(_ id: String) -> OneOff {
  let schedule = Schedule(
    namespace: "default", id: id, userID: nil, eventType: "notification", definitionJSON: "{}", startAt: now)
  let event = PlannedEvent(key: id, dueAt: now, runAt: now, timeZone: "UTC", queue: "low")
  return OneOff(schedule: schedule, event: event, idempotencyKey: id)
}

/// Makes events one by one; records every other one.
@Sendable func run(_ store: SQLiteStore, _ lease: AgentLease, lane: Int, first: Int) async throws {
  for number in 0... {
    let id = "e-\(first)-\(lane)-\(number)"
    let answer = try await store.submit([oneOff(id)], owner: lease, now: now)
    guard case .created(let identity) = answer.submissions.first else { continue }
    say("made \(identity.text)")
    guard number.isMultiple(of: 2), let bucket = answer.owned.first else { continue }
    let receipt = Receipt(
      ref: EventRef(bucket: bucket.id, sequence: 0), identity: identity, sink: SinkNumber(rawValue: 1), attempt: 1,
      hop: 0, outcome: .delivered, closes: true, code: "ok", startedAt: now, doneAt: now)
    _ = try await store.record([receipt], lease: lease, now: now)
    say("done \(identity.text)")
  }
}

guard CommandLine.arguments.count == 3, let first = Int(CommandLine.arguments[2]) else {
  say("usage: store-writer FILE FIRST")
  exit(64)
}
do {
  let store = try await SQLiteStore.open(path: CommandLine.arguments[1])
  let lease = try await store.openAgent(name: "writer", version: "1", leaseFor: .hours(24), now: now)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for lane in 0..<8 {
      group.addTask { try await run(store, lease, lane: lane, first: first) }
    }
    try await group.waitForAll()
  }
} catch {
  say("failed \(error)")
  exit(1)
}
