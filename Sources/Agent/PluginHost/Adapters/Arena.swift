import CPluginAPI
import Synchronization

/// Memory for the C structures and texts of one batch: given out piece by piece, taken back all at once. One
/// allocation a batch at most, and none once it has grown to what batches need.
final class Arena {
  /// What a fresh arena holds, in bytes.
  static let firstBytes = 64 * 1_024
  /// The most that an arena keeps for its next use, in bytes.
  static let keptBytes = 2 * 1_024 * 1_024

  private var chunks: [UnsafeMutableRawBufferPointer] = []
  private var next: UnsafeMutableRawPointer
  private var left: Int
  private var total: Int

  init() {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.firstBytes, alignment: 16)
    chunks = [chunk]
    total = chunk.count
    left = chunk.count
    // An allocated buffer of more than 0 bytes has a base address.
    next = chunk.baseAddress.unsafelyUnwrapped
  }

  deinit { for chunk in chunks { chunk.deallocate() } }

  /// Takes everything back; every pointer given out is void.
  func reset() {
    if chunks.count > 1 {
      let size = min(total, Self.keptBytes)
      for chunk in chunks { chunk.deallocate() }
      chunks = [.allocate(byteCount: size, alignment: 16)]
      total = size
    }
    next = chunks[0].baseAddress.unsafelyUnwrapped
    left = chunks[0].count
  }

  /// Room for so many bytes, aligned for any C type; what is not used can be given back at once.
  func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
    if bytes > left { grow(bytes) }
    return next
  }

  /// Keeps the first bytes of what was just reserved.
  func keep(_ bytes: Int) {
    let rounded = min((bytes + 15) & ~15, left)
    next += rounded
    left -= rounded
  }

  /// Room for structures, zeroed.
  func allocate<T: BitwiseCopyable>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    let bytes = max(1, count) * MemoryLayout<T>.stride
    let memory = reserve(bytes)
    keep(bytes)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return memory.bindMemory(to: T.self, capacity: count)
  }

  /// A structure.
  func place<T: BitwiseCopyable>(_ value: T) -> UnsafePointer<T> {
    let bytes = MemoryLayout<T>.stride
    let memory = reserve(bytes).bindMemory(to: T.self, capacity: 1)
    keep(bytes)
    memory.initialize(to: value)
    return UnsafePointer(memory)
  }

  /// A copy of a text.
  func copy(_ text: String) -> carillon_str {
    let count = text.utf8.count
    guard count > 0 else { return carillon_str() }
    let memory = reserve(count)
    let end = TextWriter.append(text, at: memory)
    keep(end - memory)
    return carillon_str(ptr: memory.assumingMemoryBound(to: CChar.self), len: count)
  }

  private func grow(_ bytes: Int) {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes + 15, total), alignment: 16)
    chunks.append(chunk)
    total += chunk.count
    left = chunk.count
    next = chunk.baseAddress.unsafelyUnwrapped
  }
}

/// A few arenas that are not in use.
enum ArenaPool {
  private static let maximumKept = 8
  // Unchecked: an arena is in the pool or with one borrower, never both.
  private struct Kept: @unchecked Sendable {
    var arenas: [Arena] = []
  }
  private static let kept = Mutex(Kept())

  /// Runs with an arena; everything in it is void afterwards.
  static func with<R>(_ body: (Arena) throws(PluginHostError) -> R) throws(PluginHostError) -> R {
    let arena = kept.withLock { $0.arenas.popLast() } ?? Arena()
    defer {
      arena.reset()
      let back = Kept(arenas: [arena])
      kept.withLock { kept in if kept.arenas.count < maximumKept { kept.arenas += back.arenas } }
    }
    return try body(arena)
  }
}

/// Writes UTF-8 into memory that is known to be large enough.
enum TextWriter {
  /// Appends a text; answers where it ends.
  @inline(__always)
  static func append(_ text: String, at target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    let copied: Int? = text.utf8.withContiguousStorageIfAvailable { bytes in
      if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
      return bytes.count
    }
    if let copied { return target + copied }
    var target = target
    for byte in text.utf8 {
      target.storeBytes(of: byte, as: UInt8.self)
      target += 1
    }
    return target
  }

  /// Appends a literal.
  @inline(__always)
  static func append(literal text: StaticString, at target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    target.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    return target + text.utf8CodeUnitCount
  }

  /// The most bytes that a text takes when it is quoted: every byte may become `\u00XX`.
  static func quotedBound(_ text: String) -> Int { text.utf8.count * 6 + 2 }

  /// Appends a text as a JSON string (RFC 8259, section 7).
  static func appendQuoted(_ text: String, at target: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    var target = target
    target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    target += 1
    let done: UnsafeMutableRawPointer? = text.utf8.withContiguousStorageIfAvailable { escape($0, at: target) }
    target = done ?? Array(text.utf8).withUnsafeBufferPointer { escape($0, at: target) }
    target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    return target + 1
  }

  /// Whether none of eight bytes needs escaping. A byte of `x` is less than 0x20, or equal to a character, where the
  /// subtraction borrows into its top bit; the top bits of bytes beyond ASCII are masked out.
  @inline(__always)
  private static func isPlain(_ x: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let quote = x ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslash = x ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let control = (x &- ones &* 0x20) & ~x
    return (control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & tops == 0
  }

  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    let target = start.assumingMemoryBound(to: UInt8.self)
    var end = 0
    var place = 0
    while place < bytes.count {
      if place + 8 <= bytes.count, let base = bytes.baseAddress {
        let word = UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self)
        if isPlain(word) {
          UnsafeMutableRawPointer(target + end).storeBytes(of: word, as: UInt64.self)
          place += 8
          end += 8
          continue
        }
      }
      let byte = bytes[place]
      place += 1
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        target[end] = byte
        end += 1
        continue
      }
      target[end] = UInt8(ascii: "\\")
      if byte >= 0x20 {
        target[end + 1] = byte
        end += 2
      } else {
        target[end + 1] = UInt8(ascii: "u")
        target[end + 2] = UInt8(ascii: "0")
        target[end + 3] = UInt8(ascii: "0")
        target[end + 4] = Hex.digits[Int(byte >> 4)]
        target[end + 5] = Hex.digits[Int(byte & 15)]
        end += 6
      }
    }
    return start + end
  }
}
