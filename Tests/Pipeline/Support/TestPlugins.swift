import EventModel
import Synchronization

@testable import Pipeline

/// A yearly event type of the tests' own: `{"month", "day", "hour", "minute", "lead", "leap"}`, all strings.
struct YearlyType: EventTypePort {
  func next(_ requests: [OccurrenceRequest]) async -> [Result<[Occurrence], PortError>] {
    requests.map { request in
      guard let rule = YearlyRule(request.definitionJSON) else {
        return .failure(PortError(.invalid, "bad definition"))
      }
      return .success(rule.occurrences(after: request.after, maximum: request.maximum))
    }
  }

  func render(_ events: [EventFacts]) async -> [Result<Message, PortError>] {
    events.map { .success(Message(title: "Happy \($0.occurrenceKey)", text: "for \($0.user?.displayName ?? "all")")) }
  }
}

struct YearlyRule {
  var (month, day, hour, minute, lead) = (1, 1, 9, 0, 0)
  var leap = "feb-28"

  init?(_ json: String) {
    func number(_ name: String) -> Int? { FlatJSON.value(name, in: json).flatMap { Int($0) } }
    guard let month = number("month"), let day = number("day") else { return nil }
    (self.month, self.day) = (month, day)
    (hour, minute, lead) = (number("hour") ?? 9, number("minute") ?? 0, number("lead") ?? 0)
    leap = FlatJSON.value("leap", in: json) ?? leap
  }

  func occurrences(after cursor: OccurrenceCursor, maximum: Int) -> [Occurrence] {
    var found: [Occurrence] = []
    var year = Int(cursor.civil.year) - 1
    while found.count < maximum {
      year += 1
      guard let celebrated = celebrated(in: year) else { continue }
      let date = Days.date(Days.number(celebrated) - lead)
      let civil = CivilFields(
        year: Int32(date.year), month: UInt8(date.month), day: UInt8(date.day), hour: UInt8(hour), minute: UInt8(minute)
      )
      guard
        cursor.isStart ? Self.order(civil) >= Self.order(cursor.civil) : Self.order(civil) > Self.order(cursor.civil)
      else { continue }
      let key = Days.text(celebrated) + (lead == 0 ? "" : "-\(lead)d")
      found.append(Occurrence(when: .civil(civil), ordinal: cursor.ordinal + UInt64(found.count) + 1, key: key))
    }
    return found
  }

  private func celebrated(in year: Int) -> (year: Int, month: Int, day: Int)? {
    guard month == 2, day == 29, !Days.isLeap(year) else { return (year, month, day) }
    switch leap {
    case "feb-28": return (year, 2, 28)
    case "mar-1": return (year, 3, 1)
    default: return nil
    }
  }

  private static func order(_ civil: CivilFields) -> Int {
    let day = Days.number((Int(civil.year), Int(civil.month), Int(civil.day)))
    return (day * 24 + Int(civil.hour)) * 60 + Int(civil.minute)
  }
}

/// Days as numbers, by the proleptic Gregorian calendar.
enum Days {
  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func number(_ date: (year: Int, month: Int, day: Int)) -> Int {
    let year = date.month <= 2 ? date.year - 1 : date.year
    let month = (date.month + 9) % 12
    return 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + date.day - 1
  }

  static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
    var year = (10_000 * number + 14_780) / 3_652_425
    var rest = number - (365 * year + year / 4 - year / 100 + year / 400)
    if rest < 0 {
      year -= 1
      rest = number - (365 * year + year / 4 - year / 100 + year / 400)
    }
    let month = (100 * rest + 52) / 3_060
    return (year + (month + 2) / 12, (month + 2) % 12 + 1, rest - (month * 306 + 5) / 10 + 1)
  }

  static func text(_ date: (year: Int, month: Int, day: Int)) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day))"
  }
}

/// A sink that keeps what it got and answers as told.
final class TestSink: SinkPort {
  typealias Answer = @Sendable (Delivery) -> DeliveryResult?

  private struct State {
    var deliveries: [Delivery] = []
    var batches: [Int] = []
    var cancelled: [UInt64] = []
    var held: [(Delivery, @Sendable ([DeliveryResult]) -> Void)] = []
    var answer: Answer
  }

  private let state: Mutex<State>

  /// - Parameter answer: nil holds the delivery until `release`.
  init(answer: @escaping Answer = { DeliveryResult(id: $0.id, verdict: .delivered) }) {
    state = Mutex(State(answer: answer))
  }

  var deliveries: [Delivery] { state.withLock { $0.deliveries } }
  var cancelled: [UInt64] { state.withLock { $0.cancelled } }
  var batches: [Int] { state.withLock { $0.batches } }
  func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

  func deliver(_ deliveries: [Delivery], completion: @escaping @Sendable ([DeliveryResult]) -> Void) {
    let answer = state.withLock { state in
      state.deliveries += deliveries
      state.batches.append(deliveries.count)
      return state.answer
    }
    var results: [DeliveryResult] = []
    for delivery in deliveries {
      if let result = answer(delivery) {
        results.append(result)
      } else {
        state.withLock { $0.held.append((delivery, completion)) }
      }
    }
    if !results.isEmpty { completion(results) }
  }

  func cancel(ids: [UInt64]) { state.withLock { $0.cancelled += ids } }

  /// Completes what is held.
  func release(_ verdict: DeliveryResult.Verdict = .delivered) {
    let held = state.withLock { state in
      defer { state.held = [] }
      return state.held
    }
    for (delivery, completion) in held { completion([DeliveryResult(id: delivery.id, verdict: verdict)]) }
  }
}

/// Event types and sinks by name.
final class TestPlugins: PluginDirectory {
  private let state: Mutex<(types: [String: any EventTypePort], sinks: [String: any SinkPort])>

  init(types: [String: any EventTypePort] = ["birthday": YearlyType(), "notification": YearlyType()]) {
    state = Mutex((types, [:]))
  }

  func eventType(named name: String) -> (any EventTypePort)? { state.withLock { $0.types[name] } }

  func sink(_ sink: Sink) async -> Result<any SinkPort, PortError> {
    state.withLock { $0.sinks[sink.name] }.map { .success($0) }
      ?? .failure(PortError(.unavailable, "there is no plugin \(sink.plugin)"))
  }

  func put(_ sink: any SinkPort, named name: String) { state.withLock { $0.sinks[name] = sink } }
}
