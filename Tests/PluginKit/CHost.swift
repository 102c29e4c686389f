import CPluginAPI
import PluginKit0
import Synchronization

/// A host of the kind that stands on the other side of the C ABI: it sees tables and pointers only.
enum CHost {
  /// What one call said about its failure.
  final class Collector: Sendable {
    struct Contents: Sendable {
      var status: carillon_status = 0
      var message = ""
      var violations: [PluginError.Violation] = []
    }
    let contents = Mutex(Contents())
    var opaque: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }
    static func of(_ error: OpaquePointer?) -> Collector? {
      error.map { Unmanaged<Collector>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }
  }

  struct State: Sendable {
    var open: Set<UInt64> = []
    var completed: [UInt64: DeliveryResult] = [:]
    var lines: [String] = []
    var nextTicket: UInt64 = 1
    var metrics: [String] = []
    var changes: [String] = []
  }
  static let state = Mutex(State())

  /// The plugin under test, started once by this host.
  static let plugin: Tables = Tables()

  static func ticket() -> UInt64 {
    state.withLock {
      $0.nextTicket += 1
      $0.open.insert($0.nextTicket)
      return $0.nextTicket
    }
  }

  static func text(_ borrowed: carillon_str) -> String {
    String(
      decoding: UnsafeRawBufferPointer(start: borrowed.ptr, count: borrowed.ptr == nil ? 0 : borrowed.len),
      as: UTF8.self)
  }

  static func complete(
    _ tickets: UnsafePointer<carillon_ticket>?, _ results: UnsafePointer<UnsafePointer<carillon_result>?>?, _ count: Int
  ) -> carillon_status {
    guard let tickets, let results else { return CARILLON_INVALID }
    return state.withLock { state in
      var answer = CARILLON_OK
      for index in 0..<count {
        guard state.open.remove(tickets[index]) != nil, let result = results[index]?.pointee else {
          answer = CARILLON_STALE
          continue
        }
        state.completed[tickets[index]] = DeliveryResult(
          Outcome(rawValue: result.outcome) ?? .unknown, retryAfterMilliseconds: result.retry_after_ms,
          code: text(result.code), detail: text(result.detail), receipt: text(result.receipt),
          carry: text(result.carry))
      }
      return answer
    }
  }
}

/// The entry's tables, looked up as a host does.
struct Tables: @unchecked Sendable {
  let entry: carillon_plugin
  let events: carillon_event_type_1
  let sink: carillon_sink_1
  let startStatus: carillon_status

  init() {
    let table = PluginEntry(manifest: Probe.manifest, eventType: ProbeEvents.self, sink: ProbeSink.self).table
    entry = table.pointee
    startStatus = entry.start(HostTables.shared.host, nil)
    events = Self.interface(CARILLON_EVENT_TYPE_1, of: entry) ?? carillon_event_type_1()
    sink = Self.interface(CARILLON_SINK_1, of: entry) ?? carillon_sink_1()
  }

  static func interface<Table>(_ id: String, of entry: carillon_plugin) -> Table? {
    entry.interface(id)?.assumingMemoryBound(to: Table.self).pointee
  }
}

/// The host's own tables, in memory that stays.
struct HostTables: @unchecked Sendable {
  static let shared = HostTables()

  let host: UnsafePointer<carillon_host>
  private let log: UnsafePointer<carillon_host_log_1>
  private let delivery: UnsafePointer<carillon_host_delivery_1>
  private let secret: UnsafePointer<carillon_host_secret_1>
  private let time: UnsafePointer<carillon_host_time_1>
  private let metrics: UnsafePointer<carillon_host_metrics_1>

  private typealias All = (
    UnsafePointer<carillon_host_log_1>, UnsafePointer<carillon_host_delivery_1>,
    UnsafePointer<carillon_host_secret_1>, UnsafePointer<carillon_host_time_1>,
    UnsafePointer<carillon_host_metrics_1>
  )

  private static func keep<Table>(_ table: Table) -> UnsafePointer<Table> {
    let space = UnsafeMutablePointer<Table>.allocate(capacity: 1)
    space.initialize(to: table)
    return UnsafePointer(space)
  }

