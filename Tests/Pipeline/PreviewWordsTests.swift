import EventModel
import Store
import Testing

@testable import Pipeline

/// What coming occurrences say, before they do.
@Suite struct PreviewWordsTests {
  static let noon = Timestamp(seconds: 1_800_000_000)
  static let series = Series(
    occurrences: (1...30).map { PlanMakerTests.at(noon + .hours(Int64($0) * 24), UInt64($0)) }
      + [PlanMakerTests.at(noon + .hours(401 * 24), 99)])

  private static func world(_ series: Series = series) async throws -> World {
    let type = SeriesType(series: series, wording: BuiltInWording(takesTemplates: true, locale: "en"))
    let world = try await World(at: noon, plugins: TestPlugins(types: ["reminder": type, "broken": BrokenType()]))
    try await world.commit(
      .putTemplate(
        MessageTemplate(namespace: "default", id: "german", eventType: "reminder", locale: "de", title: "Hallo"), .none),
      .putSink(Sink(namespace: "default", name: "mail", plugin: "x", configurationJSON: "{}"), .none),
      .putTemplate(
        MessageTemplate(namespace: "default", id: "mail", eventType: "reminder", locale: "de", sink: "mail", text: "M"),
        .none))
    try await world.pipeline.refreshSettings()
    return world
  }

  private static func schedule(
    _ exceptions: [OccurrenceException] = [], definition: String = "{}", type: String = "reminder", isTest: Bool = false
  ) -> Schedule {
    Schedule(
      namespace: "default", id: "s", userID: nil, eventType: type, definitionJSON: definition, startAt: noon,
      isTest: isTest, exceptions: exceptions)
  }

  private static func user(_ locale: String) -> User { User(namespace: "default", id: "u", locale: locale) }

  @Test func eachOccurrenceIsWordedForEachSink() async throws {
    let world = try await Self.world()
    let query = WordsQuery(
      schedule: Self.schedule(), user: Self.user("de-AT"), count: 2, sinks: ["mail", "discord"])
    let worded = try await world.pipeline.preview(words: query, after: Self.noon)
    #expect(worded.map(\.occurrence.key) == ["i1", "i2"])
    for one in worded {
      #expect(one.messages.map(\.sink) == ["mail", "discord"])
      #expect(try one.messages.map { try $0.message.get().title } == [one.occurrence.key, one.occurrence.key])
      #expect(try one.messages.map { try $0.message.get().text } == [#"{"text":"M"}"#, #"{"title":"Hallo"}"#])
      #expect(one.messages.map(\.wording.locale) == ["de", "de"])
    }
    await world.close()
  }

  @Test func theWordingSaysWhereTheWordsComeFrom() async throws {
    let world = try await Self.world()
    func wording(
      _ locale: String, definition: String = "{}", template: MessageTemplate? = nil
    ) async throws -> Wording {
      let query = WordsQuery(
        schedule: Self.schedule(definition: definition), user: Self.user(locale), template: template)
      let worded = try await world.pipeline.preview(words: query, after: Self.noon)
      #expect(worded.map(\.messages.count) == [1] && worded.map(\.messages[0].sink) == [""])
      return worded[0].messages[0].wording
    }
    #expect(try await wording("en").source == .builtIn)
    #expect(try await wording("fr").fallback == "no words for fr: the built-in words in en")
    #expect(try await wording("fr", definition: #"{"templates":{"title":"x"}}"#).source == .schedule)
    let tried = MessageTemplate(namespace: "default", id: "new", eventType: "reminder", title: "New")
    #expect(try await wording("de", template: tried).source == .template(tried))
    #expect(try await wording("fr", template: tried).source == .template(tried))
    await world.close()
  }

  @Test func exceptionsCount() async throws {
    let world = try await Self.world()
    let moved = CivilFields(year: 2027, month: 1, day: 16, hour: 20)
    let schedule = Self.schedule([
      OccurrenceException(key: "i1", action: .skip), OccurrenceException(key: "i9", action: .move(to: moved)),
    ])
    let worded = try await world.pipeline.preview(
      words: WordsQuery(schedule: schedule, user: nil, count: 3), after: Self.noon)
    #expect(worded.map(\.occurrence.key) == ["i9", "i2", "i3"])
    #expect(worded[0].occurrence.local == moved)
    let one = try await world.pipeline.preview(
      words: WordsQuery(schedule: schedule, user: nil, occurrenceKey: "i9"), after: Self.noon)
    #expect(one.map(\.occurrence.dueAt) == [worded[0].occurrence.dueAt])
    await world.close()
  }

  @Test func oneOccurrenceIsFoundByItsKeyWithin400Days() async throws {
    let world = try await Self.world()
    func find(_ key: String, _ schedule: Schedule = Self.schedule()) async -> PipelineError.Code? {
      do {
        let found = try await world.pipeline.preview(
          words: WordsQuery(schedule: schedule, user: nil, occurrenceKey: key), after: Self.noon)
        #expect(found.map(\.occurrence.key) == [key])
        return nil
      } catch { return error.code }
    }
    #expect(await find("i30") == nil)
    #expect(await find("i99") == .notFound)
    #expect(await find("i31") == .notFound)
    #expect(await find("i2", Self.schedule([OccurrenceException(key: "i2", action: .skip)])) == .notFound)
    #expect(await find("i2", Self.schedule(type: "none")) == .unavailable)
    #expect(await find("i2", Self.schedule(type: "broken")) == .unplannable)
    await world.close()
  }

  @Test func aSearchThroughEveryMinuteOf400DaysEnds() async throws {
    let world = try await World(at: Self.noon, plugins: TestPlugins(types: ["reminder": MinuteType()]))
    let last = Self.noon + .hours(400 * 24) - .minutes(1)
    let found = try await world.pipeline.preview(
      words: WordsQuery(schedule: Self.schedule(), user: nil, occurrenceKey: "\(last.seconds)"), after: Self.noon)
    #expect(found.map(\.occurrence.dueAt) == [last])
    await #expect(throws: PipelineError.self) {
      try await world.pipeline.preview(
        words: WordsQuery(schedule: Self.schedule(), user: nil, occurrenceKey: "never"), after: Self.noon)
    }
    await world.close()
  }

  @Test func aMessageThatCannotBeRenderedSaysWhyAndATestIsMarked() async throws {
    let world = try await Self.world()
    let broken = WordsQuery(schedule: Self.schedule(), user: Self.user("en"), count: 50)
    let worded = try await world.pipeline.preview(words: broken, after: Self.noon)
    #expect(worded.count == Pipeline.mostWorded)
    // i5 is one that the event type refuses.
    #expect(worded[4].messages[0].message == .failure(PortError(.invalid, "no words for i5")))
    let test = try await world.pipeline.preview(
      words: WordsQuery(schedule: Self.schedule(isTest: true), user: nil), after: Self.noon)
    #expect(try test.map { try $0.messages[0].message.get().title } == ["[Test] i1"])
    await world.close()
  }
}

struct BrokenType: EventTypePort {
  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    requests.map { _ in .failure(PortError(.invalid, "no")) }
  }
  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] { [] }
}

struct MinuteType: EventTypePort {
  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    requests.map { .success(DenseReplanTests.every(1)($0)) }
  }
  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    events.map { .success(Message(title: $0.occurrenceKey, text: "")) }
  }
}
