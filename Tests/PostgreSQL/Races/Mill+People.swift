import EventModel
import Store
import Synchronization
import Testing

@testable import StoreTesting

extension Mill {
  func planner(_ scene: Scene, steps: Int) async throws {
    for _ in 0..<steps { try await planOnce(scene, at: tick()) }
  }

  /// Plans what there is to plan: of a series three occurrences, the same whenever it is planned anew.
  func planOnce(_ scene: Scene, at now: Timestamp) async throws {
    let items = try await scene.store.schedulesToPlan(dueBefore: now + .hours(1), limit: 30)
    let plans = items.map { item in
      let events = (0..<3).map { number in
        let due = item.startAt + .seconds(Int64(number))
        return Scene.event("k\(number)", due: due, run: max(due, now), queue: Self.queues[number])
      }
      // What was deleted or erased while it was being marked comes to the planner too: there is nothing to plan of it.
      var plan = Scene.plan(item, item.isActive && (item.cursor == nil || item.isReplan) ? events : [])
      if item.isReplan { plan.withdrawals = Array(item.pending.map(\.key).filter { _ in Int.random(in: 0..<4) == 0 }) }
      plan.events.removeAll { plan.withdrawals.contains($0.key) }
      return plan
    }
    do {
      _ = try await scene.store.commitPlan(plans, now: now)
    } catch {
      // Its queue was deleted between the two.
      guard error.code == .invalid, error.violations.first?.field == "queue" else { throw error }
      return
    }
    let events = plans.flatMap { plan in plan.events.map { EventIdentity(schedule: plan.schedule, key: $0.key) } }
    for event in events where (try? await scene.state(event)) != nil {
      told.withLock { $0.events.append(event) }
    }
  }

  func people(_ scene: Scene, steps: Int) async throws {
    for _ in 0..<steps {
      switch Int.random(in: 0..<10) {
      case 0...2: try await addPerson(scene)
      case 3: _ = try await scene.store.markForReplan(timeZones: ["UTC"], now: tick())
      case 4, 5: try await cancel(scene)
      case 6, 7: try await move(scene)
      case 8: _ = try await scene.store.expire(now: tick())
      default: try await erase(scene)
      }
    }
  }

  private func number() -> Int {
    told.withLock {
      $0.schedules += 1
      return $0.schedules
    }
  }

  private func addPerson(_ scene: Scene) async throws {
    let number = number()
    try await scene.commit(
      .putUser(User(namespace: "default", id: "u-\(number)"), .absent),
      .putSchedule(Scene.schedule("s-\(number)", user: "u-\(number)"), .absent), at: tick())
  }

  private func cancel(_ scene: Scene) async throws {
    guard let event = anEvent() else { return }
    do {
      switch try await scene.store.cancel(event, reason: "mill", actor: Self.actor, now: tick()) {
      case .done: told.withLock { _ = $0.cancelled.insert(event) }
      case .asked(let command): told.withLock { $0.asked.append(command) }
      case .settled: break
      }
    } catch {
      try requireErased(event, error)
    }
  }

  private func move(_ scene: Scene) async throws {
    guard let event = anEvent() else { return }
    let now = tick()
    do {
      let result = try await scene.store.move(
        event, dueAt: now + .seconds(Int64.random(in: -5...5)), queue: nil, actor: Self.actor, now: now)
      if case .asked(let command) = result { told.withLock { $0.asked.append(command) } }
    } catch {
      try requireErased(event, error)
    }
  }

  /// Of an erased person's one-off the key is gone.
  private func requireErased(_ event: EventIdentity, _ error: StoreError) throws {
    guard error.code == .notFound, event.key.hasPrefix("o-") else { throw error }
  }

  private func erase(_ scene: Scene) async throws {
    let count = told.withLock { $0.schedules }
    guard count > 0, Int.random(in: 0..<3) == 0 else { return }
    let id = Int.random(in: 1...count)
    do {
      let page = try await scene.store.schedules(
        namespace: "default", filter: ScheduleFilter(userID: "u-\(id)"), page: PageRequest(size: 10))
      _ = try await scene.erase("u-\(id)", at: tick())
      told.withLock { $0.erased.formUnion(page.items.map(\.number)) }
    } catch let error as StoreError {
      guard error.code == .notFound else { throw error }
    }
  }

  /// Callers that make one-offs in the queue that comes and goes.
  func callers(_ scene: Scene, _ name: String, steps: Int) async throws {
    for step in 0..<steps {
      let now = tick()
      let ids = (0..<3).map { "o-\(name)-\(step)-\($0)" }
      let oneOffs = ids.map { id in
        OneOff(
          schedule: Scene.schedule(id, type: "notification"),
          event: Scene.event(id, due: now + .milliseconds(500), queue: "side"), idempotencyKey: id)
      }
      for submission in try await scene.store.submit(oneOffs, owner: nil, now: now).submissions {
        switch submission {
        case .created(let event): told.withLock { $0.events.append(event) }
        case .refused(let error): #expect(error.violations.first?.field == "queue", "\(error)")
        case .existing: Issue.record("a key of its own was there already")
        }
      }
    }
  }
}
