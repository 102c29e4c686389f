import EventModel
import Store

extension Scene {
  fileprivate func records(_ filter: AuditFilter = AuditFilter()) async throws -> [AuditEntry] {
    try await store.auditRecords(filter: filter, page: PageRequest(size: 100)).items
  }

  fileprivate func newest() async throws -> AuditEntry {
    try require(try await records().first, "a record")
  }

  /// Holds that every chain is whole.
  @discardableResult
  fileprivate func wholeChains() async throws -> [AuditChain] {
    let chains = try await store.verifyAudit()
    for chain in chains { try expectEqual(chain.problem, "", "chain \(chain.agent)") }
    return chains
  }
}

private let ada = User(
  namespace: "default", id: "ada@example.org", displayName: "Ada Lovelace", givenName: "Ada", locale: "en-GB",
  timeZone: "Europe/London", dates: ["birthday": "1815-12-10"], addresses: ["email": "ada@example.org"],
  attributes: ["cake": "plum"])

let auditRules: [ConformanceRule] = [
  ConformanceRule("a change's record says who and what, and what was before and after of the fields that changed") {
    scene in
    var queue = try require(try await scene.store.queues().first { $0.name == "low" }, "a queue")
    queue.weight += 1
    queue.ratePerSecond = 2.5
    try await scene.commit(.putQueue(queue, .none))
    let record = try await scene.newest()
    try expectEqual(record.actor, "test", "actor")
    try expectEqual(record.action, "queue.put", "action")
    try expectEqual(record.resource, "low", "resource")
    try expectEqual(record.count, 1, "count")
    try expectEqual(record.at, scene.now, "time")
    try expectEqual(record.before, "{\"weight\":\(queue.weight - 1)}", "before")
    try expectEqual(record.after, "{\"rate_per_second\":2.5,\"weight\":\(queue.weight)}", "after")
    var made = queue
    made.name = "mine"
    try await scene.commit(.putQueue(made, .none))
    try expectEqual(try await scene.newest().before, "", "before it was there")
    try await scene.commit(.deleteQueue(name: "mine", moveTo: nil, .none))
    let gone = try await scene.newest()
    try expectEqual(gone.after, "", "after it is gone")
    try expect(gone.before.contains("\"weight\":\(queue.weight)"), "expected what it was, found \(gone.before)")
    try await scene.commit(.stopAll(reason: "fire"))
    try expectEqual(try await scene.newest().reason, "fire", "reason")
    try await scene.commit(.putQueue(queue, .none))
    try expectEqual(try await scene.newest().action, "stop-all", "what changed nothing")
  },
  ConformanceRule("personal and secret values stand as keyed hashes, equal where they are equal") { scene in
    var user = ada
    try await scene.commit(.putUser(user, .none))
    let created = try await scene.newest().after
    user.displayName = "Ada King"
    user.paused = true
    try await scene.commit(.putUser(user, .none))
    let changed = try await scene.newest()
    let name = try require(
      created.split(separator: ",").first { $0.contains("\"display_name\"") }, "a name in \(created)")
    try expect(name.contains("\"hmac-sha256:"), "expected a hash, found \(name)")
    let old = name.trimmingBraces
    try expect(changed.before.contains(old), "expected \(old) in \(changed.before)")
    try expect(!changed.after.contains(old), "expected another hash in \(changed.after)")
    try expect(changed.after.contains("\"paused\":true"), "expected the pause in \(changed.after)")
    try expect(!changed.after.contains("locale"), "expected only what changed in \(changed.after)")
    let sink = Sink(
      namespace: "default", name: "hook", plugin: "webhook", configurationJSON: #"{"url":"https://h/s3cret"}"#)
    try await scene.commit(.putSink(sink, .none))
    try await scene.commit(
      .putTemplate(
        MessageTemplate(
          namespace: "default", id: "t", eventType: "birthday", locale: "en", sink: "", title: "Dear Ada", text: "cake",
          html: ""), .none))
    try await scene.commit(.putSchedule(Scene.schedule("s", user: user.id), .none))
    let token = AccessToken(
      id: "t", digest: try require(SHA256Digest(bytes: Array(repeating: 0xab, count: 32)), "a digest"), role: .viewer,
      expiresAt: scene.now + .seconds(5_400))
    try await scene.commit(.createToken(token))
    for record in try await scene.records() {
      let text = "\(record.resource) \(record.before) \(record.after)"
      for word in [
        "Ada", "ada@", "1815-12-10", "plum", "London", "s3cret", "cake", "09:00", String(repeating: "ab", count: 32),
      ] {
        try expect(!text.contains(word), "expected no \(word) in \(text)")
      }
    }
  },
  ConformanceRule("what is done with a plugin leaves a record of its own, which shows no configuration") { scene in
    let old = PluginRecord.State(
      version: "1.0.0", sha256: "aa", isolation: "process", state: "loaded", configurationJSON: #"{"key":"s3cret"}"#)
    var new = old
    new.version = "1.1.0"
    new.sha256 = "bb"
    new.configurationJSON = #"{"key":"0ther"}"#
    try await scene.commit(.recordPlugin(PluginRecord(action: .load, plugin: "ring", before: nil, after: old)))
    try await scene.commit(
      .recordPlugin(PluginRecord(action: .rollBack, plugin: "ring", reason: "it rings twice", before: old, after: new)))
    try await scene.commit(
      .recordPlugin(PluginRecord(action: .enable, plugin: "ring", before: new, after: new)), dryRun: true)
    let records = try await scene.records()
    try expectEqual(records.map(\.action), ["plugin.roll-back", "plugin.load"], "actions")
    try expectEqual(records.map(\.resource), ["ring", "ring"], "resources")
    try expectEqual(records.map(\.reason), ["it rings twice", ""], "reasons")
    try expectEqual(records[1].before, "", "what was before it was loaded")
    try expect(records[1].after.contains(#""version":"1.0.0""#), "expected a version in \(records[1].after)")
    try expect(records[0].before.contains(#""sha256":"aa""#), "expected a digest in \(records[0].before)")
    try expect(!records[0].after.contains("process"), "expected only what changed in \(records[0].after)")
    for record in records {
      let text = record.before + record.after
      try expect(!text.contains("s3cret") && !text.contains("0ther"), "expected no configuration in \(text)")
    }
    try await scene.wholeChains()
  },
  ConformanceRule("records are listed newest first, by time, actor, action or a group of actions, and resource") {
    scene in
    for (second, name) in ["a", "b"].enumerated() {
      var queue = Queue.standard[0]
      queue.name = name
      try await scene.commit(.putQueue(queue, .none), at: scene.now + .seconds(Int64(second)))
    }
    try await scene.commit(.deleteQueue(name: "a", moveTo: nil, .none), at: scene.now + .seconds(2))
    _ = try await scene.store.commit(
      [.stopAll(reason: "")], actor: .agent, dryRun: false, now: scene.now + .seconds(3))
    func found(_ filter: AuditFilter) async throws -> [String] {
      try await scene.records(filter).map { "\($0.action) \($0.resource)" }
    }
    let all = ["stop-all ", "queue.delete a", "queue.put b", "queue.put a"]
    try expectEqual(try await found(AuditFilter()), all, "all")
    try expectEqual(try await found(AuditFilter(from: scene.now + .seconds(2))), Array(all.prefix(2)), "from")
    try expectEqual(try await found(AuditFilter(before: scene.now + .seconds(2))), Array(all.suffix(2)), "before")
    try expectEqual(try await found(AuditFilter(actor: "agent")), ["stop-all "], "actor")
    try expectEqual(try await found(AuditFilter(action: "queue.")), Array(all.suffix(3)), "a group")
    try expectEqual(try await found(AuditFilter(action: "queue.delete")), [all[1]], "an action")
    try expectEqual(try await found(AuditFilter(action: "queue")), [], "no action")
    try expectEqual(try await found(AuditFilter(resource: "a")), [all[1], all[3]], "resource")
    var pages: [String] = []
    var token = ""
    repeat {
      let page = try await scene.store.auditRecords(filter: AuditFilter(), page: PageRequest(size: 1, token: token))
      pages += page.items.map { "\($0.action) \($0.resource)" }
      token = page.next
    } while !token.isEmpty
    try expectEqual(pages, all, "in pages")
  },
  ConformanceRule("each record follows the one before it, a failed change leaves none, and the chain is whole") {
    scene in
    try await scene.commit(.putUser(ada, .none))
    try await scene.commit(.stopAll(reason: "x"))
    try await expectRefusal(.notFound, "a change that fails") { try await scene.commit(.deleteGrant(id: "none")) }
    try await scene.commit(.resumeAll, dryRun: true)
    try await scene.commit(.resumeAll)
    let lease = try await scene.agent()
    _ = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now)
    let records = try await scene.records()
    try expectEqual(records.map(\.number), [3, 2, 1], "numbers")
    try expectEqual(records.map(\.previousHash), [records[1].hash, records[2].hash, ""], "hashes")
    try expectEqual(Set(records.map(\.agent)).count, 1, "chains")
    let chains = try await scene.wholeChains()
    try expectEqual(chains.map(\.records), [3], "records")
    try expectEqual(chains.map(\.lastHash), [records[0].hash], "the last hash")
    let again = try await scene.reopened()
    try await again.commit(.stopAll(reason: "y"))
    try expectEqual(try await again.wholeChains().map(\.records), [4], "records after it was opened again")
    await again.store.close()
  },
  ConformanceRule("erasing a person empties what its records say, and the chain holds") { scene in
    try await scene.commit(.putUser(ada, .none))
    let number = try await scene.planned("s", [Scene.event("a", due: scene.now)], user: ada.id)
    _ = try await scene.store.cancel(
      EventIdentity(schedule: number, key: "a"), reason: "Ada is ill", actor: .agent, now: scene.now)
    try await scene.commit(.stopAll(reason: "kept"))
    try expectEqual(
      try await scene.records(AuditFilter(action: "event.cancel")).map(\.reason), ["Ada is ill"], "reason")
    try await scene.erase(ada.id)
    let records = try await scene.records()
    try expectEqual(records.first?.action, "user.erase", "the newest")
    for record in records where record.action != "stop-all" {
      try expectEqual([record.reason, record.before, record.after], ["", "", ""], "words of \(record.action)")
    }
    try expectEqual(records.first { $0.action == "stop-all" }?.reason, "kept", "another reason")
    try await scene.wholeChains()
  },
]

extension Substring {
  fileprivate var trimmingBraces: String { String(filter { $0 != "{" && $0 != "}" }) }
}
