import EventModel
import Foundation
import GRDB
import Store
import Testing

@testable import StoreSQL
@testable import StoreSQLite

/// A person whose every text is unmistakable, and what becomes of her events.
private struct Marked {
  static let id = "mk-id-zq@example.com"
  static let now = Timestamp(seconds: 1_800_000_000)

  /// What must be nowhere afterwards; each was in the files before.
  static let markers = [
    id, "MkDisplay", "MkGiven", "MkFamily", "MkNick", "mk-locale", "Mk/Zone", "1877-11-03", "mk-address@example.com",
    "MkAttribute", "MkEarlier", "MkDefinition", "mk-schedule-zq", "mk-deleted-zq", "MkReason", "MkException",
    "MkRendered", "mk-carry", "MkLetter", "mk-quoted@example.com", "mk-external", "mk-idempotency", "MkDiscarded",
  ]

  static func user(_ round: Int) -> User {
    User(
      namespace: "default", id: id, displayName: round == 0 ? "MkEarlier" : "MkDisplay \(round)", givenName: "MkGiven",
      familyName: "MkFamily", nickname: "MkNick", locale: "mk-locale", timeZone: "Mk/Zone",
      dates: ["birth": "1877-11-03"], addresses: ["email": "mk-address@example.com"],
      attributes: ["team": String(repeating: "MkAttribute ", count: round * 20)])
  }

  static func schedule(_ id: String, _ round: Int = 0) -> Schedule {
    Schedule(
      namespace: "default", id: id, userID: Self.id, eventType: "birthday",
      definitionJSON: #"{"note":"MkDefinition \#(round)"}"#, startAt: now)
  }
}

extension SQLiteStore {
  fileprivate func put(_ changes: Change...) async throws {
    _ = try await commit(changes, actor: .agent, dryRun: false, now: Marked.now)
  }

  fileprivate func plan(_ id: String, _ keys: [String], in time: TimeSpan = .zero) async throws -> ScheduleNumber {
    let items = try await schedulesToPlan(dueBefore: Timestamp(microseconds: .max), limit: 5_000)
    let item = try #require(items.first { $0.id == id })
    let due = Marked.now + time
    let events = keys.map { PlannedEvent(key: $0, dueAt: due, runAt: due, timeZone: "Asia/Tokyo", queue: "critical") }
    _ = try await commitPlan(
      [
        SchedulePlan(
          schedule: item.schedule, planRevision: item.planRevision, cursor: nil, nextDue: due + .hours(9_000),
          events: events)
      ], now: Marked.now)
    return item.schedule
  }

  fileprivate func take(_ lease: AgentLease) async throws -> [LoadedEvent] {
    var rows: [LoadedEvent] = []
    for bucket in try await claim(ClaimRequest(lease: lease, capacity: [("critical", 10_000)]), now: Marked.now) {
      rows += try await load(bucket.id, lease: lease, now: Marked.now)
    }
    return rows
  }

  /// Other people around her, so that pages are split, laid out anew and freed again.
  fileprivate func crowd(_ range: Range<Int>, text: Int) async throws {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: 200) {
      let changes = (first..<min(first + 200, range.upperBound)).flatMap { number -> [Change] in
        let id = "other-\(number &* 7_919 % 10_007)@example.com"
        let user = User(
          namespace: "default", id: id, displayName: String(repeating: "o", count: number % 90 + text),
          timeZone: "Asia/Tokyo")
        return [.putUser(user, .none)]
      }
      _ = try await commit(changes, actor: .agent, dryRun: false, now: Marked.now)
    }
  }

  /// Her life in the store, through every table that can say something of her.
  fileprivate func live() async throws -> [ScheduleNumber] {
    try await put(.putSink(Sink(namespace: "default", name: "hook", plugin: "webhook", configurationJSON: "{}"), .none))
    for round in 0..<5 {
      try await put(.putUser(Marked.user(round), .none), .putSchedule(Marked.schedule("mk-schedule-zq", round), .none))
      try await crowd(round * 400..<(round + 1) * 400, text: round * 30)
    }
    try await put(.putSchedule(Marked.schedule("mk-deleted-zq"), .none))
    let deleted = try await plan("mk-deleted-zq", ["2027-01-14"])
    try await put(
      .deleteSchedule(namespace: "default", id: "mk-deleted-zq", .none),
      .putException(
        namespace: "default", schedule: "mk-schedule-zq",
        OccurrenceException(key: "2028-01-15", action: .skip, reason: "MkException")))
    let number = try await plan(
      "mk-schedule-zq", ["2027-01-15", "2027-01-16", "2027-01-17", "2027-01-18", "2027-01-19", "2027-01-20"])
    try await send()
    let one = OneOff(
      schedule: Marked.schedule("mk-schedule-zq-one"),
      event: PlannedEvent(
        key: "mk-idempotency", dueAt: Marked.now, runAt: Marked.now, timeZone: "UTC", queue: "low"),
      idempotencyKey: "mk-idempotency")
    let answer = try await submit([one], owner: nil, now: Marked.now)
    guard case .created(let identity) = answer.submissions.first else {
      throw StoreError(.unknown, "expected an event, found \(answer.submissions)")
    }
    _ = try await cancel(identity, reason: "MkReason", actor: .agent, now: Marked.now)
    return [deleted, number, identity.schedule]
  }

