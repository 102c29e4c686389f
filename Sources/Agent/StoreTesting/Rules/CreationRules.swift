import EventModel
import Store

extension Scene {
  fileprivate func create(
    _ change: Change, _ id: String = "r-1", content: String = "one", dryRun: Bool = false, at time: Timestamp? = nil
  ) async throws -> Creation {
    try await store.create(
      change, request: RequestID(id: id, content: Array(content.utf8)), actor: Actor(name: "test"), dryRun: dryRun,
      now: time ?? now)
  }
}

private func user(_ id: String, namespace: String = "default") -> Change {
  .putUser(User(namespace: namespace, id: id, displayName: id), .absent)
}

let creationRules: [ConformanceRule] = [
  ConformanceRule("the same request answers the same again, and changes nothing") { scene in
    let first = try await scene.create(user("ada"))
    try expectEqual(
      first, Creation(result: ChangeResult(effect: .created, revision: 1), id: "ada", isRepeated: false), "the first")
    var changed = try await scene.store.user(namespace: "default", id: "ada")
    changed.nickname = "A"
    try await scene.commit(.putUser(changed, .none))
    for _ in 0..<2 {
      let again = try await scene.create(user("ada"))
      try expectEqual(again, Creation(result: first.result, id: "ada", isRepeated: true), "again")
    }
    try expectEqual(try await scene.store.user(namespace: "default", id: "ada").nickname, "A", "what it is since")
    try await scene.commit(.deleteUser(namespace: "default", id: "ada", .none))
    try expect(try await scene.create(user("ada")).isRepeated, "expected it not to be made again")
    try await expectRefusal(.notFound, "the deleted user") {
      try await scene.store.user(namespace: "default", id: "ada")
    }
  },
  ConformanceRule("a request's first id counts, whatever a repetition's draft says") { scene in
    let subject = Denial.Subject.identity("dns:a.example.org")
    _ = try await scene.create(.createDenial(Denial(id: "made-1", subject: subject)))
    let again = try await scene.create(.createDenial(Denial(id: "made-2", subject: subject)))
    try expectEqual(again.id, "made-1", "id")
    try expectEqual(try await scene.accessList().denials.map(\.id), ["made-1"], "denials")
  },
  ConformanceRule("the same request id for another content is a conflict, and of another kind or namespace its own") {
    scene in
    _ = try await scene.create(user("ada"))
    try await expectRefusal(.conflict, "another content") { try await scene.create(user("bob"), content: "two") }
    var queue = Queue.standard[0]
    queue.name = "mine"
    try expect(try await !scene.create(.putQueue(queue, .absent)).isRepeated, "expected a queue of its own")
    try expect(try await !scene.create(user("ada", namespace: "other")).isRepeated, "expected a user of its own")
    try await expectRefusal(.alreadyExists, "another request for what exists") {
      try await scene.create(user("ada"), "r-2")
    }
    try expect(try await !scene.create(user("carl"), "r-2").isRepeated, "expected the failed request to be free")
  },
  ConformanceRule("what is done with a plugin is done once for each request id and run of an agent") { scene in
    let record = PluginRecord(action: .disable, plugin: "ring", before: nil, after: .init(state: "disabled"))
    func disable(_ scope: String, _ content: String = "one") async throws -> Creation {
      try await scene.store.create(
        .recordPlugin(record), request: RequestID(id: "r-1", content: Array(content.utf8), scope: scope),
        actor: Actor(name: "test"), dryRun: false, now: scene.now)
    }
    let first = try await disable("run-a")
    try expect(!first.isRepeated && first.id == "ring", "expected it to be recorded, not \(first)")
    try expect(try await disable("run-a").isRepeated, "expected the same run's to be known")
    try await expectRefusal(.conflict, "another content") { try await disable("run-a", "two") }
    try expect(try await !disable("run-b").isRepeated, "expected another run's to be its own")
    let records = try await scene.store.auditRecords(filter: AuditFilter(action: "plugin."), page: PageRequest(size: 9))
    try expectEqual(records.items.map(\.action), ["plugin.disable", "plugin.disable"], "records")
  },
  ConformanceRule("a request is remembered for a day, not by a dry run, and not when its person is erased") { scene in
    try expect(try await !scene.create(user("ada"), dryRun: true).isRepeated, "a dry run")
    try expect(try await !scene.create(user("ada")).isRepeated, "the first")
    let day = scene.now + .hours(24)
    _ = try await scene.store.expire(now: day - .seconds(1))
    try expect(try await scene.create(user("ada"), at: day - .seconds(1)).isRepeated, "within a day")
    try await expectRefusal(.alreadyExists, "a day later") { try await scene.create(user("ada"), at: day) }
    _ = try await scene.store.expire(now: day)
    _ = try await scene.create(user("bob"), at: day)
    try await scene.erase("bob", at: day)
    try expect(try await !scene.create(user("bob"), at: day).isRepeated, "after the erasing")
  },
  ConformanceRule("only what creates has a request id, and it is a key") { scene in
    for id in ["", "a b", String(repeating: "x", count: 201)] {
      try await expectRefusal(.invalid, field: "request_id", "the id \(id)") {
        try await scene.create(user("ada"), id)
      }
    }
    for change in [
      Change.putUser(User(namespace: "default", id: "ada"), .none), .stopAll(reason: ""), .revokeToken(id: "t"),
    ] {
      try await expectRefusal(.invalid, field: "request_id", "\(change)") { try await scene.create(change) }
    }
  },
]
