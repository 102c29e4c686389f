/// Which addresses a session may reach: all but the refused ones, and those of them that it allows by name.
public struct AddressPolicy: Sendable, Hashable {
  /// At most so many ranges in an allow list: each new connection walks it.
  public static let maximumRanges = 256

  /// What is allowed although ``RefusedAddresses`` has it.
  public let allowed: [AddressRange]

  /// No exceptions.
  public static let publicOnly = AddressPolicy(checked: [])

  private init(checked allowed: [AddressRange]) { self.allowed = allowed }

  /// A policy with exceptions.
  ///
  /// - Throws: `invalidRange` for more than ``maximumRanges``.
  public init(allowing ranges: [AddressRange]) throws(HTTPTransportError) {
    guard ranges.count <= Self.maximumRanges else {
      throw HTTPTransportError(.invalidRange, "at most \(Self.maximumRanges) ranges may be allowed")
    }
    allowed = ranges
  }

  /// Why this address must not be reached; nil when it may be. An IPv4-mapped address is what it maps: it takes
  /// a range that has the IPv4 address within, so that `::ffff:169.254.169.254` is no way round.
  public func refusal(of address: IPAddress) -> String? {
    guard let reason = RefusedAddresses.reason(for: address) else { return nil }
    let plain = address.mappedIPv4 ?? address
    for range in allowed where range.contains(plain) { return nil }
    return reason
  }
}
