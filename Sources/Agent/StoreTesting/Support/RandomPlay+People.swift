import EventModel
import Store

// What people do to everything, to dead letters, to single occurrences and to persons.
extension RandomPlay {
  /// Somebody for a new schedule, or nobody.
  mutating func person() async throws -> String? {
    guard Bool.random(using: &random) else { return nil }
    let id = "p-\(Int.random(in: 0..<4, using: &random))"
    try await scene.commit(.putUser(User(namespace: "default", id: id, displayName: id), .none), at: now)
    return id
  }

  mutating func stopOrResume() async throws {
    // Mostly going, so that the play goes on.
    if try await scene.store.stopOrder() == nil, Int.random(in: 0..<3, using: &random) == 0 {
      try await scene.commit(.stopAll(reason: "random"), at: now)
      let lease = try await scene.agent("watcher", at: now)
      try expectEqual(try await scene.claim(lease, at: now).count, 0, "buckets claimed while everything is stopped")
    } else {
      try await scene.commit(.resumeAll, at: now)
    }
  }

  mutating func replayOrDiscard() async throws {
    let letters = try await scene.letters()
    try expect(
      letters.allSatisfy { !erased.contains($0.identity.schedule) }, "a dead letter of an erased person is left")
    guard let letter = pick(letters) else { return }
    if Int.random(in: 0..<4, using: &random) == 0 {
      try await scene.commit(.discardDeadLetter(namespace: "default", id: letter.id, reason: ""), at: now)
      return
    }
    try await scene.replay(letter, at: now)
    // It is wanted again, whatever was said of it before.
    cancelled.remove(letter.identity)
    askedToCancel = askedToCancel.filter { $0.value != letter.identity }
  }

  mutating func except() async throws {
    guard schedules > 0 else { return }
    let id = "s-\(Int.random(in: 1...schedules, using: &random))"
    let exception = OccurrenceException(key: "k\(Int.random(in: 0...6, using: &random))", action: .skip)
    do {
      try await scene.commit(.putException(namespace: "default", schedule: id, exception), at: now)
    } catch let error as StoreError {
      // A one-off has the number, or its person was erased.
      try expectEqual(error.code, .notFound, "an exception's refusal")
    }
  }

  mutating func erase() async throws {
    guard Int.random(in: 0..<3, using: &random) == 0, let id = pick(people.keys.sorted()) else { return }
    let numbers = Set(people.removeValue(forKey: id) ?? [])
    let erasure = try await scene.erase(id, at: now)
    try expectEqual(erasure.schedules, numbers.count, "schedules erased with \(id)")
    erased.formUnion(numbers)
    // A one-off's key is its caller's, and gone; a series' are the ledger's.
    identities.removeAll { numbers.contains($0.schedule) && $0.key.hasPrefix("o-") }
    cancelled = cancelled.filter { !numbers.contains($0.schedule) }
    askedToCancel = askedToCancel.filter { !numbers.contains($0.value.schedule) }
  }
}
