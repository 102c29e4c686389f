import CPluginAPI

/// A C structure that may grow at its end and begins with its own size.
protocol SizedStructure {
  init()
}

extension carillon_plugin: SizedStructure {}
extension carillon_event_type_1: SizedStructure {}
extension carillon_sink_1: SizedStructure {}
extension carillon_occurrence: SizedStructure {}
extension carillon_message: SizedStructure {}
extension carillon_result: SizedStructure {}

extension SizedStructure {
  /// Reads a structure that the other side may have compiled with fewer or more fields: what it does not have is zero,
  /// what this side does not know stays unread.
  static func read(_ pointer: UnsafePointer<Self>) -> Self where Self: BitwiseCopyable {
    let size = Int(UnsafeRawPointer(pointer).load(as: UInt32.self))
    if size >= MemoryLayout<Self>.size { return pointer.pointee }
    var value = Self()
    withUnsafeMutableBytes(of: &value) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size))
    }
    return value
  }

  /// The size that a structure of this side has.
  static var fullSize: UInt32 { UInt32(MemoryLayout<Self>.size) }
}

extension carillon_str {
  /// The bytes; empty for a null pointer.
  var bytes: UnsafeBufferPointer<UInt8> {
    guard let ptr else { return UnsafeBufferPointer(start: nil, count: 0) }
    return ptr.withMemoryRebound(to: UInt8.self, capacity: len) { UnsafeBufferPointer(start: $0, count: len) }
  }

  /// The text; malformed UTF-8 becomes U+FFFD.
  @inline(__always)
  var text: String { len == 0 ? "" : String(decoding: bytes, as: UTF8.self) }

  /// The text, at most so many bytes of it, cut between characters; malformed UTF-8 becomes U+FFFD.
  func text(maximumBytes: Int) -> String {
    var bytes = bytes
    if bytes.count > maximumBytes {
      var end = maximumBytes
      while end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
      bytes = UnsafeBufferPointer(rebasing: bytes[..<end])
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.utf8.count <= maximumBytes ? text : Self.cut(text, maximumBytes)
  }

  /// What was repaired is longer: U+FFFD has three bytes, and stands for one. The bound holds for what is kept.
  private static func cut(_ text: String, _ maximumBytes: Int) -> String {
    var end = text.startIndex
    var count = 0
    for scalar in text.unicodeScalars {
      count += UTF8.width(scalar)
      guard count <= maximumBytes else { break }
      end = text.unicodeScalars.index(after: end)
    }
    return String(text.unicodeScalars[..<end])
  }

  /// Calls with a Swift string's bytes, borrowed for the call.
  static func with<R>(_ text: String, _ body: (carillon_str) -> R) -> R {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body(carillon_str(ptr: $0.baseAddress, len: $0.count)) }
    }
  }
}

/// Names of the ABI's status codes, for messages.
enum Status {
  static func name(_ status: carillon_status) -> String {
    switch status {
    case CARILLON_OK: "OK"
    case CARILLON_INVALID: "INVALID"
    case CARILLON_FAILED: "FAILED"
    case CARILLON_UNSUPPORTED: "UNSUPPORTED"
    case CARILLON_STALE: "STALE"
    case CARILLON_BUSY: "BUSY"
    case CARILLON_NOT_FOUND: "NOT_FOUND"
    case CARILLON_DENIED: "DENIED"
    case CARILLON_STOP: "STOP"
    default: "status \(status)"
    }
  }
}
