/// The symbols that `dlsym` finds in a library.
struct ELFSymbols {
  /// One entry of the table.
  static let symbolBytes = 24
  /// Most symbols that are looked at.
  private static let maximumSymbols = 1_000_000
  /// Longest name that is kept whole, in bytes; of a longer one its beginning is kept.
  private static let maximumNameBytes = 1_024

  /// Their names, sorted, at most `PluginFile.maximumExports`; the entry's always among them.
  let exports: [String]
  /// How many there are.
  let count: Int

  init(_ image: ELFImage, _ dynamic: ELFDynamic) throws(PluginFileError) {
    guard let address = dynamic.symbols, let total = try ELFSymbolCount.count(image, dynamic) else {
      (exports, count) = ([], 0)
      return
    }
    guard total <= Self.maximumSymbols else {
      throw image.bytes.fault("has \(total) symbols; at most \(Self.maximumSymbols) are allowed")
    }
    guard let offset = image.offset(ofAddress: address, UInt64(total * Self.symbolBytes)) else {
      throw image.bytes.fault("has a malformed symbol table")
    }
    let table = try image.bytes.read(offset, total * Self.symbolBytes)
    var places: [Int] = []
    var entry: Int?
    var count = 0
    for index in 0..<total {
      guard let name = Self.exportedName(table, index * Self.symbolBytes) else { continue }
      count += 1
      if dynamic.names.holds(PluginFile.entrySymbol, at: name) {
        entry = name
      } else if places.count < PluginFile.maximumExports - 1 {
        places.append(name)
      }
    }
    self.count = count
    exports = ((entry.map { [$0] } ?? []) + places).map { Self.name(dynamic.names, $0) }.sorted()
  }

  /// Where the name of an exported symbol is; `nil` for a symbol that is not exported.
  private static func exportedName(_ table: Bytes, _ base: Int) -> Int? {
    guard let name = table.u32(base), let section = table.u16(base + 6), section != 0 else { return nil }
    let binding = table.all[base + 4] >> 4
    let visibility = table.all[base + 5] & 3
    // Global, weak and unique; default and protected.
    guard [1, 2, 10].contains(binding), [0, 3].contains(visibility) else { return nil }
    return Int(name)
  }

  private static func name(_ names: Bytes, _ place: Int) -> String {
    if let text = names.text(place, limit: maximumNameBytes) { return text }
    guard (0..<names.count).contains(place) else { return "(outside of the table of names)" }
    return String(decoding: names.all[place...].prefix(maximumNameBytes), as: UTF8.self) + "…"
  }
}
