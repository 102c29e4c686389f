import PluginKit0

/// An event type that rings every so many days, from a day on:
///
///     {"title": "Water the plants", "from": "2026-01-01", "every": 3, "at": "08:30"}
///
/// It answers in local time and knows nothing of time zones: the agent converts. It keeps nothing between calls, so that
/// they may overlap, and the same question always has the same answer.
struct __TYPE__EventType: EventTypePlugin {
  static let threadModel = ThreadModel.parallel

  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {}

  func validate(_ definition: JSONText) throws(PluginError) { _ = try Definition(definition) }

  func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    let definition = try Definition(request.definition)
    var day = Self.firstDay(of: definition, after: request.after)
    for place in 1...max(1, request.max) {
      guard let date = CivilDate(dayNumber: day) else { return }  // past the year 9999: the series has ended
      // The key is the day: the same though the hour or the zone changes.
      let occurrence = Occurrence(
        .civil(Civil(date, definition.time)), ordinal: request.after.ordinal + UInt64(place), key: "\(date)")
      guard emit(occurrence) == .more else { return }
      day += definition.every
    }
  }

  func render(_ event: Event) throws(PluginError) -> Message {
    let definition = try Definition(event.definition)
    let number = definition.number(of: event.local.date)
    var data = JSONObject()
    data["number"] = .integer(Int64(number))
    return Message(title: definition.title, text: "\(definition.title) (no. \(number))", data: data)
  }

  /// The number of the first day that comes after the cursor; a start counts itself.
  private static func firstDay(of definition: Definition, after cursor: Cursor) -> Int {
    let (first, day) = (definition.first.dayNumber, cursor.civil.date.dayNumber)
    guard day >= first else { return first }
    let rest = (day - first) % definition.every
    guard rest == 0 else { return day + definition.every - rest }
    let (ring, now) = (definition.time, cursor.civil.time)
    // Of two equal local times, when clocks go back, the ring is the first.
    let isStart = cursor.isStart && cursor.civil.fold == 0
    return ring > now || (ring == now && isStart) ? day : day + definition.every
  }
}
