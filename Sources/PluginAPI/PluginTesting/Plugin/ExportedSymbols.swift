#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What a shared library exports: its defined global and weak dynamic symbols. Read from the file, by the layouts of
/// `elf.h`; the section table has the number of symbols, which the dynamic section has not.
enum ExportedSymbols {
  /// Largest file that is read, in bytes.
  private static let maximumBytes = 512 * 1_024 * 1_024
  private static let symbolBytes = 24
  private static let sectionBytes = 64

  static func names(of path: String) throws(CaseEnd) -> Set<String> {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .failed("cannot be opened: \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_size >= 64, status.st_size <= maximumBytes else {
      throw .failed("is no shared library: it has \(status.st_size) bytes")
    }
    let size = Int(status.st_size)
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), base != MAP_FAILED else {
      throw .failed("cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { munmap(base, size) }
    return try names(in: UnsafeRawBufferPointer(start: base, count: size))
  }

  private static func names(in bytes: UnsafeRawBufferPointer) throws(CaseEnd) -> Set<String> {
    guard bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]) else {
      throw .failed("is no 64-bit little-endian ELF file")
    }
    let table = Int(clamping: number(bytes, 40, UInt64.self))
    let count = Int(number(bytes, 60, UInt16.self))
    guard table > 0, count > 0, table <= bytes.count - count * sectionBytes else {
      throw .skipped(
        "the file has no section table (stripped with --strip-section-headers?), so its symbols cannot be counted")
    }
    let sections = (0..<count).map { table + $0 * sectionBytes }
    guard let symbols = sections.first(where: { number(bytes, $0 + 4, UInt32.self) == UInt32(SHT_DYNSYM) }) else {
      throw .failed("has no dynamic symbols")
    }
    let link = Int(number(bytes, symbols + 40, UInt32.self))
    guard link < count, let list = part(bytes, symbols), let names = part(bytes, sections[link]) else {
      throw .failed("has a malformed section table")
    }
    return defined(list, names)
  }

  private static func defined(_ list: UnsafeRawBufferPointer, _ names: UnsafeRawBufferPointer) -> Set<String> {
    var found: Set<String> = []
    for place in stride(from: 0, through: list.count - symbolBytes, by: symbolBytes) {
      let binding = list[place + 4] >> 4
      let section = number(list, place + 6, UInt16.self)
      let isGlobal = [UInt8(STB_GLOBAL), UInt8(STB_WEAK), UInt8(STB_GNU_UNIQUE)].contains(binding)
      guard isGlobal, section != UInt16(SHN_UNDEF) else { continue }
      let start = Int(number(list, place, UInt32.self))
      guard start < names.count else { continue }
      found.insert(String(decoding: names[start...].prefix { $0 != 0 }, as: UTF8.self))
    }
    return found
  }

  private static func part(_ bytes: UnsafeRawBufferPointer, _ section: Int) -> UnsafeRawBufferPointer? {
    let offset = Int(clamping: number(bytes, section + 24, UInt64.self))
    let size = Int(clamping: number(bytes, section + 32, UInt64.self))
    guard offset <= bytes.count, size <= bytes.count - offset else { return nil }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + size)])
  }

  private static func number<T: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ type: T.Type
  ) -> T {
    guard offset >= 0, offset + MemoryLayout<T>.size <= bytes.count else { return 0 }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }
}
