import CivilTime
import EventModel
import PluginKit0

@testable import Pipeline

/// A real event type, called without the C ABI between.
struct PluginType<Plugin: EventTypePlugin>: EventTypePort {
  let plugin: Plugin

  func next(_ requests: [OccurrenceRequest]) async -> [Result<[EventModel.Occurrence], PortError>] {
    requests.map { request in
      var found: [EventModel.Occurrence] = []
      do throws(PluginError) {
        try plugin.next(try NextRequest(request)) { occurrence in
          found.append(EventModel.Occurrence(occurrence))
          return found.count < request.maximum ? .more : .enough
        }
      } catch {
        return .failure(PortError(.invalid, "\(error)"))
      }
      return .success(found)
    }
  }

  func render(_ events: [EventFacts]) async -> [Result<EventModel.Message, PortError>] {
    events.map { .success(EventModel.Message(title: $0.occurrenceKey, text: "")) }
  }
}

extension NextRequest {
  fileprivate init(_ request: OccurrenceRequest) throws(PluginError) {
    let user = request.user.map {
      #"{"id": "\#($0.id)", "time_zone": "\#($0.timeZone)", "dates": \#($0.datesJSON)}"#
    }
    self.init(
      max: request.maximum, definition: JSONText(request.definitionJSON), user: JSONText(user ?? "{}"),
      timeZone: request.timeZone,
      after: Cursor(
        isStart: request.after.isStart, civil: try Civil(request.after.civil),
        instantNanoseconds: request.after.instant.microseconds * 1_000, ordinal: request.after.ordinal,
        key: request.after.key))
  }
}

extension Civil {
  fileprivate init(_ fields: CivilFields) throws(PluginError) {
    guard
      let date = PluginKit0.CivilDate(year: Int(fields.year), month: Int(fields.month), day: Int(fields.day)),
      let time = PluginKit0.CivilTimeOfDay(
        hour: Int(fields.hour), minute: Int(fields.minute), second: Int(fields.second))
    else { throw PluginError(.invalid, "no date and time") }
    self.init(date, time, fold: Int(fields.fold))
  }
}

extension EventModel.Occurrence {
  fileprivate init(_ occurrence: PluginKit0.Occurrence) {
    let when: When =
      switch occurrence.when {
      case .instant(let nanoseconds): .instant(Timestamp(microseconds: nanoseconds / 1_000))
      case .civil(let civil):
        .civil(
          CivilFields(
            year: Int32(civil.date.year), month: UInt8(civil.date.month), day: UInt8(civil.date.day),
            hour: UInt8(civil.time.hour), minute: UInt8(civil.time.minute), second: UInt8(civil.time.second),
            fold: UInt8(civil.fold)))
      }
    self.init(when: when, ordinal: occurrence.ordinal, key: occurrence.key)
  }
}

/// What a plugin finds around it: the system's zones, and nothing else.
struct PluginSurroundings: HostServices {
  static var host: Host { Host(instanceName: "test", services: PluginSurroundings()) }

  func isLogged(_ level: LogLevel) -> Bool { false }
  func log(_ level: LogLevel, instance: String, message: String) {}
  func complete(_ completions: [Completion]) -> CompletionAnswer { .taken }
  func secret(_ reference: String, instance: String) throws(PluginError) -> Secret {
    throw PluginError(.denied, "there are no secrets here")
  }

  private func resolver(
    _ zone: String, gap: GapRule = .shiftForward, fold: FoldRule = .first
  ) throws(PluginError) -> OccurrenceResolver {
    guard let rules = try? World.zones?.zone(named: zone) else { throw PluginError(.notFound, "no zone \(zone)") }
    return OccurrenceResolver(rules: rules, gap: gap, fold: fold)
  }

  func instant(
    of civil: Civil, in timeZone: String, gap: PluginKit0.GapPolicy, fold: PluginKit0.FoldPolicy
  ) throws(PluginError) -> Int64 {
    let rule: GapRule =
      switch gap {
      case .shiftForward: .shiftForward
      case .before: .before
      case .skip: .skip
      }
    guard
      case .civil(let fields) = EventModel.Occurrence(.init(.civil(civil), ordinal: 1, key: "k")).when,
      let found = try? resolver(timeZone, gap: rule, fold: fold == .first ? .first : .second).instant(of: fields)
    else { throw PluginError(.notFound, "no such time") }
    return found.microseconds * 1_000
  }

  func civil(atNanoseconds instant: Int64, in timeZone: String) throws(PluginError) -> Civil {
    let at = Timestamp(microseconds: Int64((Double(instant) / 1_000).rounded(.down)))
    guard let fields = try? resolver(timeZone).civil(at: at) else { throw PluginError(.notFound, "no such time") }
    return try Civil(fields)
  }
}
