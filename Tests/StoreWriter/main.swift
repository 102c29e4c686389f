// Writes to a store as fast as it can, and prints a line for everything that the store acknowledged. The durability test
// kills it at a random moment and then looks for every line's event: `store-writer FILE FIRST`.

import EventModel
import Store
import StoreSQL
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

@Sendable func oneOff(_ id: String, user: String?) -> OneOff {
  let schedule = Schedule(
    namespace: "default", id: id, userID: user, eventType: "notification", definitionJSON: "{}", startAt: now)
  let event = PlannedEvent(key: id, dueAt: now, runAt: now, timeZone: "UTC", queue: "low")
  return OneOff(schedule: schedule, event: event, idempotencyKey: id)
}

/// Lets an event die, and replays its letter.
@Sendable func dieAndReplay(_ store: SQLiteStore, _ row: Receipt, _ lease: AgentLease) async throws {
  var dead = row
  dead.outcome = .dead
  dead.deadMessage = Message(title: "t", text: "t")
  _ = try await store.record([dead], lease: lease, now: now)
  let name = row.identity.text
  say("dead \(name)")
  let filter = DeadLetterFilter(userID: "user-\(row.identity.key)~")
  let letters = try await store.deadLetters(namespace: "default", filter: filter, page: PageRequest(size: 1)).items
  guard let letter = letters.first else { return say("failed: no letter of \(name)") }
  _ = try await store.commit(
    [.replayDeadLetter(namespace: "default", id: letter.id)], actor: .agent, dryRun: false, now: now)
  say("replayed \(name)")
}

/// Makes events one by one; records every other one, of which some die and are replayed, and erases some people.
@Sendable func run(_ store: SQLiteStore, _ lease: AgentLease, lane: Int, first: Int) async throws {
  for number in 0... {
    let id = "e-\(first)-\(lane)-\(number)"
    let hasPerson = number % 16 < 4
    let user = User(namespace: "default", id: "user-\(id)~", displayName: "person-\(id)~")
    if hasPerson { _ = try await store.commit([.putUser(user, .none)], actor: .agent, dryRun: false, now: now) }
    let answer = try await store.submit([oneOff(id, user: hasPerson ? user.id : nil)], owner: lease, now: now)
    guard case .created(let identity) = answer.submissions.first else { continue }
    say("made \(identity.text)")
    guard number.isMultiple(of: 2), let bucket = answer.owned.first else { continue }
    let receipt = Receipt(
      ref: EventRef(bucket: bucket.id, sequence: 0), identity: identity, sink: SinkNumber(rawValue: 1), attempt: 1,
      hop: 0, outcome: .delivered, closes: true, code: "ok", startedAt: now, doneAt: now)
    if number % 16 == 0 { try await dieAndReplay(store, receipt, lease) }
    if number % 64 == 2 {
      _ = try await store.erase(namespace: "default", user: user.id, .none, actor: .agent, dryRun: false, now: now)
      say("erased \(id)")
    }
    guard number % 16 > 3 else { continue }
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
  let sink = Sink(namespace: "default", name: "hook", plugin: "webhook", configurationJSON: "{}")
  _ = try await store.commit([.putSink(sink, .none)], actor: .agent, dryRun: false, now: now)
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