  /// One delivered, two retried, two dead of which one is discarded, one still under way with a command about it.
  private func send() async throws {
    let lease = try await openAgent(name: "one", version: "1", leaseFor: .hours(1), now: Marked.now)
    let rows = try await take(lease).filter { $0.scheduleID == "mk-schedule-zq" }
    func receipt(_ row: LoadedEvent, _ outcome: Outcome) -> Receipt {
      Receipt(
        ref: row.ref, identity: row.identity, sink: SinkNumber(rawValue: 1), attempt: 1, hop: 0, outcome: outcome,
        closes: true, code: "smtp-550", detail: "550 no such user <mk-quoted@example.com>",
        externalID: "mk-external", startedAt: Marked.now, doneAt: Marked.now)
    }
    func retry(_ row: LoadedEvent) -> Receipt {
      var retried = receipt(row, .retry)
      retried.followUp = FollowUp(
        runAt: Marked.now + .hours(1), dueAt: row.dueAt, queue: row.queue, attempt: 2, hop: 0,
        sink: SinkNumber(rawValue: 1), rendered: Message(title: "MkRendered", text: Self.long("MkRendered")),
        carry: "mk-carry")
      return retried
    }
    func dead(_ row: LoadedEvent) -> Receipt {
      var dead = receipt(row, .dead)
      dead.deadMessage = Message(title: "MkLetter", text: Self.long("MkLetter"), html: "<b>MkLetter</b>")
      return dead
    }
    _ = try await record(
      [receipt(rows[0], .delivered), retry(rows[1]), retry(rows[2]), dead(rows[3]), dead(rows[4])], lease: lease,
      now: Marked.now)
    _ = try await cancel(rows[5].identity, reason: "MkReason", actor: .agent, now: Marked.now)
    let letters = try await deadLetters(
      namespace: "default", filter: DeadLetterFilter(), page: PageRequest(size: 10)
    ).items
    try await put(.discardDeadLetter(namespace: "default", id: letters[0].id, reason: "MkDiscarded"))
  }

  /// Longer than a page, so that it takes overflow pages.
  private static func long(_ word: String) -> String { String(repeating: word + " ", count: 600) }

  fileprivate func erase(_ user: String = Marked.id) async throws -> Erasure {
    try await erase(
      namespace: "default", user: user, .none, actor: Actor(name: "unix:1000"), dryRun: false, now: Marked.now)
  }
}

@Suite struct ErasureTests {
  @Test("no file of the store holds anything of an erased person, now or after it is opened again")
  func bytes() async throws {
    let folder = try Folder()
    var store = try await SQLiteStore.open(path: folder.file)
    let numbers = try await store.live()
    for marker in Marked.markers {
      #expect(try !folder.found([marker]).isEmpty, "\(marker) should be there before")
    }
    let erasure = try await store.erase()
    #expect(erasure.schedules == numbers.count && erasure.deadLetters == 1 && erasure.messages == 2)
    #expect(erasure.owned == 2)
    #expect(try folder.found(Marked.markers) == [])
    #expect(try folder.files()["store.db-wal"]?.count ?? 0 < 64 * 1_024)
    try await store.crowd(0..<400, text: 50)
    await store.close()
    #expect(try folder.found(Marked.markers) == [])
    store = try await SQLiteStore.open(path: folder.file, options: .init(checksIntegrity: true))
    #expect(try folder.found(Marked.markers) == [])
    let other = try await store.user(namespace: "default", id: "other-7919@example.com")
    #expect(other.displayName == String(repeating: "o", count: 51))
    let check = try await store.check(from: Marked.now - .hours(1), to: Marked.now + .hours(2))
    #expect(check.lost == 0 && check.closedTwice == 0 && check.rows == 10)
    await store.close()
  }

