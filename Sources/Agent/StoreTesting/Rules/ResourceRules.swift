import EventModel
import Store

private let hook = Sink(
  namespace: "default", name: "hook", plugin: "webhook", configurationJSON: #"{"url":"https://example.org"}"#)

private let all = Subscription(namespace: "default", id: "all", eventType: "*", sink: "hook")

let routingRules: [ConformanceRule] = [
  ConformanceRule("a routing revision never changes, and the first claim stamps a bucket with it") { scene in
    try await scene.commit(.putSink(hook, .none), .putSubscription(all, .none))
    let sink = try await scene.store.sink(namespace: "default", name: "hook")
    let before = try await scene.store.routing(revision: nil)
    try expectEqual(before.routes.map(\.sink), [sink.number], "routes")
    try await scene.crowd(2, due: scene.now)
    let one = try await scene.agent()
    let first = try require(try await scene.claim(one, at: scene.now).first, "a bucket")
    try expectEqual(first.routingRevision, before.revision, "revision stamped")
    var changed = all
    changed.filter = ["user": "ada"]
    try await scene.commit(.putSubscription(changed, .none))
    try await scene.commit(.deleteSubscription(namespace: "default", id: "all", .none))
    let after = try await scene.store.routing(revision: nil)
    try expect(after.revision > before.revision, "expected the revision to grow")
    try expectEqual(after.routes.count, 0, "routes after the deletion")
    let again = try await scene.claim(try await scene.agent(), at: scene.now)
    try expectEqual(Set(again.map(\.routingRevision)), [before.revision], "revision of the next owner")
    let old = try await scene.store.routing(revision: first.routingRevision)
    try expectEqual(old.routes, before.routes, "routes of the revision stamped")
    _ = try await scene.store.dropHistory(before: scene.now, deadLettersBefore: scene.now)
    let kept = try await scene.store.routing(revision: first.routingRevision)
    try expectEqual(kept.routes, before.routes, "routes after retention")
    try await expectRefusal(.notFound, "a revision to come") {
      try await scene.store.routing(revision: after.revision + 1)
    }
  },
  ConformanceRule("a sink in use is not deleted, and a subscription names a sink that exists") { scene in
    try await expectRefusal(.invalid, field: "sink", "an unknown sink") {
      try await scene.commit(.putSubscription(all, .none))
    }
    try await scene.commit(.putSink(hook, .none), .putSubscription(all, .none))
    try await expectRefusal(.failedPrecondition, "a sink in use") {
      try await scene.commit(.deleteSink(namespace: "default", name: "hook", .none))
    }
    try await scene.commit(
      .deleteSubscription(namespace: "default", id: "all", .none),
      .deleteSink(namespace: "default", name: "hook", .none))
    try expectEqual(try await scene.store.allSinks().count, 0, "sinks left")
  },
  ConformanceRule("a disabled sink says why, and counts as a change of the routing") { scene in
    try await scene.commit(.putSink(hook, .none))
    let sink = try await scene.store.sink(namespace: "default", name: "hook")
    let lease = try await scene.agent()
    let before = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).routingRevision
    try await scene.store.disableSink(sink.number, reason: "410 Gone", now: scene.now)
    let after = try await scene.store.renew(lease, leaseFor: .seconds(10), now: scene.now).routingRevision
    try expect(after > before, "expected the routing revision to grow")
    try expectEqual(try await scene.store.allSinks().first?.disabledReason, "410 Gone", "reason")
  },
]

