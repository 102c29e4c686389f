/// The headers of a 64-bit little-endian shared library. The loader maps what they promise, and a file that is cut
/// short then kills the process (SIGBUS) at the first touch of what is missing.
/// Source: the System V ABI, chapters 4 and 5; layouts as in `elf.h`.
struct ELFImage {
  /// One program header.
  struct Segment {
    var type: UInt32
    var flags: UInt32
    var offset: UInt64
    var address: UInt64
    var fileBytes: UInt64
    var alignment: UInt64
  }

  /// Types of segments.
  enum SegmentType {
    static let load: UInt32 = 1
    static let dynamic: UInt32 = 2
    static let note: UInt32 = 4
    static let stack: UInt32 = 0x6474_e551
  }

  private static let headerBytes = 64
  private static let segmentBytes = 56
  private static let sectionBytes: UInt64 = 64
  private static let maximumSegments = 128
  private static let sharedLibrary: UInt16 = 3
  private static let executable: UInt32 = 1

  let bytes: FileBytes
  let machine: ELFMachine
  let segments: [Segment]

  init(_ bytes: FileBytes) throws(PluginFileError) {
    guard bytes.size >= Self.headerBytes else {
      throw bytes.fault("is no shared library: it has \(bytes.size) bytes only")
    }
    let header = try bytes.read(0, Self.headerBytes)
    guard header.all.starts(with: [0x7f, 0x45, 0x4c, 0x46]) else {
      throw bytes.fault("is no shared library: no ELF file")
    }
    guard header.all[4] == 2, header.all[5] == 1 else { throw bytes.fault("is no 64-bit little-endian ELF file") }
    guard header.u16(16) == Self.sharedLibrary else { throw bytes.fault("is an ELF file, but no shared library") }
    self.bytes = bytes
    machine = ELFMachine(number: header.u16(18) ?? 0)
    segments = try Self.segments(header, bytes)
    try Self.checkSections(header, bytes)
  }

  /// Whether the stack must be executable: a file that says nothing about its stack gets the old default.
  var wantsExecutableStack: Bool {
    guard let stack = segments.first(where: { $0.type == SegmentType.stack }) else { return true }
    return stack.flags & Self.executable != 0
  }

  /// Where in the file a run of loaded bytes is; `nil` unless all of it is inside one loaded segment.
  func offset(ofAddress address: UInt64, _ count: UInt64) -> UInt64? {
    guard let room = room(atAddress: address), count <= room.bytes else { return nil }
    return room.offset
  }

  /// Where in the file an address is, and how many bytes of its segment follow from there.
  func room(atAddress address: UInt64) -> (offset: UInt64, bytes: UInt64)? {
    for segment in segments
    where segment.type == SegmentType.load && address >= segment.address
      && address - segment.address < segment.fileBytes
    {
      let into = address - segment.address
      return (segment.offset + into, segment.fileBytes - into)
    }
    return nil
  }

  private static func segments(_ header: Bytes, _ bytes: FileBytes) throws(PluginFileError) -> [Segment] {
    guard let offset = header.u64(32), let count = header.u16(56).map({ Int($0) }),
      header.u16(54) == UInt16(segmentBytes), (1...maximumSegments).contains(count)
    else { throw bytes.fault("has a malformed program header table") }
    let table = try bytes.read(offset, count * segmentBytes)
    let segments = (0..<count).compactMap { segment(table, $0 * segmentBytes) }
    guard segments.allSatisfy({ bytes.isInside($0.offset, $0.fileBytes) }) else { throw bytes.cutShort }
    guard segments.contains(where: { $0.type == SegmentType.load }) else { throw bytes.fault("has nothing to load") }
    return segments
  }

  private static func segment(_ table: Bytes, _ base: Int) -> Segment? {
    guard let type = table.u32(base), let flags = table.u32(base + 4), let offset = table.u64(base + 8),
      let address = table.u64(base + 16), let fileBytes = table.u64(base + 32), let alignment = table.u64(base + 48)
    else { return nil }
    return Segment(
      type: type, flags: flags, offset: offset, address: address, fileBytes: fileBytes, alignment: alignment)
  }

  /// The section table may be missing (a stripped file); one that is promised and not there shows a file cut short.
  private static func checkSections(_ header: Bytes, _ bytes: FileBytes) throws(PluginFileError) {
    guard let offset = header.u64(40), let count = header.u16(60), offset != 0, count != 0 else { return }
    guard bytes.isInside(offset, UInt64(count) * sectionBytes) else { throw bytes.cutShort }
  }
}
