import CPluginAPI

/// The functions behind `carillon.sink/1`.
enum SinkGlue {
  typealias Handle = Instance<any SinkPlugin>

  static func table(_ model: ThreadModel) -> carillon_sink_1 {
    carillon_sink_1(
      struct_size: UInt32(MemoryLayout<carillon_sink_1>.size), thread_model: model.rawValue,
      create: { SinkGlue.create($0, $1, $2, $3) },
      activate: { SinkGlue.activate($0, $1) },
      deliver: { SinkGlue.deliver($0, $1, $2, $3) },
      cancel: { SinkGlue.cancel($0, $1, $2) },
      drain: { SinkGlue.drain($0, $1) },
      deactivate: { SinkGlue.Handle.borrow($0)?.plugin.deactivate() },
      destroy: { SinkGlue.Handle.destroy($0) })
  }

  private static func create(
    _ name: carillon_str, _ configuration: carillon_str, _ out: UnsafeMutablePointer<OpaquePointer?>?,
    _ collector: OpaquePointer?
  ) -> carillon_status {
    let plugin = LoadedPlugin.current
    return guarded(plugin?.host, collector) { () throws(PluginError) in
      guard let plugin, let type = plugin.sink, let host = plugin.host else { throw .notStarted }
      guard let out else { throw PluginError(.invalid, "there is no place for the instance") }
      let name = try Borrowed.string(name, "the instance's name")
      let instance = try type.init(
        name: name, configuration: JSONText(try Borrowed.string(configuration, "config_json")),
        host: Host(instanceName: name, services: host))
      out.pointee = Handle(instance, host: host).handle()
    }
  }

  private static func activate(_ handle: OpaquePointer?, _ collector: OpaquePointer?) -> carillon_status {
    guard let instance = Handle.borrow(handle) else { return CARILLON_INVALID }
    return guarded(instance.host, collector) { () throws(PluginError) in try instance.plugin.activate() }
  }

  private static func deliver(
    _ handle: OpaquePointer?, _ deliveries: UnsafePointer<UnsafePointer<carillon_delivery>?>?, _ count: Int,
    _ collector: OpaquePointer?
  ) -> carillon_status {
    guard let instance = Handle.borrow(handle) else { return CARILLON_INVALID }
    return guarded(instance.host, collector) { () throws(PluginError) in
      let pointers = try Borrowed.array(deliveries, count)
      var copies: [Delivery] = []
      copies.reserveCapacity(pointers.count)
      for pointer in pointers { copies.append(try Delivery(borrowed: pointer)) }
      if !copies.isEmpty { try instance.plugin.deliver(copies) }
    }
  }

  private static func cancel(_ handle: OpaquePointer?, _ tickets: UnsafePointer<carillon_ticket>?, _ count: Int) {
    guard let instance = Handle.borrow(handle), let tickets = try? Borrowed.array(tickets, count), !tickets.isEmpty
    else { return }
    instance.plugin.cancel(tickets.map(Ticket.init(rawValue:)))
  }

  private static func drain(_ handle: OpaquePointer?, _ milliseconds: UInt64) -> carillon_status {
    guard let instance = Handle.borrow(handle) else { return CARILLON_INVALID }
    let timeout = Duration.milliseconds(Int64(clamping: milliseconds))
    return instance.plugin.drain(timeout: timeout) ? CARILLON_OK : CARILLON_FAILED
  }
}
