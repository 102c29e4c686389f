import CPluginAPI
import EventModel

/// The calls of `carillon.event-type/1`, on the thread that makes them.
struct EventTypeTable: Sendable {
  let functions: any EventTypeFunctions

  func create(_ name: String, _ configuration: String) throws(PluginHostError) -> InstanceHandle.Pointer {
    try InstanceMaker.make(plugin: name, name: name, configuration: configuration) {
      functions.create($0, $1, &$2, $3)
    }
  }

  /// - Throws: when the plugin refuses the batch or breaks its contract.
  func next(
    _ manifest: PluginManifest, _ instance: InstanceHandle.Pointer, _ requests: ArraySlice<OccurrenceRequest>
  ) throws(PluginHostError) -> [Result<[Occurrence], PluginHostError>] {
    try ArenaPool.with { arena throws(PluginHostError) in
      let collector = OccurrenceCollector(requests)
      let pointers = Self.write(requests, manifest.userFields, in: arena)
      try ErrorCollector.check(manifest.name, "next") { error in
        withExtendedLifetime(collector) {
          functions.next(instance.raw, pointers, requests.count, OccurrenceCollector.emit, collector.context, error)
        }
      }
      if let fault = collector.fault {
        throw PluginHostError(.contractBroken, "plugin \(manifest.name), next: \(fault)")
      }
      return collector.occurrences.map { .success($0) }
    }
  }

  /// - Throws: when the plugin refuses the batch.
  func render(
    _ manifest: PluginManifest, _ instance: InstanceHandle.Pointer, _ events: ArraySlice<EventFacts>
  ) throws(PluginHostError) -> [Result<Message, PluginHostError>] {
    try ArenaPool.with { arena throws(PluginHostError) in
      var collector = MessageCollector(count: events.count, plugin: manifest.name)
      let pointers = arena.allocate(UnsafePointer<carillon_event>?.self, count: events.count)
      var writer = EventWriter(fields: manifest.userFields)
      for (place, event) in events.enumerated() { pointers[place] = writer.write(event, in: arena) }
      try ErrorCollector.check(manifest.name, "render") { error in
        withUnsafeMutablePointer(to: &collector) {
          functions.render(instance.raw, pointers, events.count, MessageCollector.emit, $0, error)
        }
      }
      return collector.results()
    }
  }

  private static func write(
    _ requests: ArraySlice<OccurrenceRequest>, _ fields: UserFields, in arena: Arena
  ) -> UnsafeMutablePointer<UnsafePointer<carillon_next_request>?> {
    let count = requests.count
    let pointers = arena.allocate(UnsafePointer<carillon_next_request>?.self, count: count)
    let structures = arena.allocate(carillon_next_request.self, count: count)
    let cursors = arena.allocate(carillon_cursor.self, count: count)
    var users = UserWriter(fields: fields)
    for (place, request) in requests.enumerated() {
      let after = request.after
      cursors[place] = carillon_cursor(
        struct_size: UInt32(MemoryLayout<carillon_cursor>.size), flags: after.isStart ? CARILLON_CURSOR_START : 0,
        civil: carillon_civil(after.civil), reserved: 0, instant_ns: after.instant.nanoseconds,
        ordinal: after.ordinal, key: arena.copy(after.key))
      structures[place] = carillon_next_request(
        struct_size: UInt32(MemoryLayout<carillon_next_request>.size),
        max: UInt32(clamping: OccurrenceCollector.maximum(request)),
        definition_json: arena.copy(request.definitionJSON),
        user_json: users.write(request.user, in: arena), time_zone: arena.copy(request.timeZone),
        after: UnsafePointer(cursors + place))
      pointers[place] = UnsafePointer(structures + place)
    }
    return pointers
  }
}
