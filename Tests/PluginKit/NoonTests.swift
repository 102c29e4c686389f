import PluginKit0
import Testing

/// The plugin that the module's README shows.
private struct Noon: EventTypePlugin {
  init(name: String, configuration: JSONText, host: Host) throws(PluginError) {}

  func validate(_ definition: JSONText) throws(PluginError) {}

  func next(_ request: NextRequest, emit: (Occurrence) -> Demand) throws(PluginError) {
    guard let noon = CivilTimeOfDay(hour: 12, minute: 0) else { return }
    var date: CivilDate? = request.after.civil.date
    var ordinal = request.after.ordinal
    while let day = date {
      let civil = Civil(day, noon)
      if civil > request.after.civil || (request.after.isStart && civil == request.after.civil) {
        ordinal += 1
        guard emit(Occurrence(.civil(civil), ordinal: ordinal, key: day.description)) == .more else { return }
      }
      date = day.adding(days: 1)
    }
  }

  func render(_ event: Event) throws(PluginError) -> Message { Message(title: "Noon", text: "It is noon.") }
}

@Suite struct NoonTests {
  @Test func theReadmesPluginWorks() throws {
    let civil = Civil(try #require(CivilDate(year: 2026, month: 12, day: 31)), try #require(.init(hour: 12, minute: 1)))
    let request = NextRequest(
      definition: "{}", timeZone: "UTC", after: Cursor(isStart: true, civil: civil, instantNanoseconds: 0))
    let noon = try Noon(
      name: "noon", configuration: "{}", host: Host(instanceName: "noon", services: SilentServices()))
    var keys: [String] = []
    try noon.next(request) {
      keys.append($0.key)
      return keys.count < 3 ? .more : .enough
    }
    #expect(keys == ["2027-01-01", "2027-01-02", "2027-01-03"])
  }
}
