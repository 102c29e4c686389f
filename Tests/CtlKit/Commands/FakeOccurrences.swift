import ControlAPI
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf

extension Carillon_V1_Upcoming {
  static let adaInJune = Carillon_V1_Upcoming.with {
    $0.schedule = "namespaces/default/schedules/birthday-ada"
    $0.user = "namespaces/default/users/ada"
    $0.displayName = "Ada"
    $0.eventType = "birthday"
    $0.occurrenceKey = "2026-06-01"
    $0.dueTime = .init(seconds: 1_780_300_800)
    $0.timeZone = "Europe/London"
    $0.localTime = "2026-06-01T09:00:00"
  }

  /// The `number`th of a daily series of nobody in particular.
  static func standup(_ number: Int) -> Carillon_V1_Upcoming {
    .with {
      $0.schedule = "namespaces/default/schedules/standup"
      $0.eventType = "reminder"
      $0.occurrenceKey = "2026-06-0\(number)T09:30"
      $0.dueTime = .init(seconds: 1_780_300_800 + Int64(number) * 86_400)
      $0.timeZone = "Europe/Paris"
      $0.localTime = "2026-06-0\(number)T09:30:00"
    }
  }
}

/// What a person says about single occurrences, as schedules.proto describes it.
extension FakeSchedules {
  /// What is coming of a schedule or a namespace, exceptions applied.
  func coming(_ parent: String) -> [Carillon_V1_Upcoming] {
    agent.with { state in
      state.upcoming.filter { $0.schedule == parent || $0.schedule.hasPrefix(parent + "/") }.compactMap { upcoming in
        let exception = state.schedules[upcoming.schedule]?.exceptions
          .first { $0.occurrenceKey == upcoming.occurrenceKey }
        guard let exception else { return upcoming }
        guard !exception.skipped else { return nil }
        var moved = upcoming
        moved.localTime = exception.localTime
        return moved
      }
    }
  }

  func skipOccurrence(
    request: Carillon_V1_SkipOccurrenceRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try agent.begin(request)
    return try except(request.name, request.occurrenceKey, isDryRun: request.validateOnly) {
      $0.skipped = true
      $0.reason = request.reason
    }
  }

  func moveOccurrence(
    request: Carillon_V1_MoveOccurrenceRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try agent.begin(request)
    return try except(request.name, request.occurrenceKey, isDryRun: request.validateOnly) {
      $0.localTime = request.localTime
      $0.reason = request.reason
    }
  }

  private func except(
    _ name: String, _ key: String, isDryRun: Bool, _ set: (inout Carillon_V1_OccurrenceException) -> Void
  ) throws -> Carillon_V1_Schedule {
    try agent.with { state in
      guard var schedule = state.schedules[name] else { throw FakeAgent.notFound(name) }
      guard !state.begunKeys.contains(key) else { throw FakeAgent.conflict("the event was sent already") }
      guard state.upcoming.contains(where: { $0.schedule == name && $0.occurrenceKey == key }) else {
        throw FakeAgent.invalid("occurrence_key", "no occurrence of the coming 400 days has it")
      }
      schedule.exceptions.removeAll { $0.occurrenceKey == key }
      var exception = Carillon_V1_OccurrenceException()
      exception.occurrenceKey = key
      set(&exception)
      schedule.exceptions.append(exception)
      if !isDryRun { state.schedules[name] = schedule }
      return schedule
    }
  }

  func restoreOccurrence(
    request: Carillon_V1_RestoreOccurrenceRequest, context: ServerContext
  ) async throws -> Carillon_V1_Schedule {
    try agent.begin(request)
    return try agent.with { state in
      guard var schedule = state.schedules[request.name] else { throw FakeAgent.notFound(request.name) }
      guard let place = schedule.exceptions.firstIndex(where: { $0.occurrenceKey == request.occurrenceKey }) else {
        throw FakeAgent.notFound(request.name)
      }
      guard !state.begunKeys.contains(request.occurrenceKey) else {
        throw FakeAgent.conflict("its event was cancelled by the skip: that is final")
      }
      schedule.exceptions.remove(at: place)
      state.schedules[request.name] = schedule
      return schedule
    }
  }

  func runSchedule(
    request: Carillon_V1_RunScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_Event {
    try agent.begin(request)
    return try agent.with { state in
      guard let schedule = state.schedules[request.name] else { throw FakeAgent.notFound(request.name) }
      let event = Carillon_V1_Event.with {
        $0.name = "namespaces/default/events/\(request.requestID)"
        $0.schedule = schedule.name
        $0.eventType = schedule.eventType
        $0.state = .pending
        $0.test = request.test
      }
      state.events[event.name] = event
      return event
    }
  }

  /// Words of its own, in English; the template tried instead, where there is one.
  func previewSchedule(
    request: Carillon_V1_PreviewScheduleRequest, context: ServerContext
  ) async throws -> Carillon_V1_PreviewScheduleResponse {
    try agent.begin(request)
    let (schedule, sinks, problem) = try agent.with { state in
      let stored = state.schedules[request.name]
      guard request.target == .schedule(request.schedule) || stored != nil else {
        throw FakeAgent.notFound(request.name)
      }
      return (stored ?? request.schedule, state.subscriptions.values.map(\.sink).sorted(), state.wordingProblem)
    }
    let all = coming(schedule.name.isEmpty ? request.parent : schedule.name)
    let wanted = request.occurrenceKey.isEmpty ? all : all.filter { $0.occurrenceKey == request.occurrenceKey }
    return .with { answer in
      answer.occurrences = wanted.prefix(max(1, Int(request.count))).map { upcoming in
        .with {
          $0.occurrenceKey = upcoming.occurrenceKey
          $0.dueTime = upcoming.dueTime
          $0.timeZone = upcoming.timeZone
          $0.localTime = upcoming.localTime
          let names = !request.sink.isEmpty ? [request.sink] : sinks.isEmpty ? [""] : sinks
          $0.messages = names.map { words(request, sink: $0, problem: problem) }
        }
      }
    }
  }

  private func words(
    _ request: Carillon_V1_PreviewScheduleRequest, sink: String, problem: String
  ) -> Carillon_V1_PreviewedMessage {
    .with {
      $0.sink = sink
      $0.problem = problem
      $0.wording.source = request.hasTemplate ? .template : .builtIn
      $0.wording.template = request.hasTemplate ? "\(request.parent)/templates/preview" : ""
      $0.wording.locale = request.hasTemplate ? "" : "en"
      if !["", "en", $0.wording.locale].contains(request.locale) {
        $0.wording.fallback = "no words for \(request.locale): the built-in words in en"
      }
      guard problem.isEmpty else { return }
      let person = request.hasSampleUser ? request.sampleUser.displayName : "Ada"
      $0.title = request.template.title.isEmpty ? "Happy birthday, \(person)!" : request.template.title
      $0.text = "Many happy returns.\n\nCarillon \u{1B}[31m"
      $0.html = "<p>Many happy returns.</p>"
    }
  }
}

/// Planning anew.
extension FakeSchedules {
  func replanSchedules(
    request: Carillon_V1_ReplanSchedulesRequest, context: ServerContext
  ) async throws -> Carillon_V1_ReplanSchedulesResponse {
    try agent.begin(request)
    return agent.with { $0.replans.isEmpty ? .init() : $0.replans.removeFirst() }
  }
}
