import CPluginAPI

/// The functions of `carillon.sink/1`, wherever the plugin runs: the same arguments, ownership and threads as `sink.h`.
protocol SinkFunctions: Sendable {
  /// `CARILLON_SERIAL` or `CARILLON_PARALLEL`.
  var threadModel: UInt32 { get }
  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status
  func activate(_ instance: OpaquePointer, _ error: OpaquePointer) -> carillon_status
  func deliver(
    _ instance: OpaquePointer, _ deliveries: UnsafeMutablePointer<UnsafePointer<carillon_delivery>?>, _ count: Int,
    _ error: OpaquePointer
  ) -> carillon_status
  func cancel(_ instance: OpaquePointer, _ tickets: [carillon_ticket])
  func drain(_ instance: OpaquePointer, _ milliseconds: UInt64) -> carillon_status
  func deactivate(_ instance: OpaquePointer)
  func destroy(_ instance: OpaquePointer)
}

/// The functions of `carillon.event-type/1`, wherever the plugin runs: as `event_type.h` has them.
protocol EventTypeFunctions: Sendable {
  /// `CARILLON_SERIAL` or `CARILLON_PARALLEL`.
  var threadModel: UInt32 { get }
  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status
  func validate(_ instance: OpaquePointer, _ definition: carillon_str, _ error: OpaquePointer) -> carillon_status
  func next(
    _ instance: OpaquePointer, _ requests: UnsafeMutablePointer<UnsafePointer<carillon_next_request>?>, _ count: Int,
    _ emit: carillon_emit_occurrence, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status
  func render(
    _ instance: OpaquePointer, _ events: UnsafeMutablePointer<UnsafePointer<carillon_event>?>, _ count: Int,
    _ emit: carillon_emit_message, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status
  func destroy(_ instance: OpaquePointer)
}

/// The table of a sink in this process. Its functions were checked: none is NULL.
struct LocalSink: SinkFunctions, @unchecked Sendable {
  // Unchecked: C function pointers, which any thread may call within the contract that the adapters keep.
  let table: carillon_sink_1

  var threadModel: UInt32 { table.thread_model }

  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status { table.create(name, configuration, &instance, error) }

  func activate(_ instance: OpaquePointer, _ error: OpaquePointer) -> carillon_status {
    table.activate(instance, error)
  }

  func deliver(
    _ instance: OpaquePointer, _ deliveries: UnsafeMutablePointer<UnsafePointer<carillon_delivery>?>, _ count: Int,
    _ error: OpaquePointer
  ) -> carillon_status { table.deliver(instance, deliveries, count, error) }

  func cancel(_ instance: OpaquePointer, _ tickets: [carillon_ticket]) {
    tickets.withUnsafeBufferPointer { table.cancel(instance, $0.baseAddress, $0.count) }
  }

  func drain(_ instance: OpaquePointer, _ milliseconds: UInt64) -> carillon_status {
    table.drain(instance, milliseconds)
  }

  func deactivate(_ instance: OpaquePointer) { table.deactivate(instance) }

  func destroy(_ instance: OpaquePointer) { table.destroy(instance) }
}

/// The table of an event type in this process. Its functions were checked: none is NULL.
struct LocalEventType: EventTypeFunctions, @unchecked Sendable {
  // Unchecked: C function pointers, which any thread may call within the contract that the adapters keep.
  let table: carillon_event_type_1

  var threadModel: UInt32 { table.thread_model }

  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status { table.create(name, configuration, &instance, error) }

  func validate(_ instance: OpaquePointer, _ definition: carillon_str, _ error: OpaquePointer) -> carillon_status {
    table.validate(instance, definition, error)
  }

  func next(
    _ instance: OpaquePointer, _ requests: UnsafeMutablePointer<UnsafePointer<carillon_next_request>?>, _ count: Int,
    _ emit: carillon_emit_occurrence, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status { table.next(instance, requests, count, emit, context, error) }

  func render(
    _ instance: OpaquePointer, _ events: UnsafeMutablePointer<UnsafePointer<carillon_event>?>, _ count: Int,
    _ emit: carillon_emit_message, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status { table.render(instance, events, count, emit, context, error) }

  func destroy(_ instance: OpaquePointer) { table.destroy(instance) }
}
