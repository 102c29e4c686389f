import EventModel
import Foundation
import PluginHost
import Synchronization
import Testing

/// What every template of a kind does, whatever its language.
enum Exercise {
  static func sink(_ made: Made) async throws {
    let path = "\(made.scratch.path)/messages.jsonl"
    try await made.hosted { registry in
      let refused = await #expect(throws: PluginHostError.self) {
        _ = try await registry.makeSink(plugin: made.name, name: "a", configurationJSON: #"{"path": "/tmp/"}"#)
      }
      #expect(refused?.violations.map(\.pointer) == ["/path"])
      let lost = try await registry.makeSink(
        plugin: made.name, name: "b", configurationJSON: #"{"path": "/nowhere/x"}"#)
      let error = await #expect(throws: PluginHostError.self) { try await lost.activate() }
      #expect(error?.message.contains("/nowhere/x") == true, "\(error?.message ?? "")")
      let sink = try await registry.makeSink(
        plugin: made.name, name: "c", configurationJSON: #"{"path": "\#(path)", "max_bytes": 1024}"#)
      try await sink.activate()
      let first = await deliver([delivery(1, "Say \"hi\"\n"), delivery(2, "ü")], to: sink)
      #expect(first.map(\.verdict) == [.delivered, .delivered] && first[0].externalID == "byte 0", "\(first)")
      let full = await deliver([delivery(3, String(repeating: "x", count: 1_024))], to: sink)
      #expect(full.map(\.verdict) == [.retry] && full[0].code == "file-full")
      let isDrained = try await sink.drain(timeout: .seconds(5))
      try await sink.deactivate()
      #expect(isDrained)
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let objects = try lines.map { try JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
    #expect(objects.map { $0["text"] } == ["Say \"hi\"\n", "ü"] && objects.map { $0["key"] } == ["key-1", "key-2"])
    #expect(objects.allSatisfy { $0["title"] == "A title" && $0["type"] == "notification" })
  }

  static func eventType(_ made: Made) async throws {
    try await made.hosted { registry in
      let type = try #require(registry.eventType(named: made.name))
      try await checkSeries(type)
      try await checkEnds(type)
      try await checkWords(type)
      for (definition, pointer) in [
        (#"{"title": "t", "from": "2026-02-29", "every": 1}"#, "/from"),
        (#"{"title": "t", "from": "2026-02-28", "every": 0}"#, "/every"),
        (#"{"title": "t", "from": "2026-02-28", "every": 1, "at": "24:00"}"#, "/at"),
      ] {
        let error = await #expect(throws: PluginHostError.self) { try await type.validate(definitionJSON: definition) }
        #expect(error?.violations.map(\.pointer) == [pointer])
      }
    }
  }

  /// Against Foundation's calendar, over leap days and centuries, in more than one call.
  private static func checkSeries(_ type: EventTypeInstance) async throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for (year, every) in [(2026, 1), (2023, 7), (2096, 400), (1999, 3_660)] {
      let first = try #require(calendar.date(from: DateComponents(year: year, month: 2, day: 28)))
      let definition = #"{"title": "Ü", "from": "\#(year)-02-28", "every": \#(every), "at": "08:30"}"#
      var found: [Occurrence] = []
      var cursor = start(.init(year: Int32(year), month: 2, day: 28, hour: 8, minute: 30))
      for _ in 0..<3 {
        let part = try await next(type, definition, after: cursor, maximum: 20)
        guard let last = part.last, case .civil(let civil) = last.when else { break }
        found += part
        cursor = OccurrenceCursor(
          isStart: false, civil: civil, instant: Timestamp(seconds: 1), ordinal: last.ordinal, key: last.key)
      }
      let wanted = try (0..<60).map { index in
        let date = try #require(calendar.date(byAdding: .day, value: index * every, to: first))
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
      }
      #expect(found.map(\.key) == wanted && found.map(\.ordinal) == Array(1...60), "every \(every) from \(year)")
    }
  }

  private static func checkEnds(_ type: EventTypeInstance) async throws {
    let definition = #"{"title": "t", "from": "2026-01-01", "every": 3, "at": "08:30"}"#
    let late = start(.init(year: 2026, month: 1, day: 4, hour: 8, minute: 30, second: 1))
    #expect(try await next(type, definition, after: late, maximum: 1).map(\.key) == ["2026-01-07"])
    let before = start(.init(year: 2025, month: 6, day: 1))
    #expect(try await next(type, definition, after: before, maximum: 2).map(\.key) == ["2026-01-01", "2026-01-04"])
    let end = start(.init(year: 9999, month: 12, day: 29))
    #expect(try await next(type, definition, after: end, maximum: 10).count <= 1)
  }

  private static func checkWords(_ type: EventTypeInstance) async throws {
    let events = [4, 7].map { day in
      EventFacts(
        id: "evt_\(day)", namespace: "default", type: "x", scheduleID: "s", occurrenceKey: "k", timeZone: "UTC",
        user: nil, definitionJSON: #"{"title": "Ü \"x\"", "from": "2026-01-01", "every": 3}"#,
        local: CivilFields(year: 2026, month: 1, day: UInt8(day), hour: 9), due: Timestamp(seconds: 0))
    }
    let messages = try await type.render(events).map { try $0.get() }
    #expect(messages.map(\.title) == ["Ü \"x\"", "Ü \"x\""])
    #expect(messages.map(\.text) == ["Ü \"x\" (no. 2)", "Ü \"x\" (no. 3)"])
    #expect(messages.map(\.data) == [#"{"number":2}"#, #"{"number":3}"#])
  }

  private static func next(
    _ type: EventTypeInstance, _ definition: String, after: OccurrenceCursor, maximum: Int
  ) async throws -> [Occurrence] {
    let request = OccurrenceRequest(
      definitionJSON: definition, user: nil, timeZone: "UTC", after: after, maximum: maximum)
    return try #require(await type.next([request]).first).get()
  }

  private static func start(_ civil: CivilFields) -> OccurrenceCursor {
    OccurrenceCursor(isStart: true, civil: civil, instant: Timestamp(seconds: 0), ordinal: 0, key: "")
  }

  private static func delivery(_ id: UInt64, _ text: String) -> Delivery {
    let event = EventFacts(
      id: "evt_\(id)", namespace: "default", type: "notification", scheduleID: "s", occurrenceKey: "k",
      timeZone: "UTC", user: nil, definitionJSON: "{}", local: CivilFields(year: 2026, month: 1, day: 1),
      due: Timestamp(seconds: 0))
    return Delivery(
      id: id, idempotencyKey: "key-\(id)", endpoint: "", carry: "", attempt: 1, timeLimit: .seconds(30),
      firstAttemptAt: Timestamp(seconds: 0), lateness: .zero, event: event,
      message: Message(title: "A title", text: text))
  }

  private static func deliver(_ deliveries: [Delivery], to sink: SinkInstance) async -> [DeliveryResult] {
    let (stream, continuation) = AsyncStream.makeStream(of: DeliveryResult.self)
    sink.deliver(deliveries) { for result in $0 { continuation.yield(result) } }
    var results: [DeliveryResult] = []
    for await result in stream {
      results.append(result)
      if results.count == deliveries.count { break }
    }
    return results.sorted { $0.id < $1.id }
  }
}
