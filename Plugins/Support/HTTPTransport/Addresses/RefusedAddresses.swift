/// Addresses that no request from outside may make us reach, unless a sink allows them by name: what is not the
/// public internet (server-side request forgery, OWASP SSRF).
///
/// From IANA's special-purpose registries (RFC 6890 and its updates) and IPv6 forms that carry an IPv4 address, which
/// a gateway may turn into a private one.
public enum RefusedAddresses {
  /// Why an address is refused, and the block.
  public struct Entry: Sendable {
    /// What the block is for.
    public let name: String
    /// The block.
    public let range: AddressRange
  }

  /// Why this address is refused; nil when it is not.
  public static func reason(for address: IPAddress) -> String? {
    for entry in table(address.family) where entry.range.contains(address) { return entry.name }
    return nil
  }

  /// Every refused block.
  public static let all: [Entry] = v4 + v6

  private static func table(_ family: IPAddress.Family) -> [Entry] { family == .v4 ? v4 : v6 }

  private static let v4: [Entry] = entries(
    .v4,
    [
      ("this network", 0x0000_0000, 8), ("private", 0x0A00_0000, 8), ("carrier-grade NAT", 0x6440_0000, 10),
      ("loopback", 0x7F00_0000, 8), ("link-local", 0xA9FE_0000, 16), ("private", 0xAC10_0000, 12),
      ("protocol assignments", 0xC000_0000, 24), ("documentation", 0xC000_0200, 24),
      ("6to4 relay", 0xC058_6300, 24), ("private", 0xC0A8_0000, 16), ("benchmarking", 0xC612_0000, 15),
      ("documentation", 0xC633_6400, 24), ("documentation", 0xCB00_7100, 24), ("multicast", 0xE000_0000, 4),
      ("reserved", 0xF000_0000, 4),
    ])

  private static let v6: [Entry] = entries(
    .v6,
    [
      ("unspecified", 0, 128), ("loopback", 1, 128), ("IPv4-compatible", 0, 96),
      ("IPv4-mapped", 0xFFFF << 32, 96), ("IPv4-translated", 0xFFFF << 48, 96),
      ("NAT64", top(0x0064_FF9B_0000_0000), 96), ("local NAT64", top(0x0064_FF9B_0001_0000), 48),
      ("discard", top(0x0100_0000_0000_0000), 64), ("dummy", top(0x0100_0000_0000_0001), 64),
      // 2001::/23 holds Teredo (2001::/32), benchmarking, ORCHID: none of them an endpoint.
      ("Teredo", top(0x2001_0000_0000_0000), 32), ("protocol assignments", top(0x2001_0000_0000_0000), 23),
      ("documentation", top(0x2001_0DB8_0000_0000), 32), ("6to4", top(0x2002_0000_0000_0000), 16),
      ("documentation", top(0x3FFF_0000_0000_0000), 20), ("segment routing", top(0x5F00_0000_0000_0000), 16),
      ("unique local", top(0xFC00_0000_0000_0000), 7), ("link-local", top(0xFE80_0000_0000_0000), 10),
      ("site-local", top(0xFEC0_0000_0000_0000), 10), ("multicast", top(0xFF00_0000_0000_0000), 8),
    ])

  private static func top(_ half: UInt64) -> UInt128 { UInt128(half) << 64 }

  private static func entries(_ family: IPAddress.Family, _ rows: [(String, UInt128, Int)]) -> [Entry] {
    rows.compactMap { name, bits, length in
      AddressRange(IPAddress(family, bits: bits), prefixLength: length).map { Entry(name: name, range: $0) }
    }
  }
}
