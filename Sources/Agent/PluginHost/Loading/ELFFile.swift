#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// What must be true of a shared library before the dynamic loader may touch it. The loader maps what the headers
/// promise, and a file that is cut short then kills the process (SIGBUS) at the first touch of what is missing.
/// Source: the System V ABI, chapters 4 and 5; layouts as in `elf.h`.
struct ELFFile {
  private static let headerBytes = 64
  private static let segmentBytes = 56
  private static let sectionBytes = 64
  private static let maximumSegments = 128
  /// Largest dynamic string table that is searched, in bytes.
  private static let maximumNamesBytes: UInt64 = 64 * 1_024 * 1_024

  private struct Segment {
    var type: UInt32
    var offset: UInt64
    var address: UInt64
    var fileBytes: UInt64
  }

  private let file: Int32
  private let path: String
  private let size: UInt64

  /// Checks an open file.
  /// - Throws: `.notALibrary` or `.missingSymbol`, saying what is wrong.
  static func check(_ file: Int32, path: String, size: UInt64) throws(PluginHostError) {
    try ELFFile(file: file, path: path, size: size).check()
  }

  private func check() throws(PluginHostError) {
    guard size >= Self.headerBytes else { throw fault("is no shared library: it has \(size) bytes only") }
    let header = try read(0, Self.headerBytes)
    guard header.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else { throw fault("is no shared library: no ELF file") }
    guard header[4] == 2, header[5] == 1 else { throw fault("is no 64-bit little-endian ELF file") }
    guard Self.u16(header, 16) == UInt16(ET_DYN) else { throw fault("is an ELF file, but no shared library") }
    guard Self.u16(header, 18) == Self.machine else {
      throw fault("is for machine type \(Self.u16(header, 18)), this one is \(Self.machine)")
    }
    let segments = try segments(header)
    try checkSections(header)
    try checkSymbol(segments)
  }

  private func segments(_ header: [UInt8]) throws(PluginHostError) -> [Segment] {
    let offset = Self.u64(header, 32)
    let count = Int(Self.u16(header, 56))
    guard Self.u16(header, 54) == Self.segmentBytes, (1...Self.maximumSegments).contains(count) else {
      throw fault("has a malformed program header table")
    }
    guard isInside(offset, UInt64(count * Self.segmentBytes)) else { throw cutShort }
    let table = try read(offset, count * Self.segmentBytes)
    let segments = (0..<count).map { index in
      let base = index * Self.segmentBytes
      return Segment(
        type: Self.u32(table, base), offset: Self.u64(table, base + 8), address: Self.u64(table, base + 16),
        fileBytes: Self.u64(table, base + 32))
    }
    guard segments.allSatisfy({ isInside($0.offset, $0.fileBytes) }) else { throw cutShort }
    guard segments.contains(where: { $0.type == UInt32(PT_LOAD) }) else { throw fault("has nothing to load") }
    return segments
  }

  /// The section table may be missing (a stripped file); one that is promised and not there shows a file cut short.
  private func checkSections(_ header: [UInt8]) throws(PluginHostError) {
    let offset = Self.u64(header, 40)
    let count = UInt64(Self.u16(header, 60))
    guard offset != 0, count != 0 else { return }
    guard isInside(offset, count * UInt64(Self.sectionBytes)) else { throw cutShort }
  }

  /// Looks for the entry's name in the dynamic string table, so that a library which is no plugin is not even loaded:
  /// loading runs its constructors.
  private func checkSymbol(_ segments: [Segment]) throws(PluginHostError) {
    guard let dynamic = segments.first(where: { $0.type == UInt32(PT_DYNAMIC) }) else {
      throw fault("has no dynamic section")
    }
    guard dynamic.fileBytes <= 65_536 else { throw fault("has a malformed dynamic section") }
    let entries = try read(dynamic.offset, Int(dynamic.fileBytes))
    var names: UInt64?
    var namesBytes: UInt64?
    for base in stride(from: 0, through: entries.count - 16, by: 16) {
      switch Int64(bitPattern: Self.u64(entries, base)) {
      case Int64(DT_STRTAB): names = Self.u64(entries, base + 8)
      case Int64(DT_STRSZ): namesBytes = Self.u64(entries, base + 8)
      default: break
      }
    }
    guard let names, let namesBytes, namesBytes <= Self.maximumNamesBytes,
      let home = segments.first(where: {
        $0.type == UInt32(PT_LOAD) && names >= $0.address && names - $0.address < $0.fileBytes
      }), namesBytes <= home.fileBytes - (names - home.address)
    else { throw fault("has a malformed dynamic section") }
    let table = try read(home.offset + (names - home.address), Int(namesBytes))
    guard Self.contains(table, "carillon_plugin_v1") else {
      throw PluginHostError(.missingSymbol, "\(path) is no plugin: it does not export carillon_plugin_v1")
    }
  }

  /// Whether a string table holds a name. A linker lets a name share the end of a longer one, so that only the byte
  /// after it is known to be 0.
  private static func contains(_ table: [UInt8], _ name: StaticString) -> Bool {
    let length = name.utf8CodeUnitCount + 1
    return table.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, bytes.count >= length else { return false }
      return (0...(bytes.count - length)).contains { memcmp(base + $0, name.utf8Start, length) == 0 }
    }
  }

  private func isInside(_ offset: UInt64, _ count: UInt64) -> Bool {
    let (end, overflow) = offset.addingReportingOverflow(count)
    return !overflow && end <= size
  }

  private func fault(_ what: String) -> PluginHostError { PluginHostError(.notALibrary, "\(path) \(what)") }

  private var cutShort: PluginHostError { fault("is cut short: its headers name parts beyond its \(size) bytes") }

  private func read(_ offset: UInt64, _ count: Int) throws(PluginHostError) -> [UInt8] {
    guard isInside(offset, UInt64(count)) else { throw cutShort }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(file, buffer.baseAddress?.advanced(by: done), count - done, Int(offset) + done)
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw cutShort }
      done += got
    }
    return bytes
  }

  private static var machine: UInt16 {
    #if arch(x86_64)
      UInt16(EM_X86_64)
    #elseif arch(arm64)
      UInt16(EM_AARCH64)
    #else
      UInt16(EM_NONE)
    #endif
  }

  private static func u16(_ bytes: [UInt8], _ at: Int) -> UInt16 { UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8 }

  private static func u32(_ bytes: [UInt8], _ at: Int) -> UInt32 {
    UInt32(u16(bytes, at)) | UInt32(u16(bytes, at + 2)) << 16
  }

  private static func u64(_ bytes: [UInt8], _ at: Int) -> UInt64 {
    UInt64(u32(bytes, at)) | UInt64(u32(bytes, at + 4)) << 32
  }
}
