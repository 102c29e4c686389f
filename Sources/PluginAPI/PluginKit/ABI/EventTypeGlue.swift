import CPluginAPI

/// The functions behind `carillon.event-type/1`.
enum EventTypeGlue {
  typealias Handle = Instance<any EventTypePlugin>

  static func table(_ model: ThreadModel) -> carillon_event_type_1 {
    carillon_event_type_1(
      struct_size: UInt32(MemoryLayout<carillon_event_type_1>.size), thread_model: model.rawValue,
      create: { EventTypeGlue.create($0, $1, $2, $3) },
      validate: { EventTypeGlue.validate($0, $1, $2) },
      next: { EventTypeGlue.next($0, $1, $2, $3, $4, $5) },
      render: { EventTypeGlue.render($0, $1, $2, $3, $4, $5) },
      destroy: { EventTypeGlue.Handle.destroy($0) })
  }

  private static func create(
    _ name: carillon_str, _ configuration: carillon_str, _ out: UnsafeMutablePointer<OpaquePointer?>?,
    _ collector: OpaquePointer?
  ) -> carillon_status {
    let plugin = LoadedPlugin.current
    return guarded(plugin?.host, collector) { () throws(PluginError) in
      guard let plugin, let type = plugin.eventType, let host = plugin.host else { throw .notStarted }
      guard let out else { throw PluginError(.invalid, "there is no place for the instance") }
      let name = try Borrowed.string(name, "the instance's name")
      let instance = try type.init(
        name: name, configuration: JSONText(try Borrowed.string(configuration, "config_json")),
        host: Host(instanceName: name, services: host))
      out.pointee = Handle(instance, host: host).handle()
    }
  }

  private static func validate(
    _ handle: OpaquePointer?, _ definition: carillon_str, _ collector: OpaquePointer?
  ) -> carillon_status {
    guard let instance = Handle.borrow(handle) else { return CARILLON_INVALID }
    return guarded(instance.host, collector) { () throws(PluginError) in
      try instance.plugin.validate(JSONText(try Borrowed.string(definition, "definition_json")))
    }
  }

  private static func next(
    _ handle: OpaquePointer?, _ requests: UnsafePointer<UnsafePointer<carillon_next_request>?>?, _ count: Int,
    _ emit: carillon_emit_occurrence?, _ context: UnsafeMutableRawPointer?, _ collector: OpaquePointer?
  ) -> carillon_status {
    guard let instance = Handle.borrow(handle), let emit else { return CARILLON_INVALID }
    return guarded(instance.host, collector) { () throws(PluginError) in
      for (index, pointer) in try Borrowed.array(requests, count).enumerated() {
        let request = try NextRequest(borrowed: pointer)
        var emitter = OccurrenceEmitter(max: request.max, index: index, emit: emit, context: context)
        try instance.plugin.next(request) { emitter.take($0) }
        if let fault = emitter.fault { throw fault }
        if emitter.hostStopped { return }
      }
    }
  }

  /// An event that fails is an error of that event alone: the others of its batch get their messages. The host
  /// learns the reason by asking for that event by itself, where the error is the call's.
  private static func render(
    _ handle: OpaquePointer?, _ events: UnsafePointer<UnsafePointer<carillon_event>?>?, _ count: Int,
    _ emit: carillon_emit_message?, _ context: UnsafeMutableRawPointer?, _ collector: OpaquePointer?
  ) -> carillon_status {
    guard let instance = Handle.borrow(handle), let emit else { return CARILLON_INVALID }
    return guarded(instance.host, collector) { () throws(PluginError) in
      var failure: PluginError?
      var emitted = false
      for (index, pointer) in try Borrowed.array(events, count).enumerated() {
        do throws(PluginError) {
          let message = try instance.plugin.render(try Event(borrowed: pointer))
          guard message.lend({ emit(context, index, $0) }) == CARILLON_OK else { return }
          emitted = true
        } catch {
          failure = failure ?? error
        }
      }
      if let failure, !emitted { throw failure }
    }
  }
}

/// Hands one request's occurrences to the host, and holds the plugin to the contract.
private struct OccurrenceEmitter {
  let max: Int
  let index: Int
  let emit: carillon_emit_occurrence
  let context: UnsafeMutableRawPointer?
  var given = 0
  var hostStopped = false
  var fault: PluginError?

  init(max: Int, index: Int, emit: @escaping carillon_emit_occurrence, context: UnsafeMutableRawPointer?) {
    self.max = max
    self.index = index
    self.emit = emit
    self.context = context
  }

  mutating func take(_ occurrence: Occurrence) -> Demand {
    guard given < max, !hostStopped, fault == nil else { return .enough }
    guard Occurrence.isKey(occurrence.key) else {
      fault = PluginError(.failed, "an occurrence key must be 1 to 200 printable ASCII characters without space")
      return .enough
    }
    guard occurrence.ordinal > 0 else {
      fault = PluginError(.failed, "an occurrence has the ordinal 0")
      return .enough
    }
    hostStopped = occurrence.lend { emit(context, index, $0) } != CARILLON_OK
    given += 1
    return hostStopped || given == max ? .enough : .more
  }
}

extension Occurrence {
  fileprivate func lend(_ body: (UnsafePointer<carillon_occurrence>) -> carillon_status) -> carillon_status {
    lending(key) { key in
      var structure = carillon_occurrence()
      structure.struct_size = UInt32(MemoryLayout<carillon_occurrence>.size)
      switch when {
      case .civil(let civil):
        structure.kind = CARILLON_OCCURRENCE_CIVIL
        structure.civil = carillon_civil(civil)
      case .instant(let nanoseconds):
        structure.kind = CARILLON_OCCURRENCE_INSTANT
        structure.instant_ns = nanoseconds
      }
      structure.ordinal = ordinal
      structure.key = key
      return withUnsafePointer(to: structure, body)
    }
  }
}

extension Message {
  fileprivate func lend(_ body: (UnsafePointer<carillon_message>) -> carillon_status) -> carillon_status {
    lending(title) { title in
      lending(text) { text in
        lending(html) { html in
          lending(contentType) { contentType in
            lending(data) { data in
              let structure = carillon_message(
                struct_size: UInt32(MemoryLayout<carillon_message>.size), flags: 0, title: title, text: text,
                html: html, content_type: contentType, data: data)
              return withUnsafePointer(to: structure, body)
            }
          }
        }
      }
    }
  }
}
