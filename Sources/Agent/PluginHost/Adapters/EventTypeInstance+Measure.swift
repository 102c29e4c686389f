public import EventModel

extension EventTypeInstance {
  /// How long each of several calls of `render` takes on the instance's own thread: writing the structures, the call,
  /// and reading the messages, without the way to that thread and back. For `make bench`.
  /// - Returns: nanoseconds a call, one for each round.
  @_spi(Measurement)
  public func measureRender(_ events: [EventFacts], rounds: Int) async throws(PluginHostError) -> [Int64] {
    let (table, plugin) = (table, plugin)
    return try await call("render") { pointer throws(PluginHostError) in
      var samples: [Int64] = []
      for _ in 0..<rounds {
        let start = MonotonicClock.now
        _ = try table.render(plugin.manifest, pointer, events[...])
        samples.append(MonotonicClock.now - start)
      }
      return samples
    }
  }
}