  private init() {
    log = Self.keep(
      carillon_host_log_1(
        struct_size: UInt32(MemoryLayout<carillon_host_log_1>.size), reserved: 0, context: nil,
        enabled: { $1 >= CARILLON_LOG_INFO ? 1 : 0 },
        write: { _, level, instance, message in
          let line = "\(level) \(CHost.text(instance)): \(CHost.text(message))"
          CHost.state.withLock { $0.lines.append(line) }
        }))
    delivery = Self.keep(
      carillon_host_delivery_1(
        struct_size: UInt32(MemoryLayout<carillon_host_delivery_1>.size), reserved: 0, context: nil,
        complete: { CHost.complete($1, $2, $3) }))
    secret = Self.keep(
      carillon_host_secret_1(
        struct_size: UInt32(MemoryLayout<carillon_host_secret_1>.size), reserved: 0, context: nil,
        resolve: { _, _, reference, take, takeContext, _ in
          guard CHost.text(reference) == "env:TOKEN" else { return CARILLON_DENIED }
          var bytes = Array("hunter2".utf8CString.dropLast())
          bytes.withUnsafeMutableBufferPointer { take?(takeContext, carillon_str(ptr: $0.baseAddress, len: $0.count)) }
          return CARILLON_OK
        }))
    time = Self.keep(
      carillon_host_time_1(
        struct_size: UInt32(MemoryLayout<carillon_host_time_1>.size), reserved: 0, context: nil,
        instant: { _, zone, civil, _, _, out in
          guard CHost.text(zone) == "UTC", let civil, let out else { return CARILLON_NOT_FOUND }
          out.pointee = Int64(civil.pointee.day) * 86_400_000_000_000
          return CARILLON_OK
        },
        civil: { _, zone, _, out in
          guard CHost.text(zone) == "UTC", let out else { return CARILLON_NOT_FOUND }
          out.pointee = carillon_civil()  // no date at all: a lying host
          return CARILLON_OK
        }))
    metrics = Self.keep(
      carillon_host_metrics_1(
        struct_size: UInt32(MemoryLayout<carillon_host_metrics_1>.size), reserved: 0, context: nil,
        define: { _, definition, metric, _ in CHost.define(definition, metric) },
        add: { CHost.change("add", $1, $2, $3, $4) },
        set: { CHost.change("set", $1, $2, $3, $4) }, observe: { CHost.change("observe", $1, $2, $3, $4) }))
    let context = UnsafeMutablePointer<All>.allocate(capacity: 1)
    context.initialize(to: (log, delivery, secret, time, metrics))
    host = Self.keep(
      carillon_host(
        struct_size: UInt32(MemoryLayout<carillon_host>.size), abi_minor: CARILLON_ABI_MINOR, context: context,
        interface: { context, id in
          guard let tables = context?.assumingMemoryBound(to: All.self), let id else { return nil }
          switch String(cString: id) {
          case CARILLON_HOST_LOG_1: return UnsafeRawPointer(tables.pointee.0)
          case CARILLON_HOST_DELIVERY_1: return UnsafeRawPointer(tables.pointee.1)
          case CARILLON_HOST_SECRET_1: return UnsafeRawPointer(tables.pointee.2)
          case CARILLON_HOST_TIME_1: return UnsafeRawPointer(tables.pointee.3)
          case CARILLON_HOST_METRICS_1: return UnsafeRawPointer(tables.pointee.4)
          default: return nil
          }
        },
        fail: { error, status, message in
          let text = CHost.text(message)
          CHost.Collector.of(error)?.contents.withLock {
            $0.status = status
            $0.message = text
          }
        },
        violation: { error, pointer, code, message in
          let violation = PluginError.Violation(
            pointer: CHost.text(pointer), code: CHost.text(code), message: CHost.text(message))
          CHost.Collector.of(error)?.contents.withLock { $0.violations.append(violation) }
        }))
  }
}

/// Lends a text to a C call.
func lend<Result>(_ text: String, _ body: (carillon_str) -> Result) -> Result {
  var text = text
  return text.withUTF8 {
    body(carillon_str(ptr: UnsafeRawPointer($0.baseAddress)?.assumingMemoryBound(to: CChar.self), len: $0.count))
  }
}
