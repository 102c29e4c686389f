import CPluginAPI
import EventModel

/// Takes what `next` emits, and checks every bit of it: a plugin that lies about when would make the agent ring at the
/// wrong time, or for ever.
final class OccurrenceCollector {
  /// Most occurrences of one request.
  static let maximumOccurrences = 10_000
  /// Instants outside these are refused: the years 1 to 9999.
  private static let instants = Timestamp(seconds: -62_135_596_800)...Timestamp(seconds: 253_402_300_799)

  private let requests: [OccurrenceRequest]
  private(set) var occurrences: [[Occurrence]]
  private(set) var fault: String?

  init(_ requests: ArraySlice<OccurrenceRequest>) {
    self.requests = Array(requests)
    occurrences = Array(repeating: [], count: requests.count)
  }

  /// How many occurrences a request may get.
  static func maximum(_ request: OccurrenceRequest) -> Int { max(1, min(request.maximum, maximumOccurrences)) }

  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  static let emit: carillon_emit_occurrence = { context, request, occurrence in
    guard let context else { return CARILLON_STOP }
    return Unmanaged<OccurrenceCollector>.fromOpaque(context).takeUnretainedValue().take(request, occurrence)
  }

  private func take(_ request: Int, _ pointer: UnsafePointer<carillon_occurrence>?) -> carillon_status {
    guard fault == nil else { return CARILLON_STOP }
    do throws(Fault) {
      guard requests.indices.contains(request), let pointer else {
        throw Fault("emitted for request \(request) of \(requests.count)")
      }
      occurrences[request].append(try checked(carillon_occurrence.read(pointer), for: request))
      return CARILLON_OK
    } catch {
      fault = error.what
      return CARILLON_STOP
    }
  }

  private struct Fault: Error {
    var what: String
    init(_ what: String) { self.what = what }
  }

  private func checked(_ value: carillon_occurrence, for index: Int) throws(Fault) -> Occurrence {
    let request = requests[index]
    let taken = occurrences[index]
    guard taken.count < Self.maximum(request) else {
      throw Fault("emitted more than the \(Self.maximum(request)) occurrences that were asked for")
    }
    let key = value.key.text(maximumBytes: Names.maximumKeyBytes + 1)
    do throws(ModelError) { try Names.checkKey(key, field: "key") } catch {
      throw Fault("emitted the key \"\(PlainText.oneLine(key.prefix(80).description))\": \(error.description)")
    }
    guard key != request.after.key, !taken.contains(where: { $0.key == key }) else {
      throw Fault("emitted the key \"\(key)\" twice")
    }
    guard value.ordinal > taken.last?.ordinal ?? request.after.ordinal else {
      throw Fault("emitted the ordinal \(value.ordinal) after \(taken.last?.ordinal ?? request.after.ordinal)")
    }
    let when = try self.when(value, key)
    // Alone at a start, it is a series of one occurrence that is over: the planner knows whether it is late or missed.
    let early = taken.first.flatMap { Self.isBefore($0.when, nil, request.after) ? $0.key : nil }
    let isEarly = Self.isBefore(when, taken.last?.when, request.after)
    guard early == nil, !isEarly || (taken.isEmpty && request.after.isStart) else {
      throw Fault("emitted \"\(early ?? key)\", which is before what it was to follow")
    }
    return Occurrence(when: when, ordinal: value.ordinal, key: key)
  }

  private func when(_ value: carillon_occurrence, _ key: String) throws(Fault) -> Occurrence.When {
    switch value.kind {
    case CARILLON_OCCURRENCE_CIVIL:
      guard let fields = CivilFields(value.civil) else {
        throw Fault("emitted \"\(key)\" with a date that does not exist")
      }
      return .civil(fields)
    case CARILLON_OCCURRENCE_INSTANT:
      let instant = Timestamp(nanoseconds: value.instant_ns)
      guard Self.instants.contains(instant) else { throw Fault("emitted \"\(key)\" with an instant out of range") }
      return .instant(instant)
    default: throw Fault("emitted \"\(key)\" with the kind \(value.kind), which does not exist")
    }
  }

  private static func isBefore(_ when: Occurrence.When, _ previous: Occurrence.When?, _ after: OccurrenceCursor) -> Bool
  {
    switch (when, previous) {
    case (.civil(let fields), .civil(let previous)): fields.isBefore(previous)
    case (.instant(let instant), .instant(let previous)): instant < previous
    case (.civil(let fields), nil): fields.isBefore(after.civil)
    case (.instant(let instant), nil): instant < after.instant
    default: false  // local times and instants in one series: only the host, with the zone, can tell
    }
  }
}
