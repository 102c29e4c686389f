import CPluginAPI

/// Sees every call into a plugin's instances: counts it, and knows when metrics may be defined.
struct CallWatch: Sendable {
  let recorder: any PluginCallRecorder
  let metrics: MetricsService

  @inline(__always)
  func returned(_ call: PluginCall, _ body: () -> carillon_status) -> carillon_status {
    let start = MonotonicClock.now
    let status = body()
    recorder.returned(call, seconds: Double(MonotonicClock.now - start) / 1e9, PluginCallOutcome(status))
    return status
  }

  /// Of a function that answers nothing.
  func returned(_ call: PluginCall, _ body: () -> Void) {
    _ = returned(call) {
      body()
      return CARILLON_OK
    }
  }

  /// Of `create`.
  func creating(_ body: () -> carillon_status) -> carillon_status {
    metrics.defining { returned(.create, body) }
  }
}

/// A sink whose calls are seen.
struct ObservedSink: SinkFunctions {
  let sink: any SinkFunctions
  let watch: CallWatch

  var threadModel: UInt32 { sink.threadModel }

  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status { watch.creating { sink.create(name, configuration, &instance, error) } }

  func activate(_ instance: OpaquePointer, _ error: OpaquePointer) -> carillon_status {
    watch.returned(.activate) { sink.activate(instance, error) }
  }

  func deliver(
    _ instance: OpaquePointer, _ deliveries: UnsafeMutablePointer<UnsafePointer<carillon_delivery>?>, _ count: Int,
    _ error: OpaquePointer
  ) -> carillon_status { watch.returned(.deliver) { sink.deliver(instance, deliveries, count, error) } }

  func cancel(_ instance: OpaquePointer, _ tickets: [carillon_ticket]) {
    watch.returned(.cancel) { sink.cancel(instance, tickets) }
  }

  func drain(_ instance: OpaquePointer, _ milliseconds: UInt64) -> carillon_status {
    watch.returned(.drain) { sink.drain(instance, milliseconds) }
  }

  func deactivate(_ instance: OpaquePointer) { watch.returned(.deactivate) { sink.deactivate(instance) } }

  func destroy(_ instance: OpaquePointer) { watch.returned(.destroy) { sink.destroy(instance) } }
}

/// An event type whose calls are seen.
struct ObservedEventType: EventTypeFunctions {
  let type: any EventTypeFunctions
  let watch: CallWatch

  var threadModel: UInt32 { type.threadModel }

  func create(
    _ name: carillon_str, _ configuration: carillon_str, _ instance: inout OpaquePointer?, _ error: OpaquePointer
  ) -> carillon_status { watch.creating { type.create(name, configuration, &instance, error) } }

  func validate(_ instance: OpaquePointer, _ definition: carillon_str, _ error: OpaquePointer) -> carillon_status {
    watch.returned(.validate) { type.validate(instance, definition, error) }
  }

  func next(
    _ instance: OpaquePointer, _ requests: UnsafeMutablePointer<UnsafePointer<carillon_next_request>?>, _ count: Int,
    _ emit: carillon_emit_occurrence, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status { watch.returned(.next) { type.next(instance, requests, count, emit, context, error) } }

  func render(
    _ instance: OpaquePointer, _ events: UnsafeMutablePointer<UnsafePointer<carillon_event>?>, _ count: Int,
    _ emit: carillon_emit_message, _ context: UnsafeMutableRawPointer, _ error: OpaquePointer
  ) -> carillon_status { watch.returned(.render) { type.render(instance, events, count, emit, context, error) } }

  func destroy(_ instance: OpaquePointer) { watch.returned(.destroy) { type.destroy(instance) } }
}
