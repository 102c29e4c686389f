import CPluginAPI
import PluginHost

/// The host that a plugin gets in a case. It does what the agent's does, and notes what the plugin asks for. Lives until
/// the process ends, as the ABI promises.
final class TestHost: @unchecked Sendable {
  // Unchecked: what changes is behind gates; the rest is written once, before the plugin sees it.

  /// How it differs from the agent's.
  struct Variation: Sendable {
    /// Bytes that a newer host's structures have beyond those of this header.
    var furtherBytes = 0
    var abiMinor = CARILLON_ABI_MINOR
    /// When set, only these interfaces are there.
    var offered: Set<String>?

    /// Bytes of fields from the future.
    static let newer = Variation(furtherBytes: 64, abiMinor: 999)
  }

  /// What was asked for a secret.
  struct SecretRequest: Sendable {
    var instance: String
    var reference: String
  }

  let tickets = TicketBook()
  let secretRequests = Gate<[SecretRequest]>([])
  /// References that each instance's configuration has.
  let references = Gate<[String: Set<String>]>([:])
  /// Interfaces that were asked for, known or not.
  let asked = Gate<[String]>([])

  private let variation: Variation
  private let real: UnsafePointer<carillon_host>
  private let tables = Gate<[String: UnsafeRawPointer?]>([:])
  private(set) var pointer: UnsafePointer<carillon_host>

  private init(_ variation: Variation) {
    self.variation = variation
    real = CheckingParts.host(time: Zones.service)
    pointer = real
  }

  static func make(_ variation: Variation = Variation()) -> TestHost {
    let host = TestHost(variation)
    let context = Unmanaged.passRetained(host).toOpaque()
    let table = carillon_host(
      struct_size: 0, abi_minor: variation.abiMinor, context: context, interface: interface, fail: ErrorBook.fail,
      violation: ErrorBook.violation)
    // At the end of a page: a plugin that reads a field which this host does not have is found out.
    let memory = CallMemory(.guarded)
    host.pointer = memory.structure(table, bytes: MemoryLayout<carillon_host>.size + variation.furtherBytes)
    return host
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> TestHost? {
    context.map { Unmanaged<TestHost>.fromOpaque($0).takeUnretainedValue() }
  }

  private static let interface: CFunctions.Interface = { context, id in
    guard let host = of(context), let id else { return nil }
    return host.table(String(cString: id), id)
  }

  private func table(_ name: String, _ id: UnsafePointer<CChar>) -> UnsafeRawPointer? {
    asked.with { $0.append(name) }
    if let offered = variation.offered, !offered.contains(name) { return nil }
    return tables.with { tables in
      if let known = tables[name] { return known }
      let made = make(name, id)
      tables[name] = .some(made)
      return made
    }
  }

  private func make(_ name: String, _ id: UnsafePointer<CChar>) -> UnsafeRawPointer? {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let memory = CallMemory(.guarded)
    switch name {
    case CARILLON_HOST_DELIVERY_1:
      let table = carillon_host_delivery_1(struct_size: 0, reserved: 0, context: context, complete: Self.complete)
      let bytes = MemoryLayout<carillon_host_delivery_1>.size + variation.furtherBytes
      return UnsafeRawPointer(memory.structure(table, bytes: bytes))
    case CARILLON_HOST_SECRET_1:
      let table = carillon_host_secret_1(struct_size: 0, reserved: 0, context: context, resolve: Self.resolve)
      let bytes = MemoryLayout<carillon_host_secret_1>.size + variation.furtherBytes
      return UnsafeRawPointer(memory.structure(table, bytes: bytes))
    default:
      guard let table = real.pointee.interface(real.pointee.context, id) else { return nil }
      let size = Int(table.load(as: UInt32.self))
      let copy = memory.text(Array(UnsafeRawBufferPointer(start: table, count: size)) + filler)
      let place = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(copy.ptr))
      place?.storeBytes(of: UInt32(size + variation.furtherBytes), as: UInt32.self)
      return UnsafeRawPointer(place)
    }
  }

  private var filler: [UInt8] { Array(repeating: 0xa5, count: variation.furtherBytes) }

  private static let complete: CFunctions.Complete = { context, tickets, results, count in
    of(context)?.tickets.complete(tickets, results, count) ?? CARILLON_INVALID
  }

  private static let resolve: CFunctions.Resolve = { context, instance, reference, take, takeContext, error in
    guard let host = of(context), let take else { return CARILLON_INVALID }
    let request = SecretRequest(
      instance: String(decoding: instance.copied, as: UTF8.self),
      reference: String(decoding: reference.copied, as: UTF8.self))
    host.secretRequests.with { $0.append(request) }
    let isAllowed = host.references.with { $0[request.instance]?.contains(request.reference) ?? false }
    guard isAllowed else {
      let memory = CallMemory(.plain)
      ErrorBook.fail(
        error, CARILLON_DENIED, memory.text("the reference does not stand in the instance's configuration"))
      return CARILLON_DENIED
    }
    let memory = CallMemory(.guarded)
    defer { memory.end() }
    return host.reveal(request.reference, memory, take, takeContext, error)
  }

  /// A reference that resolves gives its secret; any other one gives a made-up secret, so that a plugin can be checked
  /// without its secrets.
  private func reveal(
    _ reference: String, _ memory: CallMemory, _ take: carillon_take_secret, _ context: UnsafeMutableRawPointer?,
    _ error: OpaquePointer?
  ) -> carillon_status {
    let secret = (try? SecretResolver().bytes(reference)) ?? Array("check-secret".utf8)
    take(context, memory.text(secret))
    return CARILLON_OK
  }
}