let resourceRules: [ConformanceRule] = [
  ConformanceRule("every resource is read back as it was written") { scene in
    let user = User(
      namespace: "default", id: "ada", displayName: "Ada", givenName: "A", familyName: "L", nickname: "n",
      locale: "en", timeZone: "Europe/London", dates: ["birth": "1990-02-28"], addresses: ["email": "a@b"],
      attributes: ["x": "y"], paused: true)
    var schedule = Scene.schedule("s", user: "ada", queue: "low")
    schedule.timeZone = "Asia/Kolkata"
    (schedule.gap, schedule.fold) = (.skip, .second)
    schedule.catchUp = CatchUp(mode: .all, window: nil)
    var sink = hook
    (sink.addressKind, sink.maximumInFlight, sink.onUnknown) = ("webhook", 7, .park)
    sink.limits = SinkLimits(
      maximumWaiting: 5, ratePerSecond: 1.5, breaker: BreakerRules(fewestCalls: 3),
      endpoint: EndpointLimits(maximumInFlight: 2, ratePerSecond: 0.5), disableAfter: 0)
    var subscription = all
    subscription.filter = ["attributes.team": "engine"]
    subscription.condition = try Condition(#"user.locale.startsWith("d\"e") || event.test == true"#)
    subscription.quietHours = try QuietHours(from: "22:00", until: "07:30")
    subscription.digest = DigestRules(window: .minutes(90), maximumEvents: 7)
    var queue = Queue.low
    (queue.name, queue.ratePerSecond, queue.allowedSinks) = ("bulk", 12.5, ["hook"])
    try await scene.commit(
      .putUser(user, .absent), .putSchedule(schedule, .absent), .putSink(sink, .absent),
      .putSubscription(subscription, .absent), .putQueue(queue, .absent))
    var foundUser = try await scene.store.user(namespace: "default", id: "ada")
    try expectEqual(foundUser.createdAt, scene.now, "creation time")
    (foundUser.createdAt, foundUser.updatedAt, foundUser.revision) = (user.createdAt, user.updatedAt, 0)
    try expectEqual(foundUser, user, "user")
    let foundSchedule = try await scene.store.schedule(namespace: "default", id: "s")
    (schedule.number, schedule.revision) = (foundSchedule.number, 1)
    (schedule.createdAt, schedule.updatedAt, schedule.nextDue) = (scene.now, scene.now, foundSchedule.nextDue)
    try expectEqual(foundSchedule, schedule, "schedule")
    try expect(foundSchedule.number.rawValue >> 32 > 0, "expected numbers from a random base")
    let foundSink = try await scene.store.sink(namespace: "default", name: "hook")
    (sink.number, sink.revision) = (foundSink.number, 1)
    try expectEqual(foundSink, sink, "sink")
    subscription.revision = 1
    try expectEqual(
      try await scene.store.subscription(namespace: "default", id: "all"), subscription, "subscription")
    let queues = try await scene.store.queues()
    try expectEqual(queues.first { $0.name == "bulk" }, queue, "queue")
    try expectEqual(queues.prefix(2).map(\.name), ["critical", "high"], "queues by priority")
  },
  ConformanceRule("a precondition that does not hold changes nothing") { scene in
    var user = User(namespace: "default", id: "ada", displayName: "Ada")
    try await expectRefusal(.notFound, "replacing what is not there") {
      try await scene.commit(.putUser(user, .present))
    }
    try expectEqual(try await scene.commit(.putUser(user, .absent))[0], .init(effect: .created, revision: 1), "effect")
    try await expectRefusal(.alreadyExists, "creating twice") { try await scene.commit(.putUser(user, .absent)) }
    try expectEqual(try await scene.commit(.putUser(user, .none))[0].effect, .unchanged, "the same again")
    user.displayName = "Ada L."
    try await expectRefusal(.conflict, "an old revision") { try await scene.commit(.putUser(user, .revision(7))) }
    let updated = try await scene.commit(.putUser(user, .revision(1)))
    try expectEqual(updated[0], .init(effect: .updated, revision: 2), "effect")
    try await expectRefusal(.conflict, "deleting an old revision") {
      try await scene.commit(.deleteUser(namespace: "default", id: "ada", .revision(1)))
    }
    try await expectRefusal(.notFound, "deleting what is not there") {
      try await scene.commit(.deleteUser(namespace: "default", id: "bob", .none))
    }
    try expectEqual(try await scene.store.user(namespace: "default", id: "ada").displayName, "Ada L.", "user")
  },
  ConformanceRule("a commit is all or nothing, commitEach one by one, and a dry run nothing") { scene in
    let good = Change.putUser(User(namespace: "default", id: "ada"), .none)
    let bad = Change.putSchedule(Scene.schedule("s", user: "nobody"), .none)
    try await expectRefusal(.invalid, field: "user_id", "one bad of two") { try await scene.commit(good, bad) }
    let page = PageRequest(size: 10)
    try expectEqual(try await scene.store.users(namespace: "default", page: page).items.count, 0, "users")
    try expectEqual(try await scene.commit(good, dryRun: true)[0].effect, .created, "effect of a dry run")
    try expectEqual(try await scene.store.users(namespace: "default", page: page).items.count, 0, "users")
    let results = try await scene.store.commitEach(
      [bad, good, good], actor: Actor(name: "test"), dryRun: false, now: scene.now)
    let effects = results.map { (try? $0.get())?.effect }
    try expectEqual(effects, [nil, .created, .unchanged], "effects")
    try expectEqual(try await scene.store.users(namespace: "default", page: page).items.count, 1, "users")
  },
  ConformanceRule("invalid input names its field and changes nothing") { scene in
    var date = User(namespace: "default", id: "ada")
    date.dates = ["birth": "2026-02-30"]
    var sink = hook
    sink.maximumInFlight = 0
    var queue = Queue.low
    queue.batch = 0
    var state = Scene.schedule("s")
    state.state = .ended
    let cases: [(Change, String)] = [
      (.putUser(User(namespace: "default", id: "a b"), .none), "id"),
      (.putUser(User(namespace: "Bad", id: "a"), .none), "namespace"), (.putUser(date, .none), "dates.birth"),
      (.putSchedule(Scene.schedule("s", queue: "nowhere"), .none), "queue"), (.putSchedule(state, .none), "state"),
      (.putSink(sink, .none), "max_in_flight"), (.putQueue(queue, .none), "batch"),
    ]
    for (change, field) in cases {
      try await expectRefusal(.invalid, field: field, "a bad \(field)") { try await scene.commit(change) }
    }
    try await expectRefusal(.invalid, field: "name", "an agent's bad name") { try await scene.agent("a b") }
  },
  ConformanceRule("namespaces do not see each other") { scene in
    for namespace in ["one", "two"] {
      try await scene.commit(
        .putUser(User(namespace: namespace, id: "ada", displayName: namespace), .none),
        .putSink(Sink(namespace: namespace, name: "hook", plugin: "p", configurationJSON: "{}"), .none))
      try await scene.planned("s", [Scene.event("k", due: scene.now)], namespace: namespace, user: "ada")
    }
    try expectEqual(try await scene.store.user(namespace: "two", id: "ada").displayName, "two", "user")
    let page = PageRequest(size: 10)
    let events = try await scene.store.events(namespace: "one", filter: EventFilter(), page: page)
    try expectEqual(events.items.map(\.namespace), ["one"], "events")
    let other = try require(events.items.first, "an event").identity
    try await expectRefusal(.notFound, "an event of another namespace") {
      try await scene.store.event(namespace: "two", identity: other)
    }
    try await expectRefusal(.notFound, "history of another namespace") {
      try await scene.store.history(namespace: "two", identity: other)
    }
    try await scene.commit(.deleteUser(namespace: "one", id: "ada", .none))
    _ = try await scene.store.user(namespace: "two", id: "ada")
    try expectEqual(try await scene.store.users(namespace: "none", page: page).items.count, 0, "users of no namespace")
    let lease = try await scene.agent()
    let rows = try await scene.take(lease, at: scene.now)
    try expectEqual(Set(rows.map(\.namespace)), ["one", "two"], "namespaces of the rows loaded")
  },
]
