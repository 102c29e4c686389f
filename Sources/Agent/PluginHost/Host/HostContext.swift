import CPluginAPI
import Logging

/// What the host is to one plugin: the tables it gave out and what stands behind them. Lives until the process ends,
/// because a plugin, which is never unloaded, may keep any pointer into it.
final class HostContext: @unchecked Sendable {
  /// The host interfaces that there are; a manifest's `requires` is checked against them.
  static let interfaces = [
    CARILLON_HOST_LOG_1, CARILLON_HOST_TIME_1, CARILLON_HOST_DELIVERY_1, CARILLON_HOST_SECRET_1, CARILLON_HOST_JSON_1,
    CARILLON_HOST_METRICS_1,
  ]

  let log: PluginLog
  let time: TimeService
  let secrets: SecretTable
  let tickets: TicketTable
  let json = JSONService()
  let metrics: MetricsService
  // Written once in `make`, before any plugin sees them; unchecked, because raw pointers are never Sendable.
  private var tables: [(id: String, table: UnsafeRawPointer)] = []

  private init(
    log: PluginLog, time: TimeService, secrets: SecretTable, tickets: TicketTable, metrics: MetricsService
  ) {
    self.log = log
    self.time = time
    self.secrets = secrets
    self.tickets = tickets
    self.metrics = metrics
  }

  /// Makes the host of one plugin; it is never freed.
  /// - Parameter metrics: the plugin's; without it, its metrics are shown nowhere.
  static func make(
    log: PluginLog, time: TimeService, secrets: SecretTable, tickets: TicketTable, metrics: MetricsService? = nil
  ) -> UnsafePointer<carillon_host> {
    let host = HostContext(
      log: log, time: time, secrets: secrets, tickets: tickets,
      metrics: metrics ?? .unshown(log: log))
    let context = Unmanaged.passRetained(host).toOpaque()
    host.tables = [
      (CARILLON_HOST_LOG_1, immortal(LogInterface.table(context))),
      (CARILLON_HOST_TIME_1, immortal(TimeInterface.table(context))),
      (CARILLON_HOST_DELIVERY_1, immortal(DeliveryInterface.table(context))),
      (CARILLON_HOST_SECRET_1, immortal(SecretInterface.table(context))),
      (CARILLON_HOST_JSON_1, immortal(JSONInterface.table(context))),
      (CARILLON_HOST_METRICS_1, immortal(MetricsInterface.table(context))),
    ]
    let table = carillon_host(
      struct_size: UInt32(MemoryLayout<carillon_host>.size), abi_minor: CARILLON_ABI_MINOR, context: context,
      interface: interface, fail: ErrorCollector.fail, violation: ErrorCollector.violation)
    return immortal(table).assumingMemoryBound(to: carillon_host.self)
  }

  /// The context behind a table.
  static func of(_ context: UnsafeMutableRawPointer?) -> HostContext? {
    context.map { Unmanaged<HostContext>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func immortal<T: BitwiseCopyable>(_ value: T) -> UnsafeRawPointer {
    let pointer = UnsafeMutablePointer<T>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return UnsafeRawPointer(pointer)
  }

  private static let interface: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> UnsafeRawPointer? =
    {
      context, id in
      guard let host = of(context), let id else { return nil }
      let name = String(cString: id)
      return host.tables.first { $0.id == name }?.table
    }
}
