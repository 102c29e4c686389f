import EventModel
import Store

/// Puts that meet each other: new, the same, changed, refused, twice; more than a backend would take one by one.
private func batch(_ namespace: String, _ scene: Scene) -> [Change] {
  func user(_ id: String, _ zone: String = "") -> User { User(namespace: namespace, id: id, timeZone: zone) }
  func schedule(_ id: String, user: String? = nil, queue: String? = nil, at: String = "09:00") -> Schedule {
    Schedule(
      namespace: namespace, id: id, userID: user, eventType: "birthday", definitionJSON: #"{"at":"\#(at)"}"#,
      queue: queue, startAt: scene.now)
  }
  var paused = user("a")
  paused.paused = true
  let met: [Change] = [
    .putSchedule(schedule("early", user: "a"), .none), .putUser(user("a"), .none), .putUser(user("a"), .none),
    .putSchedule(schedule("s", user: "a"), .absent), .putSchedule(schedule("s", user: "a"), .absent),
    .putSchedule(schedule("s", user: "a"), .revision(1)), .putUser(paused, .present), .importUser(user("a"), .none),
    .importUser(user("a", "Europe/Paris"), .none), .putUser(user("b"), .present), .putUser(user("b"), .absent),
    .putSchedule(schedule("s", user: "b", at: "10:00"), .revision(1)), .putSchedule(schedule("s"), .revision(1)),
    .putSchedule(schedule("t", queue: "hihg"), .none), .putSchedule(schedule("t", user: "nobody"), .none),
    .putUser(user("no id"), .none),
  ]
  return met + (0..<20).map { .putUser(user("c\($0)"), .none) }
    + (0..<20).map { .putSchedule(schedule("c\($0)", user: "c\($0)", queue: "low"), .none) } + met
}

let batchRules: [ConformanceRule] = [
  ConformanceRule("a batch is as if its changes were made one by one") { scene in
    let actor = Actor(name: "test")
    var one: [String] = []
    for change in batch("one", scene) {
      one += try await scene.store.commitEach([change], actor: actor, dryRun: false, now: scene.now).map(told)
    }
    let together = batch("all", scene)
    let all = try await scene.store.commitEach(together, actor: actor, dryRun: false, now: scene.now).map(told)
    try expectEqual(all, one, "answers")
    try expect(Set(one).count >= 8, "expected the batch to meet more kinds of answers")
    let page = PageRequest(size: 100)
    func users(_ namespace: String) async throws -> [User] {
      try await scene.store.users(namespace: namespace, page: page).items.map { user in
        var user = user
        user.namespace = ""
        return user
      }
    }
    try expectEqual(try await users("all"), try await users("one"), "users")
    func schedules(_ namespace: String) async throws -> [Schedule] {
      try await scene.store.schedules(namespace: namespace, filter: ScheduleFilter(), page: page).items.map {
        schedule in
        var schedule = schedule
        (schedule.namespace, schedule.number) = ("", ScheduleNumber(rawValue: 0))
        return schedule
      }
    }
    try expectEqual(try await schedules("all"), try await schedules("one"), "schedules")
    let again = try await scene.store.commit(
      Array(together[16..<56]), actor: actor, dryRun: false, now: scene.now)
    try expectEqual(Set(again.map(\.effect)), [.unchanged], "effects of the same again")
  }
]

private func told(_ result: Result<ChangeResult, StoreError>) -> String {
  switch result {
  case .success(let result): "\(result.effect) \(result.revision)"
  case .failure(let error): "\(error)"
  }
}
