import CPluginAPI
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The memory of what is passed to one call. A case says how strict it is.
final class CallMemory {
  /// What happens to it.
  enum Mode: Sendable {
    /// It stays until the process ends. What follows a text is no NUL.
    case plain
    /// After the call nobody can touch it: whoever kept a pointer crashes.
    case revoked
    /// The same, and every text and structure ends where a page ends that is followed by one that nobody can touch:
    /// whoever reads beyond `len` or `struct_size` crashes.
    case guarded
  }

  private static let page = 4_096
  /// What fills the space between texts.
  private static let filler: UInt8 = 0xa5

  let mode: Mode
  private var pages: [UnsafeMutableRawBufferPointer] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0

  init(_ mode: Mode) { self.mode = mode }

  /// A copy of a text, without a NUL.
  func text(_ text: String) -> carillon_str { self.text(Array(text.utf8)) }

  /// A copy of a text's bytes. An empty one has a pointer all the same.
  func text(_ bytes: [UInt8]) -> carillon_str {
    let place = room(max(1, bytes.count), used: bytes.count, alignment: 1)
    place.copyMemory(from: bytes, byteCount: bytes.count)
    return carillon_str(ptr: UnsafePointer(place.assumingMemoryBound(to: CChar.self)), len: bytes.count)
  }

  /// A copy of a structure, of which the other side knows so many bytes: fewer than there are, or more, which are filled
  /// with what must not be looked at.
  func structure<T: BitwiseCopyable>(_ value: T, bytes: Int = MemoryLayout<T>.size) -> UnsafePointer<T> {
    let place = room(bytes, used: bytes, alignment: MemoryLayout<T>.alignment)
    place.initializeMemory(as: UInt8.self, repeating: Self.filler, count: bytes)
    withUnsafeBytes(of: value) { source in
      place.copyMemory(from: source.baseAddress ?? UnsafeRawPointer(place), byteCount: min(bytes, source.count))
    }
    place.storeBytes(of: UInt32(bytes), as: UInt32.self)
    return UnsafePointer(place.assumingMemoryBound(to: T.self))
  }

  /// A list.
  func list<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
    let bytes = values.count * MemoryLayout<T>.stride
    let place = room(max(16, bytes), used: bytes, alignment: 16)
    values.withUnsafeBytes { source in
      if let base = source.baseAddress { place.copyMemory(from: base, byteCount: source.count) }
    }
    return UnsafePointer(place.assumingMemoryBound(to: T.self))
  }

  /// The call is over.
  func end() {
    guard mode != .plain else { return }
    for page in pages {
      mprotect(page.baseAddress, page.count, PROT_NONE)
      madvise(page.baseAddress, page.count, MADV_DONTNEED)
    }
  }

  /// - Parameter used: how much of it counts; it ends where a page ends, when it is guarded.
  private func room(_ bytes: Int, used: Int, alignment: Int) -> UnsafeMutableRawPointer {
    if mode == .guarded {
      let whole = (max(bytes, 1) + Self.page - 1) / Self.page * Self.page
      let memory = Region.shared.take(whole, thenNothing: Self.page)
      pages.append(memory)
      let base = memory.baseAddress.unsafelyUnwrapped
      return base + (whole - used) / alignment * alignment
    }
    let rounded = (bytes + 1 + 15) / 16 * 16
    if rounded > left {
      let memory = Region.shared.take(max((rounded + Self.page - 1) / Self.page, 4) * Self.page, thenNothing: 0)
      pages.append(memory)
      (next, left) = (memory.baseAddress, memory.count)
    }
    let place = next.unsafelyUnwrapped
    next = place + rounded
    left -= rounded
    place.initializeMemory(as: UInt8.self, repeating: Self.filler, count: rounded)
    return place
  }
}

/// Where all of that lies: a stretch of addresses, each used once, so that a stale pointer never points to something new.
final class Region: @unchecked Sendable {
  // Unchecked: a pointer, and a place behind a lock.

  /// Addresses, not memory: 64 GiB.
  private static let bytes = 64 << 30
  static let shared = Region()

  private let base: UnsafeMutableRawPointer
  private let used = Mutex(0)

  private init() {
    let flags = Int32(MAP_PRIVATE) | Int32(MAP_ANONYMOUS) | Int32(MAP_NORESERVE)
    guard let base = mmap(nil, Self.bytes, PROT_NONE, flags, -1, 0), base != MAP_FAILED else {
      fatalError("no addresses left for the checks: \(String(cString: strerror(errno)))")
    }
    self.base = base
  }

  func take(_ bytes: Int, thenNothing gap: Int) -> UnsafeMutableRawBufferPointer {
    let offset = used.withLock { used in
      defer { used += bytes + gap }
      return used
    }
    guard offset + bytes + gap <= Self.bytes, mprotect(base + offset, bytes, PROT_READ | PROT_WRITE) == 0 else {
      fatalError("no memory left for the checks: \(String(cString: strerror(errno)))")
    }
    return UnsafeMutableRawBufferPointer(start: base + offset, count: bytes)
  }
}
