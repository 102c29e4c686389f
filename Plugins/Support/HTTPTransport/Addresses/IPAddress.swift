import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// Which protocol it is of.
  public enum Family: Sendable, Hashable {
    /// 32 bits.
    case v4
    /// 128 bits.
    case v6

    /// How many bits an address has.
    var width: Int { self == .v4 ? 32 : 128 }
  }

  /// Which protocol it is of.
  public let family: Family
  /// The address as a number; of IPv4 the lower 32 bits.
  let bits: UInt128

  init(_ family: Family, bits: UInt128) {
    self.family = family
    self.bits = bits
  }

  /// An address of 4 or 16 bytes in network order; nil for another length.
  public init?(bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: family = .v4
    case 16: family = .v6
    default: return nil
    }
    bits = bytes.reduce(0) { $0 << 8 | UInt128($1) }
  }

  /// Reads the usual notation: `192.0.2.1`, `2001:db8::1`. Four decimal numbers only: no octal, no short forms.
  public init?(_ text: String) {
    var buffer = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &buffer) == 1 {
      self.init(bytes: buffer.prefix(4))
    } else if inet_pton(AF_INET6, text, &buffer) == 1 {
      self.init(bytes: buffer)
    } else {
      return nil
    }
  }

  /// Reads the usual notation from C.
  init?(cString text: UnsafePointer<CChar>) {
    var buffer: (UInt64, UInt64) = (0, 0)
    if inet_pton(AF_INET, text, &buffer) == 1 {
      self.init(.v4, bits: UInt128(UInt32(truncatingIfNeeded: UInt64(littleEndian: buffer.0)).byteSwapped))
    } else if inet_pton(AF_INET6, text, &buffer) == 1 {
      self.init(.v6, bits: UInt128(UInt64(bigEndian: buffer.0)) << 64 | UInt128(UInt64(bigEndian: buffer.1)))
    } else {
      return nil
    }
  }

  /// The IPv4 address in an IPv4-mapped one, `::ffff:0:0/96` (RFC 4291, section 2.5.5.2); nil for any other.
  public var mappedIPv4: IPAddress? {
    guard family == .v6, bits >> 32 == 0xFFFF else { return nil }
    return IPAddress(.v4, bits: bits & 0xFFFF_FFFF)
  }

  /// The usual notation.
  public var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if family == .v4 {
      var address = in_addr(s_addr: UInt32(truncatingIfNeeded: bits).bigEndian)
      inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
    } else {
      var halves = (UInt64(bits >> 64).bigEndian, UInt64(truncatingIfNeeded: bits).bigEndian)
      inet_ntop(AF_INET6, &halves, &text, socklen_t(text.count))
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
