#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Memory that the program and the child which runs one case share: what the case is about, which calls are under way, and
/// what was found. It outlives whatever the plugin does to its own process.
struct SharedPage: @unchecked Sendable {
  // Unchecked: slots belong to one thread each, the report to the child until it has ended. The other side only reads.

  /// Calls under way at once that are noted; any further one is not.
  static let slots = 32
  private static let slotBytes = 128
  private static let nameBytes = slotBytes - 24
  private static let reportStart = slots * slotBytes
  /// Longest report, in bytes.
  static let maximumReportBytes = 512 * 1_024
  private static let requestStart = reportStart + 8 + maximumReportBytes
  /// Longest request, in bytes: three documents, and some.
  static let maximumRequestBytes = 4 * 1_024 * 1_024
  static let bytes = requestStart + 8 + maximumRequestBytes

  /// One call into the plugin.
  struct Call: Sendable, Equatable {
    var name: String
    /// CLOCK_MONOTONIC, in nanoseconds.
    var started: Int64
    /// In nanoseconds.
    var limit: Int64
  }

  private let base: UnsafeMutableRawPointer

  /// Maps a file in memory; nil when that fails.
  init?(descriptor: Int32) {
    guard let base = mmap(nil, Self.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      return nil
    }
    self.base = base
  }

  func unmap() { munmap(base, Self.bytes) }

  // MARK: calls under way

  /// Notes that a call begins.
  func begin(_ call: Call, slot: Int) {
    let place = base + slot * Self.slotBytes
    let name = Array(call.name.utf8.prefix(Self.nameBytes))
    place.storeBytes(of: UInt64(name.count), toByteOffset: 16, as: UInt64.self)
    (place + 24).copyMemory(from: name, byteCount: name.count)
    place.storeBytes(of: call.limit, toByteOffset: 8, as: Int64.self)
    place.storeBytes(of: call.started, as: Int64.self)  // last: what is not zero is under way
  }

  func end(slot: Int) { (base + slot * Self.slotBytes).storeBytes(of: 0, as: Int64.self) }

  /// The calls under way, the oldest first.
  var calls: [Call] {
    (0..<Self.slots).compactMap { slot in
      let place = base + slot * Self.slotBytes
      let started = place.load(as: Int64.self)
      guard started != 0 else { return nil }
      let count = min(Int(place.load(fromByteOffset: 16, as: UInt64.self)), Self.nameBytes)
      let name = String(decoding: UnsafeRawBufferPointer(start: place + 24, count: count), as: UTF8.self)
      return Call(name: name, started: started, limit: place.load(fromByteOffset: 8, as: Int64.self))
    }
    .sorted { $0.started < $1.started }
  }

  // MARK: request and report

  /// Puts the request there; false when it is too long.
  func put(request: String) -> Bool {
    let bytes = Array(request.utf8)
    guard bytes.count <= Self.maximumRequestBytes else { return false }
    (base + Self.requestStart).storeBytes(of: UInt64(bytes.count), as: UInt64.self)
    (base + Self.requestStart + 8).copyMemory(from: bytes, byteCount: bytes.count)
    return true
  }

  var request: String { text(at: Self.requestStart, maximum: Self.maximumRequestBytes) }

  /// Adds a line to the report; what is beyond its bound is left out.
  func append(_ line: String) {
    let place = base + Self.reportStart
    let used = Int(place.load(as: UInt64.self))
    let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
    guard used + bytes.count <= Self.maximumReportBytes else { return }
    (place + 8 + used).copyMemory(from: bytes, byteCount: bytes.count)
    place.storeBytes(of: UInt64(used + bytes.count), as: UInt64.self)
  }

  var report: String { text(at: Self.reportStart, maximum: Self.maximumReportBytes) }

  private func text(at start: Int, maximum: Int) -> String {
    let count = min(Int(clamping: (base + start).load(as: UInt64.self)), maximum)
    return String(decoding: UnsafeRawBufferPointer(start: base + start + 8, count: count), as: UTF8.self)
  }
}
