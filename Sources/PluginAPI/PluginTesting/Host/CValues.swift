import CPluginAPI

/// The functions that host and plugin give each other, by what they are.
enum CFunctions {
  typealias Interface = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> UnsafeRawPointer?
  typealias Fail = @convention(c) (OpaquePointer?, carillon_status, carillon_str) -> Void
  typealias Violation = @convention(c) (OpaquePointer?, carillon_str, carillon_str, carillon_str) -> Void
  typealias Complete =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<carillon_ticket>?, UnsafePointer<UnsafePointer<carillon_result>?>?, Int
    ) -> carillon_status
  typealias Resolve =
    @convention(c) (
      UnsafeMutableRawPointer?, carillon_str, carillon_str, carillon_take_secret?, UnsafeMutableRawPointer?,
      OpaquePointer?
    ) -> carillon_status
}

/// Structures of a plugin's side, which may have fewer fields or more.
enum Foreign {
  /// Reads what both sides know; the rest is zero.
  static func read<T: BitwiseCopyable>(_ pointer: UnsafePointer<T>, zero: T) -> T {
    var value = zero
    let size = Int(UnsafeRawPointer(pointer).load(as: UInt32.self))
    withUnsafeMutableBytes(of: &value) { bytes in
      bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: min(size, bytes.count)))
    }
    return value
  }
}

extension carillon_str {
  /// A copy of the bytes; empty for a null pointer.
  var copied: [UInt8] {
    guard let ptr, len > 0 else { return [] }
    return Array(UnsafeRawBufferPointer(start: ptr, count: len))
  }

  /// For messages: at most so many bytes, control characters as spaces.
  var excerpt: String { Excerpt.of(copied) }
}

/// Text of a plugin, fit to stand in a message.
enum Excerpt {
  private static let maximumBytes = 200

  static func of(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes.prefix(maximumBytes), as: UTF8.self) + (bytes.count > maximumBytes ? "…" : "")
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl =
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || [0x2028, 0x2029].contains(scalar.value)
      result.append(isControl ? " " : scalar)
    }
    return String(result)
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
    default: "\(status)"
    }
  }
}
