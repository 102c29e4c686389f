#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The time zones that this system knows.
struct SystemZones: Sendable {
  private static let folder = "/usr/share/zoneinfo/"
  private static let maxTableBytes = 1024 * 1024

  /// Whether the system has a zone database at all; without one a name is believed, and the agent checks it.
  let isInstalled: Bool

  init() { isInstalled = Self.isFile("UTC") || Self.isFile("Etc/UTC") }

  /// Whether there is a zone of this name.
  func has(_ name: String) -> Bool {
    guard CardZone.isZoneName(name) else { return false }
    return isInstalled ? Self.isFile(name) : true
  }

  private static func isFile(_ name: String) -> Bool {
    var status = stat()
    return stat(folder + name, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// All zones that a definition is compared with: those of the Windows table first, as the best known of their rules,
  /// then the others by the system's own table.
  func candidates() -> [String] {
    var seen: Set<String> = []
    let own = WindowsZones.zones.filter { !$0.hasPrefix("Etc/") }
    return (own + Self.table() + Self.fixed).filter { seen.insert($0).inserted && has($0) }
  }

  /// `UTC` and the zones of whole hours, in the order in which a definition without any change meets them.
  static let fixed = ["UTC"] + (1...14).map { "Etc/GMT-\($0)" } + (1...12).map { "Etc/GMT+\($0)" }

  /// The third column of zone1970.tab, or of the older zone.tab.
  private static func table() -> [String] {
    for name in ["zone1970.tab", "zone.tab"] {
      guard let file = try? InputFile(folder + name), let bytes = try? file.readAll(maxBytes: maxTableBytes) else {
        continue
      }
      return bytes.split(separator: Byte.lineFeed).compactMap { line in
        let columns = line.split(separator: Byte.tab)
        guard line.first != UInt8(ascii: "#"), columns.count >= 3 else { return nil }
        return String(decoding: columns[2], as: UTF8.self)
      }
    }
    return []
  }
}
