/// The dynamic section: what the loader is told.
struct ELFDynamic {
  private enum Tag {
    static let end: UInt64 = 0
    static let needed: UInt64 = 1
    static let hash: UInt64 = 4
    static let names: UInt64 = 5
    static let symbols: UInt64 = 6
    static let namesBytes: UInt64 = 10
    static let symbolBytes: UInt64 = 11
    static let soname: UInt64 = 14
    static let rpath: UInt64 = 15
    static let runpath: UInt64 = 29
    static let gnuHash: UInt64 = 0x6fff_fef5
  }

  /// Largest dynamic section, in bytes: 4,096 entries.
  private static let maximumBytes: UInt64 = 65_536
  /// Largest dynamic string table, in bytes.
  private static let maximumNamesBytes: UInt64 = 64 * 1_024 * 1_024
  /// Longest name of a library, and longest list of folders, in bytes.
  private static let maximumTextBytes = 4_096

  /// The dynamic string table.
  let names: Bytes
  /// Libraries that it needs.
  let needed: [String]
  let soname: String?
  let runPaths: [String]
  /// Address of the symbol table.
  let symbols: UInt64?
  /// Addresses of the two kinds of hash tables.
  let hash: UInt64?
  let gnuHash: UInt64?

  init(_ image: ELFImage) throws(PluginFileError) {
    let malformed = image.bytes.fault("has a malformed dynamic section")
    let sections = image.segments.filter { $0.type == ELFImage.SegmentType.dynamic }
    guard let section = sections.first else { throw image.bytes.fault("has no dynamic section") }
    guard sections.count == 1, section.fileBytes <= Self.maximumBytes else { throw malformed }
    let entries = try Self.entries(image.bytes.read(section.offset, Int(section.fileBytes)))
    func last(_ tag: UInt64) -> UInt64? { entries.last { $0.tag == tag }?.value }

    guard let address = last(Tag.names), let count = last(Tag.namesBytes), count <= Self.maximumNamesBytes,
      let offset = image.offset(ofAddress: address, count)
    else { throw malformed }
    // Another size of symbols would be another format.
    if let bytes = last(Tag.symbolBytes), bytes != UInt64(ELFSymbols.symbolBytes) { throw malformed }
    let names = try image.bytes.read(offset, Int(count))
    func texts(_ tags: UInt64...) throws(PluginFileError) -> [String] {
      var texts: [String] = []
      for entry in entries where tags.contains(entry.tag) {
        guard let at = Int(exactly: entry.value), let text = names.text(at, limit: Self.maximumTextBytes) else {
          throw malformed
        }
        texts.append(text)
      }
      return texts
    }
    self.names = names
    needed = try texts(Tag.needed)
    soname = try texts(Tag.soname).last
    runPaths = try texts(Tag.rpath, Tag.runpath).flatMap { $0.split(separator: ":").map { String($0) } }
    symbols = last(Tag.symbols)
    hash = last(Tag.hash)
    gnuHash = last(Tag.gnuHash)
  }

  private static func entries(_ bytes: Bytes) -> [(tag: UInt64, value: UInt64)] {
    var entries: [(tag: UInt64, value: UInt64)] = []
    for base in stride(from: 0, through: bytes.count - 16, by: 16) {
      guard let tag = bytes.u64(base), let value = bytes.u64(base + 8), tag != Tag.end else { break }
      entries.append((tag, value))
    }
    return entries
  }
}