  @Test("an owner that records after the erasure brings nothing back")
  func recordedLate() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    try await store.put(.putUser(Marked.user(1), .none), .putSchedule(Marked.schedule("mk-schedule-zq"), .none))
    _ = try await store.plan("mk-schedule-zq", ["2027-01-15"])
    let lease = try await store.openAgent(name: "one", version: "1", leaseFor: .hours(1), now: Marked.now)
    let row = try #require(try await store.take(lease).first)
    _ = try await store.erase()
    let dead = Receipt(
      ref: row.ref, identity: row.identity, sink: .all, attempt: 1, hop: 0, outcome: .dead, closes: true,
      detail: "mk-quoted@example.com", externalID: "mk-external", doneAt: Marked.now,
      deadMessage: Message(title: "MkLetter", text: "MkLetter"))
    _ = try await store.record([dead], lease: lease, now: Marked.now)
    #expect(try folder.found(Marked.markers) == [])
    await store.close()
    #expect(try folder.found(Marked.markers) == [])
  }

  @Test("copies that SQLite left behind when it moved rows are gone too", arguments: 0..<3)
  func copies(_ seed: Int) async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    let people = (0..<1_500).map { "mk-\($0 &* 7_919 % 9_973)-\(seed)-\(UUID().uuidString)@example.com" }
    func put(_ part: [String]) async throws {
      for first in stride(from: 0, to: part.count, by: 500) {
        let changes = part[first..<min(first + 500, part.count)].map { id in
          let name = String(repeating: "\(id.uppercased()) ", count: Int.random(in: 1...12))
          return Change.putUser(User(namespace: "default", id: id, displayName: name), .none)
        }
        _ = try await store.commit(changes, actor: .agent, dryRun: false, now: Marked.now)
      }
    }
    try await put(people)
    try await put(people.shuffled().prefix(700).map(\.self))
    let gone = Array(people.shuffled().prefix(300))
    // All but the last one without overwriting: what they leave is the last one's to clean up.
    _ = try await store.commit(
      gone.dropLast().map { .deleteUser(namespace: "default", id: $0, .none) }, actor: .agent, dryRun: false,
      now: Marked.now)
    try await store.write(.change, rows: 1) { _ in }
    _ = try await store.erase(try #require(gone.last))
    let file = try #require(try folder.files()["store.db"])
    for id in gone {
      #expect(!file.holds(id) && !file.holds(id.uppercased()), "\(id)")
    }
    await store.close()
    let again = try await SQLiteStore.open(path: folder.file, options: .init(checksIntegrity: true))
    for id in people where !gone.contains(id) {
      #expect(try await again.user(namespace: "default", id: id).displayName.contains(id.uppercased()))
    }
    await again.close()
  }

  @Test("a reader that keeps an old state is waited for, told of, and the bytes go as soon as it ends")
  func heldByReader() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file, options: .init(eraseWait: .milliseconds(300)))
    try await store.put(.putUser(Marked.user(1), .none))
    let reader = try DatabasePool(path: folder.file)
    let snapshot = try reader.makeSnapshot()
    _ = try await snapshot.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM user") }
    await #expect { _ = try await store.erase() } throws: { ($0 as? StoreError)?.code == .unknown }
    await #expect(throws: StoreError.self) { try await store.user(namespace: "default", id: Marked.id) }
    #expect(try !folder.found([Marked.id]).isEmpty, "the reader's state must be there while it reads")
    await #expect { _ = try await store.erase() } throws: { ($0 as? StoreError)?.code == .unknown }
    // Others go on meanwhile.
    try await store.put(.putUser(User(namespace: "default", id: "bob"), .none))
    try snapshot.close()
    try reader.close()
    await #expect { _ = try await store.erase() } throws: { ($0 as? StoreError)?.code == .notFound }
    #expect(try folder.found(Marked.markers) == [])
    await store.close()
  }

  @Test("what a crash left to overwrite is overwritten at the next opening, or by upkeep", arguments: [true, false])
  func owed(_ reopens: Bool) async throws {
    let folder = try Folder()
    var store = try await SQLiteStore.open(path: folder.file)
    _ = try await store.live()
    // As a crash right after the transaction leaves it.
    try await store.write(.change, rows: 1) { session in
      _ = try session.erase("default", Marked.id, .none, actor: .agent, dryRun: false, now: Marked.now)
    }
    #expect(try !folder.found(Marked.markers).isEmpty)
    if reopens {
      await store.close()
      store = try await SQLiteStore.open(path: folder.file)
    } else {
      _ = try await store.dropHistory(before: Marked.now - .hours(1), deadLettersBefore: Marked.now - .hours(1))
    }
    #expect(try folder.found(Marked.markers) == [])
    #expect(try await store.read { try $0.counter(.scrubOwed) } == 0)
    await store.close()
  }

  @Test("the audit names an erased person by number, and keeps no reason that was about it")
  func audit() async throws {
    let folder = try Folder()
    let store = try await SQLiteStore.open(path: folder.file)
    _ = try await store.live()
    _ = try await store.erase()
    let records = try await store.read { session in
      try session.query("SELECT actor, action, resource, reason FROM audit ORDER BY id").all {
        [$0.text(0), $0.text(1), $0.text(2), $0.text(3)].joined(separator: " ")
      }
    }
    #expect(records.last == "unix:1000 user.erase default/user#1 ")
    #expect(records.contains { $0.hasPrefix("agent dead-letter.discard default/dead-letter#") })
    #expect(!records.contains { $0.contains("@") || $0.contains("Mk") || $0.contains("mk-") })
    await store.close()
  }
}
