public import EventModel
import PluginHost

/// What is asked of an event type at the desk.
public struct SeriesQuestion: Sendable {
  /// The schedule's definition, JSON.
  public var definitionJSON: String
  /// The person, if there is one.
  public var user: UserSnapshot?
  /// IANA name of the zone.
  public var timeZone: String
  /// Local time from which on occurrences are wanted.
  public var from: CivilFields
  /// How many at most.
  public var count: Int

  /// A question.
  public init(definitionJSON: String, user: UserSnapshot?, timeZone: String, from: CivilFields, count: Int) {
    self.definitionJSON = definitionJSON
    self.user = user
    self.timeZone = timeZone
    self.from = from
    self.count = count
  }
}

/// One occurrence, placed in its zone.
public struct PlacedOccurrence: Sendable {
  /// The plugin's name for it.
  public var key: String
  /// Its number in the series, from 1.
  public var ordinal: UInt64
  /// Local time, as the zone's clocks show it: not what the plugin said where they skip that.
  public var local: CivilFields
  /// The instant.
  public var instant: Timestamp
}

/// An event type at the desk.
public struct EventTypeDesk: Sendable {
  /// Occurrences that are asked for in one call: more than one, so that a plugin's batches are seen.
  static let page = 32
  private let eventType: EventTypeInstance
  private let zones: DeskZones

  /// The plugin's event type.
  /// - Throws: when it is none.
  public init(_ desk: PluginDesk) throws(DeskError) {
    let name = desk.plugin.manifest.name
    guard let eventType = desk.registry.eventType(named: name) else {
      throw DeskError("\(name) is no event type")
    }
    self.eventType = eventType
    zones = desk.zones
  }

  /// The next occurrences, fewer than asked for where the series ends.
  /// - Throws: the faults of the definition, an unknown zone, or what the plugin said.
  public func occurrences(_ question: SeriesQuestion) async throws(DeskError) -> [PlacedOccurrence] {
    do throws(PluginHostError) { try await eventType.validate(definitionJSON: question.definitionJSON) } catch {
      throw DeskError(error)
    }
    var cursor = OccurrenceCursor(
      isStart: true, civil: question.from, instant: try zones.instant(of: question.from, in: question.timeZone),
      ordinal: 0, key: "")
    var found: [PlacedOccurrence] = []
    while found.count < question.count {
      let wanted = min(Self.page, question.count - found.count)
      let answer = try await next(question, after: cursor, maximum: wanted)
      for occurrence in answer { found.append(try place(occurrence, in: question.timeZone)) }
      guard answer.count == wanted, let last = found.last else { break }
      cursor = OccurrenceCursor(
        isStart: false, civil: last.local, instant: last.instant, ordinal: last.ordinal, key: last.key)
    }
    return found
  }

  /// What each occurrence says.
  /// - Throws: what the plugin said of the first one that it could not word.
  public func messages(
    _ occurrences: [PlacedOccurrence], of question: SeriesQuestion
  ) async throws(DeskError) -> [Message] {
    let events = occurrences.map { occurrence in
      EventFacts(
        id: "evt_\(occurrence.ordinal)", namespace: "default", type: eventType.name, scheduleID: "desk",
        occurrenceKey: occurrence.key, timeZone: question.timeZone, user: question.user,
        definitionJSON: question.definitionJSON, local: occurrence.local, due: occurrence.instant)
    }
    var messages: [Message] = []
    for result in await eventType.render(events) {
      do throws(PluginHostError) { messages.append(try result.get()) } catch { throw DeskError(error) }
    }
    return messages
  }

  private func next(
    _ question: SeriesQuestion, after cursor: OccurrenceCursor, maximum: Int
  ) async throws(DeskError) -> [Occurrence] {
    let request = OccurrenceRequest(
      definitionJSON: question.definitionJSON, user: question.user, timeZone: question.timeZone, after: cursor,
      maximum: maximum)
    guard let answer = await eventType.next([request]).first else { return [] }
    do throws(PluginHostError) { return try answer.get() } catch { throw DeskError(error) }
  }

  private func place(_ occurrence: Occurrence, in zone: String) throws(DeskError) -> PlacedOccurrence {
    let instant =
      switch occurrence.when {
      case .instant(let instant): instant
      case .civil(let civil): try zones.instant(of: civil, in: zone)
      }
    return PlacedOccurrence(
      key: occurrence.key, ordinal: occurrence.ordinal, local: try zones.civil(at: instant, in: zone), instant: instant)
  }
}
