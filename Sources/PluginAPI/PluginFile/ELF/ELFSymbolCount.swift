/// How many symbols a library has. Nothing says so but the hash tables in which the loader looks for them.
enum ELFSymbolCount {
  /// Most buckets and chain entries of a hash table that are looked at.
  private static let maximumEntries = 1_000_000

  /// - Returns: `nil` when there is no hash table, and so nothing can be found.
  static func count(_ image: ELFImage, _ dynamic: ELFDynamic) throws(PluginFileError) -> Int? {
    if let address = dynamic.gnuHash { return try gnu(image, address) }
    if let address = dynamic.hash { return try classic(image, address) }
    return nil
  }

  /// `DT_HASH`: buckets, chain entries (one a symbol), and both arrays.
  private static func classic(_ image: ELFImage, _ address: UInt64) throws(PluginFileError) -> Int {
    guard let offset = image.offset(ofAddress: address, 8), let count = try image.bytes.read(offset, 8).u32(4) else {
      throw malformed(image)
    }
    return Int(count)
  }

  /// `DT_GNU_HASH`: the last chain of the highest bucket ends with the last symbol.
  private static func gnu(_ image: ELFImage, _ address: UInt64) throws(PluginFileError) -> Int {
    guard let room = image.room(atAddress: address), room.bytes >= 16 else { throw malformed(image) }
    let header = try image.bytes.read(room.offset, 16)
    guard let buckets = header.u32(0).map({ Int($0) }), let first = header.u32(4).map({ Int($0) }),
      let words = header.u32(8).map({ Int($0) }), buckets <= maximumEntries, words <= maximumEntries
    else { throw malformed(image) }
    let bucketsAt = 16 + UInt64(words) * 8
    let chainsAt = bucketsAt + UInt64(buckets) * 4
    guard chainsAt <= room.bytes else { throw malformed(image) }
    let table = try image.bytes.read(room.offset + bucketsAt, buckets * 4)
    let highest = (0..<buckets).compactMap { table.u32($0 * 4) }.max().map { Int($0) } ?? 0
    // All buckets are empty: every symbol is somebody else's.
    guard highest >= first, highest > 0 else { return first }
    let rest = min(room.bytes - chainsAt, UInt64(maximumEntries) * 4)
    let chains = try image.bytes.read(room.offset + chainsAt, Int(rest))
    var index = highest
    while let hash = chains.u32((index - first) * 4) {
      index += 1
      if hash & 1 == 1 { return index }
    }
    throw malformed(image)
  }

  private static func malformed(_ image: ELFImage) -> PluginFileError {
    image.bytes.fault("has a malformed symbol hash table")
  }
}
