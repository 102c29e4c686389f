import EventModel
import Store

let statisticsRules: [ConformanceRule] = [
  ConformanceRule("statistics count receipts by queue and sink, and how late delivered ones began") { scene in
    let (hook, mail) = (try await scene.sink("hook"), try await scene.sink("mail"))
    try await scene.crowd(4, due: scene.now)
    try await scene.crowd(1, due: scene.now, queue: "low", prefix: "l")
    let lease = try await scene.longAgent("one")
    let rows = try await scene.take(lease, at: scene.now)
    // 0.9 ms, 3 s, 2 h after they were due; and one that failed.
    let late: [Int64] = [900, 3_000_000, 7_200_000_000]
    for (row, late) in zip(rows, late) {
      var receipt = Scene.receipt(row, sink: hook.rawValue)
      receipt.startedAt = scene.now + TimeSpan(microseconds: late)
      _ = try await scene.store.record([receipt], lease: lease, now: scene.now)
    }
    _ = try await scene.store.record(
      [Scene.receipt(rows[3], .dead, sink: mail.rawValue, dead: Message(title: "T", text: "x"))], lease: lease,
      now: scene.now)
    let low = try await scene.take(lease, ["low"], at: scene.now)
    _ = try await scene.store.record(
      [Scene.receipt(try require(low.first, "a row"), .skipped, sink: 0)], lease: lease, now: scene.now)
    try await scene.watchersCatchUp()
    let found = try await scene.store.statistics(from: scene.now, before: scene.now + .minutes(1))
    try expectEqual(
      found.map { "\($0.queue) \($0.namespace)/\($0.sink)" },
      ["critical default/hook", "critical default/mail", "low /"],
      "rows")
    try expectEqual(found.map(\.outcomes), [[.delivered: 3], [.dead: 1], [.skipped: 1]], "outcomes")
    try expectEqual(found.map(\.lateness.total), [3, 0, 0], "sends")
    let lateness = found[0].lateness
    try expectEqual(
      [0.3, 0.5, 1].map { lateness.quantile($0) },
      [TimeSpan(microseconds: 1_000), .seconds(5), TimeSpan(microseconds: 7_200_000_000)], "quantiles")
    try expectEqual(lateness.maximum, TimeSpan(microseconds: 7_200_000_000), "the latest")
    try expectEqual(found[1].lateness.quantile(0.5), nil, "of none")
    for (from, before) in [(scene.now + .minutes(1), scene.now + .hours(1)), (scene.now - .hours(72), scene.now)] {
      try expectEqual(try await scene.store.statistics(from: from, before: before), [], "another time")
    }
    try expectEqual(
      try await scene.store.statistics(from: scene.now - .hours(20 * 24), before: scene.now + .hours(11 * 24)), found,
      "31 days")
    for before in [scene.now, scene.now + .hours(31 * 24) + .seconds(1)] {
      try await expectRefusal(.invalid, field: "before", "before \(before)") {
        try await scene.store.statistics(from: scene.now, before: before)
      }
    }
  }
]
