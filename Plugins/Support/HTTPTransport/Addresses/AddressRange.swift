/// A block of addresses in CIDR notation (RFC 4632).
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
  /// The first address.
  public let base: IPAddress
  /// How many leading bits its addresses share.
  public let prefixLength: Int

  private let mask: UInt128

  /// A block; nil when the prefix is too long, or the base has bits set beyond it.
  public init?(_ base: IPAddress, prefixLength: Int) {
    let width = base.family.width
    guard 0...width ~= prefixLength else { return nil }
    let all = width == 128 ? UInt128.max : (1 << UInt128(width)) - 1
    mask = prefixLength == 0 ? 0 : (all << UInt128(width - prefixLength)) & all
    guard base.bits & mask == base.bits else { return nil }
    self.base = base
    self.prefixLength = prefixLength
  }

  /// Reads `10.0.0.0/8`, `fd00::/8`, or a single address without a prefix.
  ///
  /// - Throws: `invalidRange`, which says what is wrong.
  public init(_ text: String) throws(HTTPTransportError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(String(first)) else {
      throw HTTPTransportError(.invalidRange, "'\(text.prefix(64))' does not begin with an IPv4 or IPv6 address")
    }
    guard address.mappedIPv4 == nil else {
      throw HTTPTransportError(.invalidRange, "'\(text.prefix(64))': write an IPv4-mapped address as IPv4")
    }
    let width = address.family.width
    guard parts.count > 1 else {
      self.init(unchecked: address, prefixLength: width, mask: address.family == .v4 ? 0xFFFF_FFFF : .max)
      return
    }
    guard parts.count == 2, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(parts[1]),
      length <= width
    else {
      throw HTTPTransportError(.invalidRange, "'\(text.prefix(64))': the prefix is a number from 0 to \(width)")
    }
    guard let range = AddressRange(address, prefixLength: length) else {
      throw HTTPTransportError(.invalidRange, "'\(text.prefix(64))' has bits set beyond its prefix")
    }
    self = range
  }

  private init(unchecked base: IPAddress, prefixLength: Int, mask: UInt128) {
    self.base = base
    self.prefixLength = prefixLength
    self.mask = mask
  }

  /// Whether an address lies in the block. The families never mix.
  public func contains(_ address: IPAddress) -> Bool {
    address.family == base.family && address.bits & mask == base.bits
  }

  /// CIDR notation.
  public var description: String { "\(base)/\(prefixLength)" }
}
