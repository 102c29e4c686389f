public import EventModel
import Synchronization

/// Which coming occurrences of a schedule are wanted in words.
public struct WordsQuery: Sendable {
  /// The schedule, stored or not; its exceptions count.
  public var schedule: Schedule
  /// Its person, if it has one; its locale is the one to word for.
  public var user: User?
  /// Only this occurrence, within 400 days; nil: the next `count`.
  public var occurrenceKey: String?
  /// How many occurrences; taken as 1 to 20.
  public var count: Int
  /// Names of the sinks to word for; empty: once, for no sink in particular.
  public var sinks: [String]
  /// Tried as the only template instead of the stored ones; it is chosen only where it fits, as they are.
  public var template: MessageTemplate?

  /// Makes a query.
  public init(
    schedule: Schedule, user: User?, occurrenceKey: String? = nil, count: Int = 1, sinks: [String] = [],
    template: MessageTemplate? = nil
  ) {
    self.schedule = schedule
    self.user = user
    self.occurrenceKey = occurrenceKey
    self.count = count
    self.sinks = sinks
    self.template = template
  }
}

/// A coming occurrence and what it says at each sink.
public struct WordedOccurrence: Sendable {
  /// What it says at one sink.
  public struct AtSink: Sendable {
    /// The sink's name; empty: no sink in particular.
    public var sink: String
    /// The message, or why there is none.
    public var message: Result<Message, PortError>
    /// Where its words come from.
    public var wording: Wording
  }

  /// The occurrence.
  public var occurrence: UpcomingOccurrence
  /// One for each sink of the query, in order.
  public var messages: [AtSink]
}

extension Pipeline {
  /// The most occurrences that are worded at once.
  public static let mostWorded = 20

  /// What coming occurrences say. Nothing is stored, nothing is sent.
  /// - Parameter after: occurrences before this, or before the schedule's start, are left out.
  /// - Throws: `.unplannable` for a schedule that cannot be computed; `.notFound` for an occurrence that is not among the
  ///   coming ones; `.unavailable` when no plugin provides the event type now.
  public func preview(words query: WordsQuery, after: Timestamp) async throws(PipelineError) -> [WordedOccurrence] {
    let occurrences: [UpcomingOccurrence]
    if let key = query.occurrenceKey {
      occurrences = [try await find(key, of: query.schedule, user: query.user, after: after)]
    } else {
      let count = min(max(query.count, 1), Self.mostWorded)
      occurrences = try await preview(query.schedule, user: query.user, after: after, count: count)
    }
    let port = try eventType(of: query.schedule)
    let wordings = wordings(for: query, port.wording)
    let person = query.user.map(UserSnapshot.init)
    let facts = occurrences.flatMap { occurrence in
      wordings.map { Self.facts(of: occurrence, query.schedule, person, $0.wording) }
    }
    let answers = await port.render(facts)
    var messages = facts.indices.map { index -> Result<Message, PortError> in
      guard index < answers.count else { return .failure(PortError(.failed, "the event type answered no message")) }
      return query.schedule.isTest ? answers[index].map(TestMark.mark) : answers[index]
    }[...]
    return occurrences.map { occurrence in
      let own = zip(wordings, messages.prefix(wordings.count)).map { wording, message in
        WordedOccurrence.AtSink(sink: wording.sink, message: message, wording: wording.wording)
      }
      messages = messages.dropFirst(wordings.count)
      return WordedOccurrence(occurrence: occurrence, messages: own)
    }
  }

  private func wordings(
    for query: WordsQuery, _ builtIn: BuiltInWording
  ) -> [(sink: String, wording: Wording)] {
    let table = query.template.map { WordingTable([$0]) } ?? engine.wordings.withLock { $0 }
    let hasOwnWords = Wording.hasOwnWords(query.schedule.definitionJSON)
    return (query.sinks.isEmpty ? [""] : query.sinks).map { sink in
      let wording = table.choose(
        namespace: query.schedule.namespace, eventType: query.schedule.eventType, locale: query.user?.locale ?? "",
        sink: sink, hasOwnWords: hasOwnWords, builtIn: builtIn)
      return (sink, wording)
    }
  }

  private static func facts(
    of occurrence: UpcomingOccurrence, _ schedule: Schedule, _ user: UserSnapshot?, _ wording: Wording
  ) -> EventFacts {
    EventFacts(
      id: EventIdentity(schedule: schedule.number, key: occurrence.key).text, namespace: schedule.namespace,
      type: schedule.eventType, scheduleID: schedule.id, occurrenceKey: occurrence.key, timeZone: occurrence.timeZone,
      user: user, definitionJSON: schedule.definitionJSON, local: occurrence.local, due: occurrence.dueAt,
      isTest: schedule.isTest, templatesJSON: wording.templatesJSON)
  }
}
