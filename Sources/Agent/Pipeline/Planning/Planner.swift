import CivilTime
import EventModel
import Logging
import Store
import Synchronization

/// Turns schedules into events ahead of time. One bad schedule stops no other.
final class Planner: Sendable {
  let engine: Engine
  /// How often each unplannable schedule has failed, for the backoff.
  private let failures = Mutex<[ScheduleNumber: Int]>([:])
  /// Set in a planner that only tries: rules that count in place of those in use, by zone. It says nothing of failures.
  private let trialRules: [String: ZoneRules]?

  init(_ engine: Engine, trialRules: [String: ZoneRules]? = nil) {
    self.engine = engine
    self.trialRules = trialRules
  }

  /// Plans in lanes that share the agent's schedules, so that the store and the arithmetic work at the same time.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      for lane in 0..<Limits.planningLanes { group.addTask { await self.run(lane: lane) } }
    }
  }

  /// Plans until there is nothing to plan, then waits for a kick or a second.
  private func run(lane: Int) async {
    let signal = engine.signals.planners[lane]
    var faults = FaultBackoff()
    while !Task.isCancelled {
      let isImporting = engine.imports.load(ordering: .relaxed) > 0
      guard let share = engine.planningShare, !isImporting || lane == 0 else {
        await signal.wait(atMost: Limits.pollEvery, engine.clocks)
        continue
      }
      let began = engine.now().elapsed
      do {
        let (seen, planned) = try await pass(isImporting ? share : share.lane(lane, of: Limits.planningLanes))
        faults = FaultBackoff()
        if isImporting, seen > 0 { await rest(since: began) }
        // All of a full batch in conflict would come back at once for ever.
        if seen == Limits.schedulesPerPass, planned > 0 { continue }
        await signal.wait(atMost: Limits.pollEvery, engine.clocks)
      } catch {
        engine.storeFailed("plan", error)
        await engine.pause(faults.next())
      }
    }
  }

  /// What an import brings is planned a little at a time, so that it does not take twice as long.
  private func rest(since began: TimeSpan) async {
    let took = engine.now().elapsed - began
    let rest = TimeSpan(microseconds: took.microseconds * Limits.restsPerPass)
    await engine.pause(min(rest, Limits.longestRest))
  }

  /// Plans one batch of all schedules that fall to the agent.
  func pass() async throws(StoreError) -> (seen: Int, planned: Int) { try await pass(engine.planningShare ?? .whole) }

  /// Plans one batch of schedules; answers how many were to be planned, and how many were.
  private func pass(_ share: PlanningShare) async throws(StoreError) -> (seen: Int, planned: Int) {
    let began = engine.now()
    try await engine.zoneNotes.compare(now: began.wall)
    let horizonEnd = began.wall + engine.configuration.horizon
    let items = try await engine.store.schedulesToPlan(
      dueBefore: horizonEnd, limit: Limits.schedulesPerPass, share: share, now: began.wall)
    guard !items.isEmpty else { return (0, 0) }
    let plans = await plans(for: items, now: began.wall, horizonEnd)
    try await engine.zoneNotes.note(Set(items.lazy.filter(\.isActive).map(\.timeZone)), now: began.wall)
    let byNumber = Dictionary(items.map { ($0.schedule, $0) }, uniquingKeysWith: { first, _ in first })
    var (planned, events) = (0, 0)
    for part in parts(of: plans) {
      let answer = try await commit(part, byNumber)
      planned += answer.planned
      events += answer.events
    }
    if events > 0 { engine.signals.claimer.kick() }
    engine.observer.observe(
      .planned(
        schedules: items.count, events: events, failed: plans.count { !$0.error.isEmpty },
        took: engine.now().elapsed - began.elapsed))
    return (items.count, planned)
  }

  func plans(for items: [PlanningItem], now: Timestamp, _ horizonEnd: Timestamp) async -> [SchedulePlan] {
    var plans: [SchedulePlan] = []
    plans.reserveCapacity(items.count)
    for (eventType, group) in Dictionary(grouping: items, by: \.eventType) {
      plans += await self.plans(of: eventType, group, now, horizonEnd)
    }
    return plans
  }

  private func plans(
    of eventType: String, _ items: [PlanningItem], _ now: Timestamp, _ horizonEnd: Timestamp
  ) async -> [SchedulePlan] {
    var plans: [SchedulePlan] = []
    var makers: [PlanMaker] = []
    let port = engine.plugins.eventType(named: eventType)
    for item in items {
      switch begin(item, hasPort: port != nil, now, horizonEnd) {
      case .success(let maker): makers.append(maker)
      case .failure(let error): plans.append(failed(item, error, now))
      }
    }
    while true {
      for maker in makers {
        if let plan = maker.plan { plans.append(succeeded(plan)) }
      }
      makers.removeAll { $0.plan != nil }
      guard let port, !makers.isEmpty else { return plans }
      makers = await ask(port, makers, now, &plans)
    }
  }

  private func begin(
    _ item: PlanningItem, hasPort: Bool, _ now: Timestamp, _ horizonEnd: Timestamp
  ) -> Result<PlanMaker, PipelineError> {
    guard hasPort || !item.isActive else {
      return .failure(PipelineError(.unplannable, "no plugin provides the event type \"\(item.eventType)\""))
    }
    let rules: ZoneRules
    do {
      // What is paused or deleted is withdrawn even when its event type or zone is gone.
      let zone = item.isActive ? item.timeZone : "UTC"
      if let trial = trialRules?[zone] { rules = trial } else { rules = try engine.zones.zone(named: zone) }
    } catch {
      return .failure(PipelineError(.unplannable, error.message, cause: error))
    }
    let history = TimeSpan(microseconds: engine.tuning.withLock { $0.keepHistory }.microseconds / 2)
    return Result { () throws(PipelineError) in
      try PlanMaker(
        item, rules: rules, now: now, horizonEnd: horizonEnd, oldest: now - min(history, Limits.longestMovedAgo))
    }
  }

  /// One round: asks for all makers, in calls of a bounded size; answers those that are still good.
  private func ask(
    _ port: any EventTypePort, _ makers: [PlanMaker], _ now: Timestamp, _ plans: inout [SchedulePlan]
  ) async -> [PlanMaker] {
    var good: [PlanMaker] = []
    good.reserveCapacity(makers.count)
    for start in stride(from: 0, to: makers.count, by: Limits.requestsPerCall) {
      let part = makers[start..<min(start + Limits.requestsPerCall, makers.count)]
      let answers = await port.next(part.map(\.request))
      for (offset, maker) in part.enumerated() {
        switch accept(offset < answers.count ? answers[offset] : nil, maker) {
        case nil: good.append(maker)
        case let error?: plans.append(failed(maker.item, error, now))
        }
      }
    }
    return good
  }

  private func accept(_ answer: Result<[Occurrence], PortError>?, _ maker: PlanMaker) -> PipelineError? {
    switch answer {
    case .success(let occurrences):
      do { try maker.accept(occurrences) } catch { return error }
      return nil
    case .failure(let error):
      return PipelineError(.unplannable, "event type \(maker.item.eventType): \(error.message)")
    case nil:
      return PipelineError(.unplannable, "event type \(maker.item.eventType) did not answer")
    }
  }

  private func succeeded(_ plan: SchedulePlan) -> SchedulePlan {
    failures.withLock { if !$0.isEmpty { $0[plan.schedule] = nil } }
    return plan
  }

  func failed(_ item: PlanningItem, _ error: PipelineError, _ now: Timestamp) -> SchedulePlan {
    guard trialRules == nil else {
      return SchedulePlan(
        schedule: item.schedule, planRevision: item.planRevision, cursor: nil, nextDue: nil, error: error.message)
    }
    let times = failures.withLock { failures -> Int in
      if failures[item.schedule] == nil, failures.count >= Limits.failuresRemembered { return 0 }
      failures[item.schedule, default: -1] += 1
      return failures[item.schedule, default: 0]
    }
    engine.logger.warning(
      "schedule cannot be planned",
      metadata: ["namespace": "\(item.namespace)", "schedule": "\(item.id)", "error": "\(error.message)"])
    // Schedules are looked at a horizon ahead of their next due time: so the wait counts from there.
    let wait = Limits.shortestPlanWait.doubled(times: times, cap: Limits.longestPlanWait)
    return SchedulePlan(
      schedule: item.schedule, planRevision: item.planRevision, cursor: nil,
      nextDue: now + engine.configuration.horizon + wait, error: error.message)
  }
}
