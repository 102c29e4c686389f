import CPluginAPI
import Logging

/// `carillon.host.delivery/1`
enum DeliveryInterface {
  static func table(_ context: UnsafeMutableRawPointer) -> carillon_host_delivery_1 {
    carillon_host_delivery_1(
      struct_size: UInt32(MemoryLayout<carillon_host_delivery_1>.size), reserved: 0, context: context,
      complete: complete)
  }

  private static let outcomes = CARILLON_DELIVERED...CARILLON_UNKNOWN

  private typealias Complete =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<carillon_ticket>?, UnsafePointer<UnsafePointer<carillon_result>?>?, Int
    ) -> carillon_status

  private static let complete: Complete = { context, tickets, results, count in
    guard count > 0 else { return CARILLON_OK }
    guard let host = HostContext.of(context), let tickets, let results else { return CARILLON_INVALID }
    for index in 0..<count where results[index].map({ !outcomes.contains(carillon_result.read($0).outcome) }) ?? true {
      host.log.write(
        .warning, instance: "", "a delivery was completed without an outcome that exists; it counts as retry")
    }
    let all = host.tickets.complete(
      UnsafeBufferPointer(start: tickets, count: count), UnsafeBufferPointer(start: results, count: count))
    if !all { host.log.stale() }
    return all ? CARILLON_OK : CARILLON_STALE
  }
}
